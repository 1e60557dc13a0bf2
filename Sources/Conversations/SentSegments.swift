import Addressing

/// What one end of a connection has sent, as far as a story needs it: which bytes were seen, which are missing, and
/// which packet carried the last few. Bounded, however long the connection is.
package struct SentSegments: Sendable {
    package struct Segment: Sendable {
        package var sequence: UInt32
        package var end: UInt32
        package var packet: Int
        package var time: Timestamp
    }

    private static let rememberedSegments = 256
    private static let rememberedHoles = 64

    /// One past the highest number sent; nil before the first segment.
    package private(set) var next: UInt32?
    /// Bytes that were seen, each once.
    package private(set) var bytes: UInt64 = 0
    private var recent: [Segment] = []
    private var oldest = 0
    private var holes: [Range<UInt64>] = []
    /// Whether there were more holes than are remembered.
    private var forgotHoles = false
    /// `next` as a position that does not wrap.
    private var position: UInt64 = 1 << 32
    /// Where the stream begins, as far as is known: behind its SYN, or with the lowest byte seen of one that the
    /// capture joined late.
    private var start: UInt64 = 1 << 32
    private var hasSYN = false

    package init() {}

    /// What a segment brought.
    package struct News {
        /// Bytes that had not been seen.
        package var fresh: UInt64 = 0
        /// Bytes before it that are missing.
        package var missing: UInt64 = 0
        /// Whether it filled a gap that was seen before.
        package var fills = false
    }

    /// Says where the stream begins: behind the SYN.
    package mutating func open(at sequence: UInt32) {
        guard next == nil else { return }
        next = sequence
        hasSYN = true
    }

    package mutating func take(sequence: UInt32, length: UInt32, packet: Int, time: Timestamp) -> News {
        var news = News()
        let expected = next ?? sequence
        next = expected
        let ahead = Int64(Int32(bitPattern: sequence &- expected))
        guard ahead.magnitude < 1 << 30 else { return news }
        let start = UInt64(Int64(position) + ahead)
        let end = start + UInt64(length)
        if start > position {
            news.missing = start - position
            if holes.count < Self.rememberedHoles { holes.append(position..<start) } else { forgotHoles = true }
        }
        if start < self.start, !hasSYN { extend(down: start, to: end, &news) }
        if start < position { fill(start..<min(end, position), &news) }
        if end > position {
            news.fresh += end - max(start, position)
            position = end
            next = sequence &+ length
        }
        bytes &+= news.fresh
        remember(Segment(sequence: sequence, end: sequence &+ length, packet: packet, time: time))
        return news
    }

    /// What a segment holds of the numbers up to the highest one sent.
    package struct Overlap {
        /// From its first byte to the last one below `next`.
        package var length: UInt32
        /// Those of them that had not been seen: they fill a gap.
        package var fresh: UInt32
    }

    /// What a segment that is about to be taken has in common with what was sent before.
    package func overlap(sequence: UInt32, length: UInt32) -> Overlap {
        guard let next else { return Overlap(length: length, fresh: length) }
        let behind = Int32(bitPattern: next &- sequence)
        guard behind > 0, behind < 1 << 30 else { return Overlap(length: length, fresh: length) }
        let old = min(length, UInt32(behind))
        let start = position - UInt64(behind)
        let range = start..<start + UInt64(old)
        let unseen = holes.reduce(0) { $0 + UInt32(truncatingIfNeeded: $1.clamped(to: range).count) }
        let earlier = hasSYN ? 0 : UInt32(truncatingIfNeeded: range.clamped(to: 0..<self.start).count)
        return Overlap(length: old, fresh: unseen + earlier)
    }

    /// Whether every byte before `number` was seen; false also where that is not known.
    package func hasAll(before number: UInt32) -> Bool {
        guard let next, !forgotHoles else { return false }
        let behind = Int32(bitPattern: next &- number)
        guard behind >= 0 else { return false }
        let end = position - UInt64(behind)
        return holes.allSatisfy { $0.lowerBound >= end }
    }

    /// The packet that carried bytes of this range before: the first ones of the range that were seen, and of several
    /// packets the latest.
    package func original(of sequence: UInt32, length: UInt32, before packet: Int) -> Segment? {
        func start(_ segment: Segment) -> Int32 { max(0, Int32(bitPattern: segment.sequence &- sequence)) }
        return recent.filter {
            $0.packet < packet && Int32(bitPattern: $0.sequence &- (sequence &+ length)) < 0
                && Int32(bitPattern: $0.end &- sequence) > 0
        }.max { start($0) != start($1) ? start($0) > start($1) : $0.packet < $1.packet }
    }

    /// Takes bytes that lie before all that were seen, of a stream that the capture joined late.
    private mutating func extend(down begin: UInt64, to end: UInt64, _ news: inout News) {
        news.fresh += min(end, start) - begin
        news.fills = true
        if end < start {
            if holes.count < Self.rememberedHoles { holes.append(end..<start) } else { forgotHoles = true }
        }
        start = begin
    }

    private mutating func fill(_ range: Range<UInt64>, _ news: inout News) {
        var left: [Range<UInt64>] = []
        for hole in holes {
            let common = hole.clamped(to: range)
            guard !common.isEmpty else {
                left.append(hole)
                continue
            }
            news.fresh += UInt64(common.count)
            news.fills = true
            if hole.lowerBound < common.lowerBound { left.append(hole.lowerBound..<common.lowerBound) }
            guard common.upperBound < hole.upperBound else { continue }
            if left.count < Self.rememberedHoles {
                left.append(common.upperBound..<hole.upperBound)
            } else {
                forgotHoles = true
            }
        }
        holes = left
    }

    private mutating func remember(_ segment: Segment) {
        if recent.count < Self.rememberedSegments {
            recent.append(segment)
        } else {
            recent[oldest] = segment
            oldest = (oldest + 1) % Self.rememberedSegments
        }
    }
}
