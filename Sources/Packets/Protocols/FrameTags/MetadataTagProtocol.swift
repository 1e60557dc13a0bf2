extension ProtocolDescription {
    static let metadataTag = ProtocolDescription(
        .metadataTag, "cmd", "Cisco MetaData", role: .link,
        attachments: [
            .etherType(.metadataTag)
        ],
        traits: [.namesEtherType],
        dissect: { FrameTag.dissect($0, &$1, &$2, as: .metadataTag, length: 8) })
}

extension EtherType {
    /// Cisco MetaData, which carries a security group.
    public static let metadataTag = EtherType(rawValue: 0x8909)
}
