extension ProtocolDescription {
    static let hsrTag = ProtocolDescription(
        .hsrTag, "hsr", "High-availability Seamless Redundancy (IEC62439 Part 3)", role: .link,
        attachments: [
            .etherType(.hsrTag)
        ],
        dissect: { FrameTag.dissect($0, &$1, &$2, as: .hsrTag, length: 6) })
}

extension EtherType {
    /// High-availability Seamless Redundancy (IEC 62439-3): frames go around a ring both ways.
    public static let hsrTag = EtherType(rawValue: 0x892f)
}
