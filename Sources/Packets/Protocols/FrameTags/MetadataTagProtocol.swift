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
    public static let metadataTag = EtherType(rawValue: 0x8909)
}
