import Packets

/// One TCP connection under analysis: both directions, and what was measured once.
struct AnalyzedConnection: JudgedContent {
    /// The direction from the endpoint that sorts first, and the other.
    private(set) var lower = TCPDirectionState()
    private(set) var upper = TCPDirectionState()
    /// When the last SYN was sent; 0 for never.
    private var synTime: Int64 = 0
    /// From that SYN to the first ACK behind it; 0 until then.
    private(set) var firstRoundTrip: Int64 = 0
    /// What belongs to it.
    var acceptance: SegmentAcceptance
    /// What is too old for it.
    var oldDuplicates = OldDuplicates()
    /// TLS 1.3 was settled on.
    var hidesTypes = false
    var carried = CarriedApplication()
    private let firstTime: Int64
    private var previousTime: Int64
    /// Packets since it was over, or since that was asked last: the acknowledgments of the end, if nothing more.
    private(set) var packetsSinceEnd: UInt8 = 0
    /// Which ends have sent a FIN (1 the lower, 2 the upper); 4: somebody reset the connection.
    private var ended: UInt8 = 0

    /// - Parameters:
    ///   - time: of its first segment, in nanoseconds since 1970.
    ///   - opening: which way the SYN goes with which it begins, where its ports have another connection.
    init(time: Int64, opening: FlowDirection?) {
        acceptance = SegmentAcceptance(opening: opening)
        firstTime = time
        previousTime = time
    }

    /// The times of the next packet.
    mutating func noteTime(_ segment: AnalyzedSegment, _ facts: inout TransportFacts) {
        facts.sinceFirst = segment.time &- firstTime
        facts.sincePrevious = segment.time &- previousTime
        previousTime = segment.time
        if isOver, packetsSinceEnd < .max { packetsSinceEnd += 1 }
    }

    /// Both ends have sent a FIN, or one of them a RST: besides acknowledgments and what is repeated, nothing more is
    /// to come.
    var isOver: Bool { ended >= 3 }

    /// Begins to count anew.
    mutating func forgetPacketsSinceEnd() { packetsSinceEnd = 0 }

    /// Takes in a FIN or a RST.
    mutating func noteEnd(_ flags: TCPFlags, _ direction: FlowDirection) {
        if flags.contains(.rst) { ended |= 4 }
        if flags.contains(.fin) { ended |= direction == .lowerToUpper ? 1 : 2 }
    }

    /// Frees what lies apart from it.
    mutating func release() {
        lower.unacknowledged = []
        upper.unacknowledged = []
    }

    /// A SYN like the first: the expected number may have been moved by a reset that carried another one.
    mutating func repeatSYN(_ direction: FlowDirection) {
        withSender(direction) { sender, _ in sender.next = sender.contiguousEnd }
    }

    /// The sender's initial number is another one from now on.
    mutating func forgetFlight(_ direction: FlowDirection) {
        withSender(direction) { sender, _ in sender.isFlightCurrent = false }
    }

    mutating func forgetSACK(_ direction: FlowDirection) {
        withSender(direction) { sender, _ in sender.sackCount = 0 }
    }

    /// Whether an end has sent something with this number or a later one.
    func hasSent(_ direction: FlowDirection, beyond number: UInt32) -> Bool {
        (direction == .lowerToUpper ? lower : upper).next.isAfter(number)
    }

    /// Whether a number lies beyond all that an end has sent, which is known.
    func hasNotReached(_ number: UInt32, _ direction: FlowDirection) -> Bool {
        let next = (direction == .lowerToUpper ? lower : upper).next
        return next != 0 && number.isAfter(next)
    }

    /// Whether the last segment of an end brought again what was there, and the other end has sent nothing since.
    func waitsWithRepetition(_ direction: FlowDirection) -> Bool {
        let (sender, receiver) = direction == .lowerToUpper ? (lower, upper) : (upper, lower)
        return !sender.lastMarks.isDisjoint(with: .anyRetransmission) && receiver.lastACKTime < sender.lastACKTime
    }

    /// The last ACK of this end was no repetition, though it looked like one.
    mutating func takeBackDuplicate(_ direction: FlowDirection) {
        withSender(direction) { sender, _ in if sender.duplicates > 0 { sender.duplicates &-= 1 } }
    }

    /// Analyses a segment whose length is known.
    mutating func analyze(
        _ segment: AnalyzedSegment, _ direction: FlowDirection, _ numbers: InitialNumbers,
        _ analysis: inout TCPSequenceAnalysis
    ) {
        let roundTrip = firstRoundTrip
        let initial = numbers.of(direction) ?? 0
        withSender(direction) { sender, receiver in
            analysis.take(segment, from: &sender, to: &receiver, initial: initial, firstRoundTrip: roundTrip)
        }
    }

    /// Relative numbers and the scaled window of a segment that was analysed.
    func fillNumbers(
        _ segment: AnalyzedSegment, _ direction: FlowDirection, _ numbers: InitialNumbers,
        _ facts: inout TransportFacts
    ) {
        facts.sequence = segment.sequence &- (numbers.of(direction) ?? 0)
        if segment.flags.contains(.ack) {
            facts.acknowledgment = segment.acknowledgment &- (numbers.of(direction.opposite) ?? 0)
        }
        let scale = windowScale(direction)
        if !segment.flags.contains(.syn), scale > 0 {
            facts.window = segment.window << UInt32(truncatingIfNeeded: scale)
        }
        facts.nextSequence = facts.sequence &+ (segment.end &- segment.sequence)
    }

    /// By how many bits the windows that an end sends are shifted: -1 not known, -2 not at all.
    func windowScale(_ direction: FlowDirection) -> Int8 { direction == .lowerToUpper ? lower.scale : upper.scale }

    /// The flags that open a connection: when the SYN went, when the handshake was over.
    mutating func noteFlags(_ flags: TCPFlags, time: Int64, _ direction: FlowDirection) {
        let hasACK = flags.contains(.ack)
        if flags.contains(.syn) {
            if !hasACK { synTime = time }
            withSender(direction) { sender, _ in sender.awaitsFirstACK = true }
        } else if hasACK {
            if synTime != 0, firstRoundTrip == 0 { firstRoundTrip = time &- synTime }
            withSender(direction) { sender, _ in sender.awaitsFirstACK = false }
        }
    }

    /// Takes in the options of a segment that matter for later ones.
    mutating func noteOptions(scale: UInt8?, sackBlocks: (count: UInt8, bytes: UInt32)?, _ direction: FlowDirection) {
        withSender(direction) { sender, _ in
            // RFC 7323 section 2.3: a shift above 14 counts as 14.
            if let scale { sender.scale = Int8(min(scale, 14)) }
            if let sackBlocks { (sender.sackCount, sender.sackedBytes) = sackBlocks }
        }
    }

    /// Behind a SYN it is clear whether windows are scaled: both ends have to offer it (RFC 7323 section 2.2).
    mutating func settleScaling(_ direction: FlowDirection, isSYNACK: Bool) {
        withSender(direction) { sender, receiver in
            if sender.scale == -1 {
                sender.scale = -2
                receiver.scale = -2
            } else if isSYNACK, receiver.scale == -2 {
                sender.scale = -2
            }
        }
    }

    @inline(__always)
    private mutating func withSender(
        _ direction: FlowDirection, _ body: (inout TCPDirectionState, inout TCPDirectionState) -> Void
    ) {
        switch direction {
        case .lowerToUpper: body(&lower, &upper)
        case .upperToLower: body(&upper, &lower)
        }
    }
}
