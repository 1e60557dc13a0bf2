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
        fields: STUNFields.all.fields,
        line: .words(STUNSummary.summarize))

    private static func isLikely(over transport: Transport) -> Attachment.Acceptance {
        { record, cursor, isOpening in
            !isOpening && STUNMessage.isLikely(record, cursor.start, cursor.end, cursor.claimedEnd, over: transport)
        }
    }
}
