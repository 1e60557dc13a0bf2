import Addressing
import Conversations
import Packets

/// Why a sender sent again, told from what had reached it by then. One for each end of a connection, fed with what left
/// its host and what arrived there, in that order.
struct SendingNotes {
    private var nextSequence: SequenceNumber?
    /// When the bytes from a sequence number on were sent last.
    private var sent: [UInt32: Timestamp] = [:]
    private var lastAcknowledgment: SequenceNumber?
    private var duplicates = 0
    /// Where loss recovery ends: what had been sent when it began (RFC 6582 section 3.2, RFC 6675 section 5).
    private var recovery: SequenceNumber?

    /// Whether a SYN has come since the last SYN-ACK left.
    private var isAskedAgain = false

    /// The least that a retransmission timer waits on Linux: sooner, it was not the timer.
    private static let leastTimer: Int64 = 190_000_000

    /// A segment leaves. nil where it is new.
    mutating func left(_ packet: ObservedPacket, at time: Timestamp) -> Scene.Note? {
        guard let tcp = packet.tcp, packet.sequenceLength > 0 else { return nil }
        let end = tcp.sequence + packet.sequenceLength
        defer {
            sent[tcp.sequence.rawValue] = time
            if nextSequence.map({ $0.precedes(end) }) ?? true { nextSequence = end }
            isAskedAgain = false
        }
        guard let next = nextSequence, tcp.sequence.precedes(next) else { return nil }
        let wait = sent[tcp.sequence.rawValue].map { time.nanoseconds(since: $0) }
        if isAskedAgain, tcp.flags.contains(.syn) { return .answersAgain }
        if duplicates > 0, lastAcknowledgment == tcp.sequence, recovery == nil {
            recovery = next
            return .fastRetransmission(duplicates: duplicates, wait: wait)
        }
        if recovery != nil, (wait ?? 0) < Self.leastTimer { return .recovery(wait: wait) }
        return .timer(wait: wait)
    }

    /// A segment arrives. Says which duplicate ACK in a row it is, from 1 (RFC 5681 section 2); 0 for none.
    mutating func arrived(_ packet: ObservedPacket) -> Int {
        if let tcp = packet.tcp, tcp.flags.contains(.syn) { isAskedAgain = true }
        guard let tcp = packet.tcp, tcp.flags.contains(.ack) else { return 0 }
        let isOutstanding = nextSequence.map { tcp.acknowledgment.precedes($0) } ?? false
        if tcp.acknowledgment == lastAcknowledgment, packet.sequenceLength == 0, !tcp.flags.contains(.rst),
            isOutstanding
        {
            duplicates += 1
            return duplicates
        }
        if lastAcknowledgment.map({ $0.precedes(tcp.acknowledgment) }) ?? true {
            lastAcknowledgment = tcp.acknowledgment
            duplicates = 0
            if let end = recovery, !tcp.acknowledgment.precedes(end) { recovery = nil }
        }
        return 0
    }
}
