extension ProtocolDescription {
    static let redundancyTag = ProtocolDescription(
        .redundancyTag, "ieee8021cb", "802.1CB R-TAG", role: .link,
        attachments: [
            .etherType(.redundancyTag)
        ],
        traits: [.namesEtherType],
        dissect: { FrameTag.dissect($0, &$1, &$2, as: .redundancyTag, length: 6) })
}

extension EtherType {
    /// IEEE 802.1CB.
    public static let redundancyTag = EtherType(rawValue: 0xf1c1)
}
