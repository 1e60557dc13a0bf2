import Addressing

/// What one end of a connection has sent, as far as a story needs it: which bytes were seen, which are missing, and which packet
/// carried the last few. Bounded, however long the connection is.
struct SentSegments: Sendable {
    struct Segment: Sendable {
        var sequence: UInt32
        var end: UInt32
        var packet: Int
        var time: Timestamp
    }

    private static let rememberedSegments = 256
    private static let rememberedHoles = 64

    /// One past the highest number sent; nil before the first segment.
    private(set) var next: UInt32?
    /// Bytes that were seen, each once.
    private(set) var bytes: UInt64 = 0
    private var recent: [Segment] = []
    private var oldest = 0
    private var holes: [Range<UInt64>] = []
    /// `next` as a position that does not wrap.
    private var position: UInt64 = 1 << 32

    /// What a segment brought.
    struct News {
        /// Bytes that had not been seen.
        var fresh: UInt64 = 0
        /// Bytes before it that are missing.
        var missing: UInt64 = 0
        /// Whether it filled a gap that was seen before.
        var fills = false
    }

    /// Says where the stream begins: behind the SYN.
    mutating func open(at sequence: UInt32) {
        guard next == nil else { return }
        next = sequence
    }

    mutating func take(sequence: UInt32, length: UInt32, packet: Int, time: Timestamp) -> News {
        var news = News()
        let expected = next ?? sequence
        next = expected
        let ahead = Int64(Int32(bitPattern: sequence &- expected))
        guard ahead.magnitude < 1 << 30 else { return news }
        let start = UInt64(Int64(position) + ahead)
        let end = start + UInt64(length)
        if start > position {
            news.missing = start - position
            if holes.count < Self.rememberedHoles { holes.append(position..<start) }
        }
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

    /// The packet that carried these bytes before.
    func original(of sequence: UInt32, before packet: Int) -> Segment? {
        recent.filter { $0.packet < packet && Int32(bitPattern: sequence &- $0.sequence) >= 0 && Int32(bitPattern: sequence &- $0.end) < 0 }
            .max { $0.packet < $1.packet }
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
            if common.upperBound < hole.upperBound, left.count < Self.rememberedHoles { left.append(common.upperBound..<hole.upperBound) }
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
