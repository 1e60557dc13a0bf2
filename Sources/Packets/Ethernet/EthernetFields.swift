/// The fields of an Ethernet frame.
enum EthernetFields {
    static let all = ProtocolFields(.ethernet, "eth", "Ethernet II", [
        .at(0, "eth.dst", .mac, "Destination address", needed: 14),
        .at(6, "eth.src", .mac, "Source address", needed: 14),
        .at(12, "eth.type", .hex(bits: 16), "Type") { EtherType(rawValue: $0.uint16(at: 12)).isType },
        .at(12, "eth.len", .unsigned(bits: 16), "Length") {
            1...EtherType.lastLength ~= $0.uint16(at: 12)
        },
    ])
}
