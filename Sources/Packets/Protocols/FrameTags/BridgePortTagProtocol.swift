extension ProtocolDescription {
    static let bridgePortTag = ProtocolDescription(
        .bridgePortTag, "etag", "802.1BR E-Tag", role: .link,
        attachments: [
            .etherType(.bridgePortTag)
        ],
        traits: [.namesEtherType],
        dissect: { FrameTag.dissect($0, &$1, &$2, as: .bridgePortTag, length: 8) })
}

extension EtherType {
    /// IEEE 802.1BR's E-Tag, which names a port of a bridge's extension.
    public static let bridgePortTag = EtherType(rawValue: 0x893f)
}
