/// The fields of a PPP frame.
enum PPPFields {
    static let all = ProtocolFields(
        .ppp, "ppp", "Point-to-Point Protocol",
        [
            .at(0, "ppp.address", .hex(bits: 8), "Address") { $0.uint8(at: 0) == 0xff },
            .at(1, "ppp.control", .hex(bits: 8), "Control") { $0.uint8(at: 0) == 0xff },
            .of(PPPFrame.self, "ppp.protocol", .hex(bits: 16), "Protocol") { .unsigned(UInt64($0.protocolNumber)) },
        ])
}
