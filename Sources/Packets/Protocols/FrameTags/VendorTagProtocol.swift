extension ProtocolDescription {
    static let vendorTag = ProtocolDescription(
        .vendorTag, "vendortag", "A vendor's frame tag", role: .link,
        attachments: [
            .etherType(.huaweiTag)
        ],
        dissect: { FrameTag.dissect($0, &$1, &$2, as: .vendorTag, length: 8) })
}

extension EtherType {
    /// A tag of Huawei's.
    public static let huaweiTag = EtherType(rawValue: 0x8988)
}
