/// Bridged frames (RFC 3518 section 4.2): flags and MAC type. Flag 0x80 says that the frame ends with its checksum,
/// flag 0x10 that this is no frame but bridges' own business, the low four bits how many bytes of padding are
/// behind the frame.
enum BridgedPPPFrame {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(2) else { return cursor.cut(.bridgedPPP, required: 2, &layers) }
        let flags = record.uint8(at: cursor.start)
        let type = record.uint8(at: cursor.start &+ 1)
        cursor.add(.bridgedPPP, header: 2, to: &layers)
        let padding = Int(flags & 0x0f)
        if flags & 0x10 != 0 || padding > cursor.claimed { return .data }
        cursor.dropTrailer(padding)
        if flags & 0x80 != 0 { cursor.checkLength = 4 }
        return type == 1 ? .linkType(.ethernet) : .data
    }
}

extension ProtocolDescription {
    static let bridgedPPP = ProtocolDescription(
        .bridgedPPP, "bcp_bpdu", "PPP Bridging Control Protocol Bridged PDU", role: .link,
        attachments: [
            .pppProtocol(0x0031)
        ],
        traits: [.claimsRest],
        dissect: BridgedPPPFrame.dissect)
}
