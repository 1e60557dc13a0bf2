extension ProtocolDescription {
    static let virtualNICTag = ProtocolDescription(
        .virtualNICTag, "vntag", "VN-Tag", role: .link,
        attachments: [
            .etherType(.virtualNICTag)
        ],
        traits: [.namesEtherType],
        dissect: { FrameTag.dissect($0, &$1, &$2, as: .virtualNICTag, length: 6) })
}

extension EtherType {
    /// Cisco's VN-Tag, which names a virtual machine's interface.
    public static let virtualNICTag = EtherType(rawValue: 0x8926)
}
