import Addressing
import Conversations
import Sockets
import Timeline

/// Nagle's algorithm (RFC 9293 section 3.7.4) against delayed acknowledgments (RFC 1122 section 4.2.3.2): a small
/// segment waits for the ACK of the one before, and that ACK waits for more data. No call fails, and each exchange
/// takes tens of milliseconds.
enum DelayedAcknowledgments {
    /// An ACK that comes alone and so late was delayed; Linux waits 40 ms at least, other systems up to 500 ms.
    private static let late: ClosedRange<Int64> = 25_000_000...550_000_000
    /// What waited for it leaves at once.
    private static let atOnce: Int64 = 25_000_000

    private struct Hold {
        let data: ObservedPacket
        let acknowledgment: ObservedPacket
        let next: ObservedPacket
        var wait: Int64 { acknowledgment.time.nanoseconds(since: data.time) }
    }

    static func findings(_ run: RunEvidence) -> [Finding] {
        run.conversations.filter { $0.transport == .tcp }.flatMap { conversation in
            [(conversation.client, conversation.server), (conversation.server, conversation.client)].compactMap {
                finding(conversation, sender: $0, receiver: $1, run)
            }
        }
    }

    private static func finding(
        _ conversation: Conversation, sender: Endpoint, receiver: Endpoint, _ run: RunEvidence
    ) -> Finding? {
        let sends = run.calls(at: sender, towards: receiver).filter(\.name.sends).sorted { $0.id < $1.id }
        let isEager = run.calls(at: sender, towards: receiver).contains {
            $0.name == .setsockopt && $0.has("TCP_NODELAY")
        }
        guard let call = sends.first, !isEager else { return nil }
        let holds = holds(conversation, sender).filter { hasWaited($0, conversation, sender, sends) }
        guard let first = holds.first else { return nil }
        let total = holds.reduce(Int64(0)) { sum, hold in sum + hold.wait }
        let usual = total / Int64(holds.count)
        let small: Sentence =
            """
            the small segment before it (\(.packet(first.data.number)), ACK in \
            \(.packet(first.acknowledgment.number)), \(.duration(first.wait)) later)
            """
        let sentence: Sentence =
            """
            No call failed, and still \(.program(call.end)) waited \(.times(holds.count)), about \(.duration(usual)) \
            each: what it gave to \(.name(call.name.rawValue))() left (\(.packet(first.next.number))) only after the \
            ACK of \(small). That is Nagle's algorithm, and the peer delays its ACKs. Send both parts in one call, or \
            set TCP_NODELAY.
            """
        return Finding(
            .delayedAcknowledgments, .failure, sentence, of: call,
            packets: [first.data.number, first.acknowledgment.number, first.next.number])
    }

    /// Where a bare ACK came late, and the next data followed it at once.
    private static func holds(_ conversation: Conversation, _ sender: Endpoint) -> [Hold] {
        let packets = conversation.packets
        var holds: [Hold] = []
        for index in packets.indices.dropFirst().dropLast() {
            let (data, acknowledgment, next) = (packets[index - 1], packets[index], packets[index + 1])
            guard data.source == sender, data.payloadLength > 0, acknowledgment.source != sender,
                acknowledgment.payloadLength == 0, next.source == sender, next.payloadLength > 0,
                [data, acknowledgment, next].allSatisfy({ $0.tcp?.flags.isDisjoint(with: [.syn, .fin, .rst]) ?? false }
                ),
                [data, next].allSatisfy({ $0.marks.isDisjoint(with: .anyRetransmission) }),
                late.contains(acknowledgment.time.nanoseconds(since: data.time)),
                next.time.nanoseconds(since: acknowledgment.time) <= atOnce
            else { continue }
            holds.append(Hold(data: data, acknowledgment: acknowledgment, next: next))
        }
        return holds
    }

    /// Whether the program had handed over more than had left, well before the ACK came.
    private static func hasWaited(
        _ hold: Hold, _ conversation: Conversation, _ sender: Endpoint, _ sends: [SocketCall]
    ) -> Bool {
        let before = hold.acknowledgment.time.advanced(byNanoseconds: -hold.wait / 4)
        let given = sends.reduce(0) { sum, call in
            guard case .value(let count) = call.result, call.returned.map({ $0 <= before }) ?? false else { return sum }
            return sum + count
        }
        let left = conversation.packets.reduce(0) { sum, packet in
            packet.source == sender && packet.time <= hold.acknowledgment.time
                && packet.marks.isDisjoint(with: .anyRetransmission) ? sum + packet.payloadLength : sum
        }
        return given > left
    }
}

extension Finding.Kind {
    /// Small segments that wait for delayed ACKs.
    static let delayedAcknowledgments: Self = "delayed_acknowledgments"
}
