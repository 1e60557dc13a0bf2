/// The channel beside a pseudowire's frames, for tests of it (RFC 4385 section 5): the first four bits are 1, and
/// the last two bytes say what follows.
enum AssociatedChannelHeader {
    static let length = 4

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.associatedChannel, required: length, &layers) }
        let type = record.uint16(at: cursor.start &+ 2)
        cursor.add(.associatedChannel, header: length, to: &layers)
        return .channelType(type)
    }
}

extension ProtocolDescription {
    static let associatedChannel = ProtocolDescription(
        .associatedChannel, "pwach", "PW Associated Channel Header", role: .link,
        attachments: [
            .frame(.associatedChannel)
        ],
        dissect: AssociatedChannelHeader.dissect,
        fields: MPLSFields.channel.fields)
}
