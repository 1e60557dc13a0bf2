extension ProtocolDescription {
    static let frameRelay = ProtocolDescription(
        .frameRelay, "fr", "Frame Relay", role: .link,
        attachments: [
            .linkType(.frameRelay),
            .greProtocol(0x6559),
        ],
        dissect: FrameRelayFrame.dissect,
        fields: FrameRelayFields.all.fields)
}

extension LinkType {
    /// Frame relay (LINKTYPE_FRELAY).
    public static let frameRelay = LinkType(rawValue: 107)
}
