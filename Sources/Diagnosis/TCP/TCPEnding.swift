import Addressing
import Conversations
import Packets

/// How a connection ended, as events.
enum TCPEnding {
    static func events(
        _ conversation: Conversation, reset: StoryEvent?, hasICMPError: Bool, acknowledgments: [Finding.Side: Int],
        last: (packet: Int, time: Timestamp)
    ) -> [StoryEvent] {
        guard let connection = conversation.connection else { return [] }
        let handshake = connection.handshake
        var events: [StoryEvent] = []
        if let closing = closing(connection, reset, acknowledgments, last.time) { events.append(closing) }
        if let reset {
            events.append(reset)
        } else if let syn = handshake.syn, handshake.synACK == nil, handshake.crossingSYN == nil, events.isEmpty {
            // The error says it already.
            if hasICMPError || handshake.challenge != nil || handshake.strayReset != nil { return events }
            let packets = PacketNumbers([syn.number] + handshake.repeatedSYNs.map(\.number))
            let end = handshake.repeatedSYNs.last?.time ?? syn.time
            events.append(
                StoryEvent(
                    .unanswered(isGroup: false), by: .client, packets, at: syn.time,
                    duration: end.elapsed(since: syn.time)))
        } else if events.isEmpty, !connection.beginsWithProbe,
            handshake.synACK == nil || handshake.ack != nil || handshake.laterACK != nil
        {
            let kind =
                connection.successor.map { StoryEvent.Kind.replaced(packet: $0.packet, stream: $0.stream) }
                ?? .stillOpen
            events.append(
                StoryEvent(kind, by: nil, PacketNumbers(connection.successor?.packet ?? last.packet), at: last.time))
        }
        return events
    }

    private static func closing(
        _ connection: TCPConnection, _ reset: StoryEvent?, _ acknowledgments: [Finding.Side: Int], _ end: Timestamp
    ) -> StoryEvent? {
        guard let first = connection.firstToClose, !connection.beginsWithProbe else { return nil }
        let side: Finding.Side = first == connection.client.endpoint ? .client : .server
        let (early, late) =
            side == .client ? (connection.client, connection.server) : (connection.server, connection.client)
        guard let fin = early.finPacket else { return nil }
        guard let answer = late.finPacket else {
            // With a RST behind it, that says how it ended.
            return reset == nil ? StoryEvent(.halfClosed, by: side, PacketNumbers(fin), at: end) : nil
        }
        // A simultaneous close leaves both in TIME-WAIT, or in CLOSING while an acknowledgment is missing.
        let simultaneous = late.state == .closing || late.state == .timeWait
        let last = acknowledgments[side.other]
        let confirmed = last != nil && acknowledgments[side] != nil
        var waits: [Finding.Side] = []
        if connection.client.state == .timeWait { waits.append(.client) }
        if connection.server.state == .timeWait { waits.append(.server) }
        return StoryEvent(
            .closed(StoryEvent.ClosingOrder(isSimultaneous: simultaneous, isConfirmed: confirmed, waits: waits)),
            by: side,
            PacketNumbers([fin, answer, last].compactMap(\.self)), at: end)
    }
}
