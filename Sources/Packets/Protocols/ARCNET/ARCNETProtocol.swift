/// ARCNET (RFC 1201): source, destination, system code, then for long packets a split flag and a sequence number. Linux
/// writes two bytes of offset between (LINKTYPE_ARCNET_LINUX).
enum ARCNETFrame {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange], hasOffset: Bool)
        -> Handoff
    {
        let code = hasOffset ? 4 : 2
        guard cursor.has(code &+ 1) else { return cursor.cut(.arcnet, required: code &+ 1, &layers) }
        let system = record.uint8(at: cursor.start &+ code)
        var length = code &+ 1
        if !isUnfragmented(system) {
            guard cursor.has(length &+ 1) else { return cursor.cut(.arcnet, required: length &+ 1, &layers) }
            // An exception packet repeats itself behind four bytes.
            if !hasOffset, record.uint8(at: cursor.start &+ length) == 0xff { length &+= 4 }
            length &+= 3
        }
        guard cursor.has(length) else { return cursor.cut(.arcnet, required: length, &layers) }
        cursor.add(.arcnet, header: length, to: &layers)
        switch system {
        case 212, 240: return .linkType(.ipv4)
        case 213, 214, 241: return .etherType(.arp)
        case 196: return .linkType(.ipv6)
        default: return .stop(.unsupported(after: .arcnet, number: UInt32(system)))
        }
    }

    /// RFC 1051's IP and ARP, diagnosis and BACnet: their packets are never split.
    private static func isUnfragmented(_ system: UInt8) -> Bool {
        switch system {
        case 128, 205, 240, 241: true
        default: false
        }
    }
}

extension ProtocolDescription {
    static let arcnet = ProtocolDescription(
        .arcnet, "arcnet", "ARCNET", role: .link,
        attachments: [
            .linkType(.arcnet),
            .linkType(.arcnetLinux, via: { ARCNETFrame.dissect($0, &$1, &$2, hasOffset: true) }),
        ],
        dissect: { ARCNETFrame.dissect($0, &$1, &$2, hasOffset: false) },
        fields: [
            .at(0, "arcnet.src", .hex(bits: 8), "Source"),
            .at(1, "arcnet.dst", .hex(bits: 8), "Destination"),
        ])
}

extension LinkType {
    /// ARCNET as BSD captures it: the system code follows the addresses.
    public static let arcnet = LinkType(rawValue: 7)
    /// ARCNET as Linux captures it, with two bytes of offset before the system code.
    public static let arcnetLinux = LinkType(rawValue: 129)
}
