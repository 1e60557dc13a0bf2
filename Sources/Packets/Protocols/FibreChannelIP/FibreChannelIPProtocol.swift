/// IP over fibre channel (RFC 2625): two network addresses of eight bytes, then LLC.
enum FibreChannelIPHeader {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange])
        -> Handoff
    {
        guard cursor.has(16) else { return cursor.cut(.fibreChannelIP, required: 16, &layers) }
        cursor.add(.fibreChannelIP, header: 16, to: &layers)
        return .frame(.logicalLink)
    }
}

extension ProtocolDescription {
    static let fibreChannelIP = ProtocolDescription(
        .fibreChannelIP, "ipfc", "IP Over FC", role: .link,
        attachments: [
            .linkType(.ipOverFibreChannel)
        ],
        dissect: FibreChannelIPHeader.dissect)
}

extension LinkType {
    /// IP over fibre channel (RFC 2625).
    public static let ipOverFibreChannel = LinkType(rawValue: 122)
}
