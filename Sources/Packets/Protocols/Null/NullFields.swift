/// The fields of a BSD loopback header.
enum NullFields {
    static let all = ProtocolFields(
        .null, "null", "Null/Loopback",
        [
            .of(NullHeader.self, "null.family", .unsigned(bits: 32), "Address family") { .unsigned(UInt64($0.family)) }
        ])
}
