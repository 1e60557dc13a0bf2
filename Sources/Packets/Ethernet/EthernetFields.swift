/// The fields of an Ethernet frame.
enum EthernetFields {
    static let all = ProtocolFields(.ethernet, "eth", "Ethernet II", [
        .of(EthernetFrame.self, "eth.dst", .mac, "Destination address") { .mac($0.destination) },
        .of(EthernetFrame.self, "eth.src", .mac, "Source address") { .mac($0.source) },
        .of(EthernetFrame.self, "eth.type", .hex(bits: 16), "Type") { .unsigned(UInt64($0.etherType.rawValue)) },
    ])
}
