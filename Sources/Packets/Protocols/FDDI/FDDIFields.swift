/// The fields of an FDDI frame.
enum FDDIFields {
    static let all = ProtocolFields(
        .fddi, "fddi", "Fiber Distributed Data Interface",
        [
            .at(0, "fddi.fc", .hex(bits: 8), "Frame control"),
            .at(1, "fddi.dst", .mac, "Destination"),
            .at(7, "fddi.src", .mac, "Source"),
        ])
}
