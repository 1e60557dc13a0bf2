import Packets

/// The initial sequence numbers of a connection's two ends (RFC 9293 section 3.4.1), from which relative numbers count,
/// and what they say of a SYN.
///
/// An end's initial number is its SYN's. Where the capture began in the middle, it is one below the first number seen,
/// so that data still begins at 1, as in Wireshark.
struct InitialNumbers: Hashable, Sendable {
    private var lower: UInt32 = 0
    private var upper: UInt32 = 0
    private var isLowerKnown = false
    private var isUpperKnown = false

    /// How a segment stands to a connection of its ports that was seen before.
    enum Relation: Hashable, Sendable {
        /// Nothing speaks against it.
        case belongs
        /// The SYN that the end sent before, again.
        case repeatsSYN
        /// A SYN-ACK with another number than the end had so far.
        case answersWithOtherNumber
        /// A SYN with another number: a new connection on the same ports.
        case opensAnother
    }

    /// The initial number of the end whose segments go this way; nil where nothing told it.
    @inline(__always)
    func of(_ sender: FlowDirection) -> UInt32? {
        switch sender {
        case .lowerToUpper: isLowerKnown ? lower : nil
        case .upperToLower: isUpperKnown ? upper : nil
        }
    }

    /// Whether both ends' are known.
    @inline(__always) var areKnown: Bool { isLowerKnown && isUpperKnown }

    /// The one rule when a port pair begins anew: with a SYN whose number is not its sender's initial one.
    @inline(__always)
    func relation(of segment: AnalyzedSegment, _ direction: FlowDirection) -> Relation {
        guard segment.flags.contains(.syn), let initial = of(direction) else { return .belongs }
        if initial == segment.sequence { return segment.flags.contains(.ack) ? .belongs : .repeatsSYN }
        return segment.flags.contains(.ack) ? .answersWithOtherNumber : .opensAnother
    }

    /// Takes in the numbers of a segment, as far as they are the first of their end.
    @inline(__always)
    mutating func note(_ segment: AnalyzedSegment, _ direction: FlowDirection) {
        if of(direction) == nil {
            set(direction, to: segment.flags.contains(.syn) ? segment.sequence : segment.sequence &- 1)
        }
        if segment.flags.contains(.ack), of(direction.opposite) == nil {
            set(direction.opposite, to: segment.acknowledgment &- 1)
        }
    }

    mutating func set(_ sender: FlowDirection, to number: UInt32) {
        switch sender {
        case .lowerToUpper: (lower, isLowerKnown) = (number, true)
        case .upperToLower: (upper, isUpperKnown) = (number, true)
        }
    }
}
