/// Multilink (RFC 1990 section 3): a fragment with its sequence number; one that is first and last is a whole
/// frame.
enum MultilinkPPPFragment {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange])
        -> Handoff
    {
        guard cursor.has(4) else { return cursor.cut(.multilinkPPP, required: 4, &layers) }
        let flags = record.uint8(at: cursor.start)
        cursor.add(.multilinkPPP, header: 4, to: &layers)
        cursor.claimedEnd = cursor.end  // a bundle is put together from what was captured
        return flags & 0xc0 == 0xc0 ? .frame(.ppp) : .stop(.fragment(.multilinkPPP))
    }
}

extension ProtocolDescription {
    static let multilinkPPP = ProtocolDescription(
        .multilinkPPP, "mp", "PPP Multilink Protocol", role: .link,
        attachments: [
            .pppProtocol(0x003d)
        ],
        traits: [.claimsRest],
        dissect: MultilinkPPPFragment.dissect)
}
