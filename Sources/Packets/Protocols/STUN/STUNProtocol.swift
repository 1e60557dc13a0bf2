import Addressing

extension ProtocolDescription {
    static let stun = ProtocolDescription(
        .stun, "stun", "Session Traversal Utilities for NAT", role: .application,
        attachments: [
            // STUN shares its port with what it opens.
            .udpPort(3478, accepts: isLikely(over: .udp)), .tcpPort(3478, accepts: isLikely(over: .tcp)),
            .content(over: .udp, .certain, looksLike: isLikely(over: .udp)),
            .content(over: .tcp, looksLike: isLikely(over: .tcp)),
        ],
        dissect: STUNMessage.dissect,
        asks: { message in
            // The class: 0 request, 1 indication, 2 success, 3 error (RFC 8489 section 5).
            guard message.byteCount >= 2 else { return nil }
            let kind = message.uint16(at: 0)
            return switch kind >> 7 & 2 | kind >> 4 & 1 {
            case 0: true
            case 1: nil
            default: false
            }
        },
        fields: STUNFields.all.fields,
        line: .words(STUNSummary.summarize))

    private static func isLikely(over transport: Transport) -> Attachment.Acceptance {
        { record, cursor, isOpening in
            !isOpening && STUNMessage.isLikely(record, cursor.start, cursor.end, cursor.claimedEnd, over: transport)
        }
    }
}
