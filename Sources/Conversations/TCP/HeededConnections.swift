import Packets

/// A second TCP analysis of connections that got segments which do not belong to them, without those segments.
///
/// TCP analysis follows every segment, as Wireshark's does. From the first segment on that does not belong to its
/// connection, the connection is analysed a second time, with the segments that its receiver heeds: those that belong.
/// All other connections cost nothing here.
struct HeededConnections {
    private struct Heeded {
        var connection: AnalyzedConnection
        var fromLower = ForeignSegments()
        var fromUpper = ForeignSegments()

        subscript(direction: FlowDirection) -> ForeignSegments {
            get { direction == .lowerToUpper ? fromLower : fromUpper }
            set { if direction == .lowerToUpper { fromLower = newValue } else { fromUpper = newValue } }
        }
    }

    private var connections: [Int: Heeded] = [:]

    /// Begins with a connection as it is before the first segment that does not belong.
    mutating func begin(_ place: Int, with connection: AnalyzedConnection) {
        guard connections[place] == nil else { return }
        var heeded = Heeded(connection: connection)
        for direction in [FlowDirection.lowerToUpper, .upperToLower] where connection.waitsWithRepetition(direction) {
            heeded[direction].repetitions = 1
        }
        connections[place] = heeded
    }

    /// The place has another connection from now on, or none.
    mutating func end(_ place: Int) {
        if !connections.isEmpty { connections[place] = nil }
    }

    /// A SYN like the first.
    mutating func repeatSYN(_ place: Int, _ direction: FlowDirection) {
        connections[place]?.connection.repeatSYN(direction)
    }

    /// A segment that does not belong, of a connection that was begun.
    /// - Parameter stream: of the connection that it counts for.
    mutating func noteForeign(
        _ segment: AnalyzedSegment, _ direction: FlowDirection, _ place: Int, stream: UInt32,
        _ verdict: SegmentVerdict = .ofEarlierConnection
    ) {
        connections[place]?[direction].note(segment, verdict, stream: stream)
    }

    /// What is remarkable about a segment beside those that belong.
    /// - Parameters:
    ///   - bytes: the segment, as captured.
    ///   - analysis: what it is beside all, with the verdict on it.
    ///   - proof: what it shows of a segment that seemed not to belong.
    mutating func marks(
        of segment: AnalyzedSegment, _ bytes: RawSpan, _ direction: FlowDirection, _ place: Int,
        _ numbers: InitialNumbers, _ analysis: TCPSequenceAnalysis, _ proof: SegmentRuling.Proof
    ) -> HeededMarks {
        guard !connections.isEmpty, segment.isWhole, var heeded = connections.removeValue(forKey: place) else {
            return HeededMarks(analysis)
        }
        defer { connections[place] = heeded }
        guard analysis.facts.verdict == .belongs else { return HeededMarks() }
        let accepted = Self.accept(proof, direction, numbers, &heeded)
        var own = TCPSequenceAnalysis()
        // The number of a RST is none that its sender goes on from.
        if segment.flags.contains(.rst) {
            var connection = heeded.connection
            connection.analyze(segment, direction, numbers, &own)
            return HeededMarks(own)
        }
        heeded.connection.forgetSACK(direction)
        heeded.connection.analyze(segment, direction, numbers, &own)
        heeded.connection.noteFlags(segment.flags, time: segment.time, direction)
        let header = Int(bytes.uint8(at: 12) >> 4) &* 4
        if bytes.byteCount >= TCPSegment.minimumLength, header > TCPSegment.minimumLength {
            let options = SegmentOptions(bytes, end: header, acknowledgment: 0, base: 0)
            heeded.connection.noteOptions(scale: options.scale, sackBlocks: options.sackBlocks, direction)
        }
        if segment.flags.contains(.syn) {
            heeded.connection.settleScaling(direction, isSYNACK: segment.flags.contains(.ack))
        }
        var marks = HeededMarks(own)
        marks.accepts = accepted
        if !own.marks.isDisjoint(with: .anyRetransmission) { heeded[direction].repetitions &+= 1 }
        guard marks.marks.contains(.duplicateACK) else { return marks }
        // The ACK that a segment gets which is not acceptable (RFC 9293 section 3.10.7.4) is no duplicate ACK. But what
        // belongs comes first: data behind a gap, or sent again.
        let isAsked = heeded.connection.hasSent(direction.opposite, beyond: segment.acknowledgment)
        if isAsked || heeded[direction.opposite].popRepetition() { return marks }
        if let answered = heeded[direction.opposite].popUnanswered() {
            heeded.connection.takeBackDuplicate(direction)
            marks.answer(answered)
        }
        return marks
    }

    /// Takes a segment as one that belongs after all.
    /// - Returns: its packet; 0 for none.
    private static func accept(
        _ proof: SegmentRuling.Proof, _ direction: FlowDirection, _ numbers: InitialNumbers, _ heeded: inout Heeded
    ) -> UInt32 {
        let way = proof == .ownStray ? direction : direction.opposite
        guard proof != .none, let segment = heeded[way].popStray() else { return 0 }
        var analysis = TCPSequenceAnalysis()
        heeded.connection.analyze(segment, way, numbers, &analysis)
        return segment.packet
    }
}

/// Segments from one end that do not belong to a connection.
private struct ForeignSegments {
    /// One that is to be answered with an ACK.
    struct Unanswered {
        let packet: UInt32
        let stream: UInt32
        let isChallenged: Bool
    }

    /// So many are remembered until they are answered: whoever sends more need not get an ACK for each (RFC 5961
    /// section 7).
    private static let remembered = 8
    private var unanswered: [Unanswered] = []
    /// Segments of the same end that belong, and brought again what was there: they are answered with an ACK, too.
    var repetitions: UInt32 = 0
    /// The last one that a later one may show to have been taken.
    private var stray: AnalyzedSegment?

    mutating func note(_ segment: AnalyzedSegment, _ verdict: SegmentVerdict, stream: UInt32) {
        if verdict == .outsideWindow || verdict == .acknowledgesUnsent, segment.flags.isDisjoint(with: [.syn, .rst]) {
            stray = segment
        }
        // A RST is answered where it lies within the window alone.
        guard !segment.flags.contains(.rst) || verdict == .challengedReset, unanswered.count < Self.remembered else {
            return
        }
        unanswered.append(
            Unanswered(
                packet: segment.packet, stream: stream,
                isChallenged: !segment.flags.isDisjoint(with: [.syn, .rst])))
    }

    mutating func popRepetition() -> Bool {
        guard repetitions > 0 else { return false }
        repetitions &-= 1
        return true
    }

    mutating func popUnanswered() -> Unanswered? { unanswered.isEmpty ? nil : unanswered.removeFirst() }

    mutating func popStray() -> AnalyzedSegment? {
        guard let segment = stray else { return nil }
        stray = nil
        unanswered.removeAll { $0.packet == segment.packet }
        return segment
    }
}

extension HeededMarks {
    fileprivate init(_ analysis: TCPSequenceAnalysis) {
        self.init(
            analysis.acknowledgesSeen ? analysis.marks.subtracting(.acknowledgesLostSegment) : analysis.marks,
            duplicateNumber: analysis.facts.duplicateNumber, duplicateOf: analysis.facts.duplicateOf)
    }

    fileprivate mutating func answer(_ segment: ForeignSegments.Unanswered) {
        marks.remove(.duplicateACK)
        if segment.isChallenged { marks.insert(.challengeACK) }
        (duplicateNumber, duplicateOf) = (0, 0)
        (answers, answersStream) = (segment.packet, segment.stream)
    }
}
