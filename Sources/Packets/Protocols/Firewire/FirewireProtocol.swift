/// Apple's IP over IEEE 1394: two addresses of eight bytes and an EtherType.
enum FirewireHeader {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(18) else { return cursor.cut(.firewire, required: 18, &layers) }
        let type = EtherType(rawValue: record.uint16(at: cursor.start &+ 16))
        cursor.add(.firewire, header: 18, to: &layers)
        return .etherType(type)
    }
}

extension ProtocolDescription {
    static let firewire = ProtocolDescription(
        .firewire, "ap1394", "Apple IP-over-IEEE 1394", role: .link,
        attachments: [
            .linkType(.appleIPOverIEEE1394)
        ],
        dissect: FirewireHeader.dissect)
}

extension LinkType {
    /// IP over FireWire, with Apple's header (LINKTYPE_APPLE_IP_OVER_IEEE1394).
    public static let appleIPOverIEEE1394 = LinkType(rawValue: 138)
}
