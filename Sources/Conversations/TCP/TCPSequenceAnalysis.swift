import Packets

/// Looks at each segment of a connection in the light of those before it, and marks what is remarkable: lost, repeated,
/// overtaken; acknowledgments, windows, keep-alives.
///
/// The checks, their order and their thresholds are those of Wireshark 4.0 (the section "TCP Analysis" of its User's
/// Guide), so that a mark means here what people know it to mean. All of it is guessing from between the ends: the
/// capture shows when segments passed by, not why they were sent.
struct TCPSequenceAnalysis {
    /// A repetition after duplicate ACKs counts as fast when it follows the last of them within this time.
    private static let fastRetransmissionLimit: UInt64 = 20_000_000
    /// A segment below the highest number counts as overtaken, not repeated, within this time; once the handshake told
    /// the round trip, within that.
    private static let reorderingLimit: UInt64 = 3_000_000

    /// What is found out about the segment.
    var marks: TCPMarks = []
    /// Whether there is anything to say about it.
    var isNoted = false
    /// Whether it acknowledges what the capture has, where a mark says otherwise.
    private(set) var acknowledgesSeen = false
    var facts = TransportFacts()

    private mutating func mark(_ mark: TCPMarks) {
        marks.insert(mark)
        isNoted = true
    }

    /// A connection on ports that had one: noted before the segment itself is looked at.
    mutating func noteReusedPorts() { mark(.reusedPorts) }

    /// Looks at one segment and remembers it.
    /// - Parameters:
    ///   - initial: the sender's initial number.
    ///   - firstRoundTrip: the handshake's, in nanoseconds; 0 where it is not known.
    mutating func take(
        _ segment: AnalyzedSegment, from sender: inout TCPDirectionState, to receiver: inout TCPDirectionState,
        initial: UInt32, firstRoundTrip: Int64
    ) {
        if segment.flags.contains(.ack) { receiver.isFlightKnown = true }
        checkForward(segment, sender: &sender, receiver: receiver)
        if segment.acknowledgment != sender.lastACK {
            sender.lastNewACK = segment.packet
            sender.duplicates = 0
        }
        checkAcknowledgedUnseen(segment, &receiver)
        checkRepetition(segment, sender: sender, receiver: receiver, firstRoundTrip)
        remember(segment, &sender, initial)
        if let matched = receiver.acknowledge(segment.acknowledgment) {
            isNoted = true
            facts.acknowledgesPacket = matched.packet
            facts.roundTrip = segment.time &- matched.time
        }
        measureFlight(segment, &sender, receiver, initial)
    }

    /// What the segment says on its own way: probes, windows, keep-alives, duplicate ACKs.
    private mutating func checkForward(
        _ segment: AnalyzedSegment, sender: inout TCPDirectionState, receiver: borrowing TCPDirectionState
    ) {
        // One byte where the next is expected, into a closed window.
        if segment.length == 1, segment.sequence == sender.next, receiver.window == 0 {
            return mark(.zeroWindowProbe)
        }
        let isPlain = segment.flags.isDisjoint(with: [.syn, .fin, .rst])
        if segment.window == 0, isPlain { mark(.zeroWindow) }
        if sender.next != 0, segment.sequence.isAfter(sender.next), !segment.flags.contains(.rst) {
            mark(.lostSegment)
            sender.isFlightKnown = false
        }
        guard isPlain else { return }
        // RFC 9293 section 3.8.4: a keep-alive has the number before the expected one, and at most one byte.
        if segment.length <= 1, segment.sequence == sender.next &- 1 { mark(.keepAlive) }
        let repeats = segment.length == 0 && segment.sequence == sender.next && segment.acknowledgment == sender.lastACK
        if repeats, segment.window != 0, segment.window != sender.window { mark(.windowUpdate) }
        if segment.length > 0, receiver.scale != -1 {
            // A SYN's window is not scaled (RFC 7323 section 2.2).
            let scale = receiver.awaitsFirstACK || receiver.scale == -2 ? 0 : UInt32(truncatingIfNeeded: receiver.scale)
            if segment.sequence &+ segment.length == receiver.lastACK &+ receiver.window << scale { mark(.windowFull) }
        }
        guard repeats, segment.window == sender.window else { return }
        if segment.window == 0 {
            if receiver.lastMarks.contains(.zeroWindowProbe) { mark(.zeroWindowProbeACK) }
        } else if receiver.lastMarks.contains(.keepAlive) {
            mark(.keepAliveACK)
        } else {
            sender.duplicates = sender.duplicates == .max ? 1 : sender.duplicates &+ 1
            mark(.duplicateACK)
            facts.duplicateNumber = sender.duplicates
            facts.duplicateOf = sender.lastNewACK
        }
    }

    /// An acknowledgment beyond what was seen of the other direction.
    private mutating func checkAcknowledgedUnseen(_ segment: AnalyzedSegment, _ receiver: inout TCPDirectionState) {
        guard receiver.contiguousEnd != 0, segment.flags.contains(.ack),
            segment.acknowledgment.isAfter(receiver.contiguousEnd)
        else { return }
        isNoted = true
        // Reported once a loss, not again with every acknowledgment that follows.
        if receiver.next.isAfter(receiver.contiguousEnd) {
            receiver.contiguousEnd = receiver.next
            mark(.acknowledgesLostSegment)
        } else {
            if receiver.duplicates == 0 { mark(.acknowledgesLostSegment) }
            receiver.duplicates = .max
        }
        acknowledgesSeen = segment.acknowledgment.isNotAfter(receiver.seenEnd)
        if !acknowledgesSeen { receiver.seenEnd = receiver.next }
    }

    /// Whether a segment that takes sequence numbers was sent before, and if so, why again.
    private mutating func checkRepetition(
        _ segment: AnalyzedSegment, sender: borrowing TCPDirectionState, receiver: borrowing TCPDirectionState,
        _ firstRoundTrip: Int64
    ) {
        guard segment.length > 0 || !segment.flags.isDisjoint(with: [.syn, .fin]), !marks.contains(.keepAlive) else {
            return
        }
        var isBelow = sender.next != 0 && segment.sequence.isBefore(sender.next)
        // One byte before the expected number and more than one byte long: new data behind a probe.
        if segment.length > 1, sender.next &- 1 == segment.sequence { isBelow = false }
        if segment.length > 0, receiver.lastACK != 0, (segment.sequence &+ segment.length).isNotAfter(receiver.lastACK)
        {
            return mark(.spuriousRetransmission)
        }
        guard isBelow else { return }
        // Times that run backwards count as very long.
        let sinceACK = UInt64(bitPattern: segment.time &- receiver.lastACKTime)
        if receiver.duplicates >= 2, receiver.lastACK == segment.sequence, sinceACK < Self.fastRetransmissionLimit {
            return mark(.fastRetransmission)
        }
        let sinceNext = UInt64(bitPattern: segment.time &- sender.nextTime)
        let limit = firstRoundTrip == 0 ? Self.reorderingLimit : UInt64(bitPattern: firstRoundTrip)
        if sinceNext < limit, sender.next != segment.end { return mark(.outOfOrder) }
        mark(.retransmission)
        let oldest = sender.unacknowledged.first
        facts.timeout = segment.time &- (oldest?.time ?? sender.nextTime)
        facts.timeoutPacket = oldest?.packet ?? sender.nextPacket
    }

    private mutating func remember(
        _ segment: AnalyzedSegment, _ sender: inout TCPDirectionState, _ initial: UInt32
    ) {
        var end = segment.sequence &+ segment.length
        if end != segment.end || segment.length > 0,
            sender.unacknowledged.count < TCPDirectionState.maximumUnacknowledged
        {
            sender.remember(segment, initial: initial)
            end = segment.end
        }
        // A probe's byte is refused: the next segment carries it again.
        let isProbe = marks.contains(.zeroWindowProbe)
        if !isProbe, sender.next == 0 || end.isAfter(sender.next) {
            sender.next = end
            sender.nextPacket = segment.packet
            sender.nextTime = segment.time
        }
        if !isProbe, sender.contiguousEnd == 0 || segment.sequence == sender.contiguousEnd {
            sender.contiguousEnd = sender.next
        }
        if !isProbe, sender.seenEnd == 0 || segment.sequence.isNotAfter(sender.seenEnd) && end.isAfter(sender.seenEnd) {
            sender.seenEnd = sender.next
        }
        sender.window = segment.window
        sender.lastACK = segment.acknowledgment
        sender.lastACKTime = segment.time
        sender.lastMarks = marks
    }

    private mutating func measureFlight(
        _ segment: AnalyzedSegment, _ sender: inout TCPDirectionState, _ receiver: borrowing TCPDirectionState,
        _ initial: UInt32
    ) {
        guard segment.length > 0, sender.isFlightKnown, !sender.unacknowledged.isEmpty else { return }
        isNoted = true
        sender.pushedBytes = sender.lastHadPush ? segment.length : sender.pushedBytes &+ segment.length
        sender.lastHadPush = segment.flags.contains(.psh)
        var inFlight = sender.bytesInFlight(initial: initial)
        if receiver.sackCount > 0 { inFlight &-= receiver.sackedBytes }
        guard inFlight > 0, inFlight < 2_000_000_000 else { return }
        // SYN and FIN take a number, but are no bytes.
        facts.bytesInFlight = segment.flags.isDisjoint(with: [.syn, .fin]) ? inFlight : inFlight &- 1
        if facts.bytesInFlight > 0 { facts.pushedBytes = sender.pushedBytes }
    }
}
