import Addressing
import Conversations
import Packets

/// The story of one pair of UDP endpoints. UDP itself knows no opening, no answer and no end: who asks, by what the
/// first datagram says or by the ports, is called the client, and what the other end sent the answer.
struct UDPStory: Sendable {
    let client: Endpoint
    let server: Endpoint
    private var account: ConversationAccount
    private var turns = StoryTurns()
    private var marks = StoryMarks()
    private let firstPacket: Int
    private var last: (packet: Int, time: Timestamp)
    private var packets: PacketNumbers
    /// Whether a detector tells what was asked and answered: in DHCP answers go to other addresses than questions
    /// came from, so that these endpoints alone say nothing of it.
    private let isToldElsewhere: Bool

    init(first packet: ObservedPacket, words: borrowing StoryWords) {
        isToldElsewhere = words.dhcp != nil
        (client, server) = packet.ends
        account = ConversationAccount(client: client)
        firstPacket = packet.number
        last = (packet.number, packet.time)
        packets = PacketNumbers()
    }

    mutating func take(_ packet: ObservedPacket, words: borrowing StoryWords) {
        account.add(packet)
        last = (packet.number, packet.time)
        packets.add(packet.number)
        let side: Finding.Side = packet.source == client ? .client : .server
        turns.add(
            fresh: UInt64(max(0, packet.payloadLength)), by: side, end: nil, packet: packet.number, time: packet.time,
            words: words)
    }

    mutating func take(_ refusal: ICMPRefusal, at time: Timestamp) {
        marks.add(.icmpError, .icmp(refusal), by: nil, packet: refusal.packet, at: time)
        last = (refusal.packet, time)
    }

    /// Everything that happened, in order.
    var events: [StoryEvent] {
        var events = (turns.all + marks.events).enumerated().sorted {
            $0.element.time != $1.element.time ? $0.element.time < $1.element.time : $0.offset < $1.offset
        }.map(\.element)
        let start = account.firstTime ?? last.time
        if account.fromServer.packets == 0, account.packets > 0, marks.events.isEmpty, !isToldElsewhere {
            let range = server.address.kind.category
            events.append(
                StoryEvent(
                    .unanswered(isGroup: range == .multicast || range == .broadcast), by: .client, packets, at: start,
                    duration: account.duration))
        }
        events.append(
            StoryEvent(
                .total(account), by: nil, PacketNumbers(firstPacket, last.packet), at: start, duration: account.duration
            ))
        return events
    }
}
