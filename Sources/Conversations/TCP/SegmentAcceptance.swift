import Packets

/// Judges each segment of a connection: whether its receiver can accept it (RFC 9293 section 3.10.7, RFC 5961), as far
/// as can be told from between the ends. The one place that decides what belongs to a connection.
///
/// It follows both ends by the segments that belong. In doubt a segment belongs: a capture may begin in the middle, and
/// may have lost packets. So the window is the largest that was offered, a window whose scale is not known counts as
/// the largest there is, an end may take somewhat more than it offered, and where an end goes on beyond the window, the
/// capture has a gap, and it is followed there.
///
/// One case is not in doubt: a connection that began with a SYN on the ports of another one. Until something answers
/// that SYN, the other connection may go on, so only what fits the SYN exactly is of the new one for sure.
struct SegmentAcceptance: Hashable, Sendable {
    /// What was seen of one end.
    private struct End: Hashable, Sendable {
        /// Its initial sequence number, known for sure where it opened.
        var initial: UInt32 = 0
        /// One past the highest number that it sent, or that the other end acknowledged.
        var next: UInt32 = 0
        /// The highest number that it acknowledged: the other end's next, as far as it has come.
        var acknowledged: UInt32 = 0
        /// The right edge of the window that it offered: the other end's numbers from here on are beyond it.
        var edge: UInt32 = 0
        /// The number that its FIN takes.
        var fin: UInt32 = 0
        /// One past its last segment that lay outside of the window, and how many bytes that carried.
        var strayEnd: UInt32 = 0
        var strayLength: UInt32 = 0
        /// What its last segment that did not belong acknowledged.
        var strayAcknowledgment: UInt32 = 0
        /// The number of a SYN-ACK that came while an earlier one with another number was not yet acknowledged.
        var otherInitial: UInt32 = 0
        var known: Parts = []
        /// As in its SYN; `unknownScale`, `noScale`.
        var scale = unknownScale

        struct Parts: OptionSet, Hashable, Sendable {
            let rawValue: UInt16
            /// `initial` and `next`.
            static let numbers = Parts(rawValue: 1)
            /// `initial` is its SYN's.
            static let opening = Parts(rawValue: 2)
            /// `acknowledged` and `edge`.
            static let window = Parts(rawValue: 4)
            static let fin = Parts(rawValue: 8)
            /// `strayEnd` and `strayLength`.
            static let stray = Parts(rawValue: 16)
            /// `strayAcknowledgment`.
            static let strayAcknowledgment = Parts(rawValue: 128)
            static let otherAnswer = Parts(rawValue: 32)
            /// It reset the connection.
            static let reset = Parts(rawValue: 64)
            /// Its SYN came into another connection of the ports, and nothing has answered it.
            static let unanswered = Parts(rawValue: 256)
            /// That segment had a FIN.
            static let strayFIN = Parts(rawValue: 512)
        }
    }

    static let unknownScale: Int8 = -1
    static let noScale: Int8 = -2
    /// The largest window scale (RFC 7323 section 2.3).
    private static let largestScale: UInt32 = 14
    /// So far beyond the window data still belongs: who gets it may have more room than it offered, and the capture may
    /// lack the segment that offered more. Numbers of another connection lie farther off, but for one in 65,536.
    private static let tolerance: UInt32 = 65_535

    private var lower = End()
    private var upper = End()

    /// - Parameter opening: which way the SYN goes with which it begins, where its ports have another connection that
    ///   may go on.
    init(opening: FlowDirection? = nil) {
        switch opening {
        case nil: break
        case .lowerToUpper: lower.known = .unanswered
        case .upperToLower: upper.known = .unanswered
        }
    }

    /// Judges the next segment and, where it belongs, follows it.
    /// - Parameter segment: with its length.
    @inline(__always)
    mutating func judge(_ segment: AnalyzedSegment, _ direction: FlowDirection) -> SegmentRuling {
        switch direction {
        case .lowerToUpper: Self.judge(segment, from: &lower, to: &upper)
        case .upperToLower: Self.judge(segment, from: &upper, to: &lower)
        }
    }

    /// Whether its SYN came into another connection of the ports, and nothing has answered it so far.
    var awaitsAnswer: Bool { !lower.known.union(upper.known).isDisjoint(with: .unanswered) }

    /// Judges a segment that the connection before on these ports does not accept, either. It does not follow it: what
    /// is in doubt says nothing of what comes next.
    mutating func judgeUnclaimed(_ segment: AnalyzedSegment, _ direction: FlowDirection) -> SegmentVerdict {
        switch direction {
        case .lowerToUpper: Self.judgeUnclaimed(segment, from: &lower, to: upper)
        case .upperToLower: Self.judgeUnclaimed(segment, from: &upper, to: lower)
        }
    }

    private static func judgeUnclaimed(_ segment: AnalyzedSegment, from sender: inout End, to receiver: End)
        -> SegmentVerdict
    {
        let verdict = verdict(on: segment, from: sender, to: receiver)
        if verdict != .belongs { noteStray(segment, verdict, &sender, receiver) }
        return verdict
    }

    private static func judge(_ segment: AnalyzedSegment, from sender: inout End, to receiver: inout End)
        -> SegmentRuling
    {
        if isPlain(segment, from: sender, to: receiver) {
            follow(segment, from: &sender, to: &receiver)
            return .belongs
        }
        if !sender.known.union(receiver.known).isDisjoint(with: .unanswered) {
            guard fitsOpening(segment, from: sender, to: receiver) else { return SegmentRuling(.ofEarlierConnection) }
            // Another SYN, of either end, answers nothing.
            if !segment.flags.isOpening {
                sender.known.remove(.unanswered)
                receiver.known.remove(.unanswered)
            }
        }
        if receiver.known.contains(.otherAnswer) { settleAnswer(segment, from: sender, to: &receiver) }
        let verdict = verdict(on: segment, from: sender, to: receiver)
        guard verdict == .belongs else {
            noteStray(segment, verdict, &sender, receiver)
            return SegmentRuling(verdict)
        }
        let proof = liesBeyond(segment, from: sender, to: receiver) ? proof(by: segment, sender, receiver) : .none
        switch proof {
        case .none: break
        case .ownStray: acceptStray(of: &sender)
        case .otherStray: acceptStray(of: &receiver)
        }
        follow(segment, from: &sender, to: &receiver)
        return SegmentRuling(.belongs, proves: proof)
    }

    /// Whether a segment is the SYN that came into another connection, or the same again, or goes on from it, or
    /// acknowledges it.
    private static func fitsOpening(_ segment: AnalyzedSegment, from sender: End, to receiver: End) -> Bool {
        if sender.known.contains(.unanswered) {
            if segment.flags.isOpening { return true }
            return segment.flags.contains(.syn)
                ? segment.sequence == sender.initial
                : !segment.sequence.isBefore(sender.initial) && segment.sequence.isNotAfter(sender.next)
        }
        guard segment.flags.contains(.ack) else { return segment.flags.contains(.syn) }
        return segment.acknowledgment.isAfter(receiver.initial) && segment.acknowledgment.isNotAfter(receiver.next)
    }

    private static func noteStray(
        _ segment: AnalyzedSegment, _ verdict: SegmentVerdict, _ sender: inout End, _ receiver: End
    ) {
        if segment.flags.contains(.rst) { return }
        if segment.flags.contains(.ack) {
            sender.strayAcknowledgment = segment.acknowledgment
            sender.known.insert(.strayAcknowledgment)
        }
        if verdict == .strayAnswer, sender.known.contains(.opening), !receiver.known.contains(.window) {
            sender.otherInitial = segment.sequence
            sender.known.insert(.otherAnswer)
        } else if verdict == .outsideWindow || verdict == .acknowledgesUnsent {
            (sender.strayEnd, sender.strayLength) = (segment.end, segment.length)
            sender.known.insert(.stray)
            if segment.flags.contains(.fin) {
                sender.known.insert(.strayFIN)
            } else {
                sender.known.remove(.strayFIN)
            }
        }
    }

    private static func acceptStray(of end: inout End) {
        end.known.remove(.stray)
        guard end.known.contains(.strayFIN) else { return }
        end.fin = end.strayEnd &- 1
        end.known.insert(.fin)
    }

    /// Whether a segment shows that one before it was taken, though it lay beyond the window: its sender goes on from
    /// there, or it acknowledges exactly that. Then the capture has lost what lies between.
    private static func proof(by segment: AnalyzedSegment, _ sender: End, _ receiver: End) -> SegmentRuling.Proof {
        if goesOn(segment, sender) { return .ownStray }
        return acknowledgesStray(segment, receiver) ? .otherStray : .none
    }

    private static func goesOn(_ segment: AnalyzedSegment, _ sender: End) -> Bool {
        sender.known.contains(.stray) && segment.sequence == sender.strayEnd
            && (segment.length > 0 || segment.acknowledgment != sender.strayAcknowledgment)
    }

    private static func acknowledgesStray(_ segment: AnalyzedSegment, _ receiver: End) -> Bool {
        receiver.known.contains(.stray) && segment.flags.contains(.ack)
            && segment.acknowledgment == receiver.strayEnd
    }

    /// The last segment of an end that lay outside of the window, as far as it is known.
    /// - Parameter other: the segment that shows that it was taken.
    func stray(_ direction: FlowDirection, before other: AnalyzedSegment) -> AnalyzedSegment {
        let end = direction == .lowerToUpper ? lower : upper
        let hasFIN = end.known.contains(.strayFIN)
        var stray = other
        stray.sequence = end.strayEnd &- end.strayLength &- (hasFIN ? 1 : 0)
        (stray.acknowledgment, stray.length) = (end.strayAcknowledgment, end.strayLength)
        (stray.flags, stray.window) = (hasFIN ? [.fin, .ack] : .ack, 1)
        return stray
    }

    /// Whether a segment has nothing but data and an acknowledgment, within what both ends have sent and offered.
    /// Nearly all have, and then nothing else need be asked.
    @inline(__always)
    private static func isPlain(_ segment: AnalyzedSegment, from sender: End, to receiver: End) -> Bool {
        segment.flags.union(.psh) == [.ack, .psh] && sender.known.contains([.numbers, .window])
            && receiver.known.contains([.numbers, .window]) && !receiver.known.contains(.otherAnswer)
            && segment.sequence.isNotAfter(sender.next) && segment.sequence.isAfter(sender.initial)
            && segment.acknowledgment.isNotAfter(receiver.next) && segment.acknowledgment.isAfter(receiver.initial)
    }

    /// Of two SYN-ACKs with different numbers the one counts that the other end acknowledges.
    private static func settleAnswer(_ segment: AnalyzedSegment, from sender: End, to receiver: inout End) {
        guard segment.flags.contains(.ack), segment.flags.isDisjoint(with: [.syn, .rst]) else { return }
        if !sender.known.contains(.window), segment.acknowledgment == receiver.otherInitial &+ 1 {
            receiver.initial = receiver.otherInitial
            receiver.next = receiver.otherInitial &+ 1
        }
        receiver.known.remove(.otherAnswer)
    }

    private static func verdict(on segment: AnalyzedSegment, from sender: End, to receiver: End) -> SegmentVerdict {
        let flags = segment.flags
        if flags.contains(.rst), resetsStray(segment, from: sender, to: receiver) { return .resetsStray }
        if sender.known.contains(.opening), !flags.contains(.syn), segment.sequence.isBefore(sender.initial) {
            return .ofEarlierConnection
        }
        if flags.contains(.rst) { return verdict(onReset: segment, from: sender, to: receiver) }
        if flags.contains(.ack), receiver.known.contains(.opening), segment.acknowledgment.isNotAfter(receiver.initial)
        {
            return flags.contains(.syn) ? .strayAnswer : .ofEarlierConnection
        }
        if flags.contains(.syn) { return verdict(onSYN: segment, from: sender, to: receiver) }
        guard isOutside(segment, from: sender, to: receiver) else { return .belongs }
        // Who has answered nothing yet and acknowledges something else than the SYN means an earlier connection
        // (half-open discovery, RFC 9293 section 3.5.1, figure 9).
        guard sender.known.contains(.numbers) else { return .ofEarlierConnection }
        return isBeyond(segment, from: sender, to: receiver) || !acknowledgesUnsent(segment, from: sender, to: receiver)
            ? .outsideWindow : .acknowledgesUnsent
    }

    /// Who gets an ACK in answer to its SYN that does not acknowledge that resets what it is of, with the number that
    /// the ACK has (RFC 9293 section 3.10.7.3; half-open discovery, section 3.5.1, figure 9).
    private static func resetsStray(_ segment: AnalyzedSegment, from sender: End, to receiver: End) -> Bool {
        sender.known.contains(.opening) && !receiver.known.contains(.window)
            && receiver.known.contains(.strayAcknowledgment) && segment.sequence == receiver.strayAcknowledgment
    }

    /// A SYN with another number opens another connection, so here it is the answer, or the same again.
    private static func verdict(onSYN segment: AnalyzedSegment, from sender: End, to receiver: End) -> SegmentVerdict {
        guard segment.flags.contains(.ack) else { return .belongs }
        if sender.known.contains(.opening), segment.sequence != sender.initial { return .strayAnswer }
        if receiver.known.contains(.opening), segment.acknowledgment.isAfter(receiver.next) { return .strayAnswer }
        return .belongs
    }

    private static func verdict(onReset segment: AnalyzedSegment, from sender: End, to receiver: End)
        -> SegmentVerdict
    {
        if receiver.known.contains(.opening), !receiver.known.contains(.window), !sender.known.contains(.opening) {
            // In SYN-SENT only a reset that acknowledges the SYN is acceptable (RFC 9293 section 3.10.7.3).
            let acknowledges =
                segment.flags.contains(.ack) && segment.acknowledgment.isAfter(receiver.initial)
                && segment.acknowledgment.isNotAfter(receiver.next)
            return acknowledges ? .belongs : .unbelievedReset
        }
        guard sender.known.contains(.numbers), receiver.known.contains(.window) else { return .belongs }
        // Where one end has reset the connection, there is nothing left that another reset could move.
        if sender.known.contains(.reset) || receiver.known.contains(.reset) { return .belongs }
        if segment.sequence.isBefore(receiver.acknowledged) {
            // macOS resets with the number of its FIN instead of the one behind it.
            let isOfFIN = sender.known.contains(.fin) && segment.sequence == sender.fin
            return isOfFIN ? .belongs : .outsideWindow
        }
        if segment.sequence.isNotAfter(sender.next) { return .belongs }
        return segment.sequence.isAfter(receiver.edge) ? .outsideWindow : .challengedReset
    }

    /// Whether a segment lies beyond what its receiver offered to take, or acknowledges what it cannot have sent.
    private static func liesBeyond(_ segment: AnalyzedSegment, from sender: End, to receiver: End) -> Bool {
        isBeyond(segment, from: sender, to: receiver) || acknowledgesUnsent(segment, from: sender, to: receiver)
    }

    private static func isBeyond(_ segment: AnalyzedSegment, from sender: End, to receiver: End) -> Bool {
        sender.known.contains(.numbers) && receiver.known.contains(.window)
            && segment.sequence.isAfter(sender.next) && segment.sequence.isAfter(receiver.edge &+ tolerance)
    }

    private static func acknowledgesUnsent(_ segment: AnalyzedSegment, from sender: End, to receiver: End) -> Bool {
        segment.flags.contains(.ack) && receiver.known.contains(.numbers)
            && segment.acknowledgment.isAfter(receiver.next)
            && (sender.known.contains(.window)
                ? segment.acknowledgment.isAfter(sender.edge &+ tolerance)
                : receiver.known.contains(.opening) && !sender.known.contains(.numbers))
    }

    /// Whether a segment lies beyond, and nothing shows that it was taken all the same, or is a FIN whose number was
    /// acknowledged as something else.
    private static func isOutside(_ segment: AnalyzedSegment, from sender: End, to receiver: End) -> Bool {
        if liesBeyond(segment, from: sender, to: receiver) { return proof(by: segment, sender, receiver) == .none }
        guard segment.flags.contains(.fin), receiver.known.contains(.window) else { return false }
        if sender.known.contains(.fin), sender.fin == segment.end &- 1 { return false }
        return segment.end.isNotAfter(receiver.acknowledged)
    }

    private static func follow(_ segment: AnalyzedSegment, from sender: inout End, to receiver: inout End) {
        let flags = segment.flags
        if flags.contains(.rst) {
            sender.known.insert(.reset)
            return
        }
        if flags.contains(.syn) {
            sender.initial = segment.sequence
            sender.known.insert(.opening)
            sender.scale = segment.windowScale
        }
        if sender.known.contains(.numbers) {
            if segment.end.isAfter(sender.next) { sender.next = segment.end }
        } else {
            if !flags.contains(.syn) { sender.initial = segment.sequence &- 1 }
            sender.next = segment.end
            sender.known.insert(.numbers)
        }
        if flags.contains(.fin) {
            sender.fin = segment.end &- 1
            sender.known.insert(.fin)
        }
        guard flags.contains(.ack) else { return }
        if !receiver.known.contains(.numbers) {
            receiver.initial = segment.acknowledgment &- 1
            receiver.next = segment.acknowledgment
            receiver.known.insert(.numbers)
        } else if segment.acknowledgment.isAfter(receiver.next) {
            receiver.next = segment.acknowledgment
        }
        let edge = segment.acknowledgment &+ segment.window << shift(flags, sender, receiver)
        if !sender.known.contains(.window) {
            (sender.acknowledged, sender.edge) = (segment.acknowledgment, edge)
            sender.known.insert(.window)
        } else {
            if segment.acknowledgment.isAfter(sender.acknowledged) { sender.acknowledged = segment.acknowledgment }
            if edge.isAfter(sender.edge) { sender.edge = edge }
        }
    }

    /// By how many bits the window of a segment is shifted: a SYN's is not, and others' only where both ends offered it
    /// (RFC 7323 section 2.2).
    private static func shift(_ flags: TCPFlags, _ sender: End, _ receiver: End) -> UInt32 {
        if flags.contains(.syn) || sender.scale == noScale || receiver.scale == noScale { return 0 }
        return sender.scale == unknownScale
            ? largestScale : min(UInt32(truncatingIfNeeded: sender.scale), largestScale)
    }
}

extension TCPFlags {
    /// A SYN that answers none.
    @inline(__always) var isOpening: Bool { contains(.syn) && !contains(.ack) }
}
