extension ProtocolDescription {
    static let ethernet = ProtocolDescription(
        .ethernet, "eth", "Ethernet II", role: .link,
        attachments: [
            .linkType(.ethernet),
            .etherType(.transparentBridging),
            .ipProtocol(.ethernet),
            .greProtocol(EtherType.transparentBridging.rawValue, 0x6400),
            // ERSPAN's first version has no header, which shows in the missing sequence number.
            .greProtocol(0x88be, hasSequence: false),
            .udpPort(12220),  // LWAPP's frames of a wired network
        ],
        traits: [.endsWithHeader, .namesEtherType],
        dissect: EthernetFrame.dissect,
        fields: EthernetFields.all.fields,
        link: EthernetLine.link,
        titleWords: EthernetLine.title,
        box: { _ in
            HeaderLayout(
                EthernetFields.all.fields,
                [
                    .field("eth.dst"),
                    .field("eth.src"),
                    .field("eth.type"),
                ])
        })
}

extension LinkType {
    /// Ethernet without preamble and, mostly, without the frame check sequence (LINKTYPE_ETHERNET).
    @inlinable public static var ethernet: LinkType { LinkType(rawValue: 1) }
}

extension EtherType {
    /// A whole Ethernet frame (RFC 1701).
    public static let transparentBridging = EtherType(rawValue: 0x6558)
}

extension IPProtocol {
    /// A whole Ethernet frame (RFC 8986 section 10.1).
    public static let ethernet = IPProtocol(rawValue: 143)
}
