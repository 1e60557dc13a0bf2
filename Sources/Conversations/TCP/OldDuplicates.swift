import Packets

/// Finds segments that are old duplicates though their numbers are acceptable: sequence numbers wrap, and on a fast
/// path soon (PAWS, protection against wrapped sequence numbers, RFC 7323 section 5).
///
/// A receiver drops what has an older timestamp than the latest one that it took in order. Which that is, it says with
/// every segment that it sends: it echoes it.
struct OldDuplicates {
    /// The latest timestamp that each end echoed.
    private var lower: UInt32?
    private var upper: UInt32?

    /// Whether a segment is older than what its receiver has echoed. Bare ACKs are none: nothing is lost with them, and
    /// they may overtake each other.
    func has(_ segment: AnalyzedSegment, _ timestamps: SegmentTimestamps, _ direction: FlowDirection) -> Bool {
        guard segment.end != segment.sequence, segment.flags.isDisjoint(with: [.syn, .rst]),
            let echoed = direction == .lowerToUpper ? upper : lower
        else { return false }
        return timestamps.value.isBefore(echoed)
    }

    /// Takes in what a segment echoes that belongs to the connection.
    mutating func note(_ segment: AnalyzedSegment, _ timestamps: SegmentTimestamps, _ direction: FlowDirection) {
        guard segment.flags.contains(.ack), !segment.flags.contains(.rst) else { return }
        switch direction {
        case .lowerToUpper: lower = Self.later(lower, timestamps.echo)
        case .upperToLower: upper = Self.later(upper, timestamps.echo)
        }
    }

    private static func later(_ known: UInt32?, _ echo: UInt32) -> UInt32 {
        guard let known else { return echo }
        return echo.isAfter(known) ? echo : known
    }
}

/// The timestamps option of a segment (RFC 7323 section 3.2).
struct SegmentTimestamps {
    let value: UInt32
    let echo: UInt32

    /// Looks for the option where it nearly always stands: first, behind two octets of padding (RFC 7323 appendix A).
    /// - Parameter bytes: the segment, as captured.
    @inline(__always)
    init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= 32, bytes.uint8(at: 12) >= 0x80, bytes.uint32(at: 20) == 0x0101_080a else {
            return nil
        }
        value = bytes.uint32(at: 24)
        echo = bytes.uint32(at: 28)
    }
}
