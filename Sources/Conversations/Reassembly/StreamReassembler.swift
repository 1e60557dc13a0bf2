import Packets

/// Puts the bytes of one direction of a TCP connection in order: whatever the order, overlap and repetition of its
/// segments, the same stream comes out.
///
/// Where segments overlap, the bytes that came first stand. What comes too early is kept until the gap before it
/// closes, but never more than `limit` bytes in `maximumPieces` pieces: beyond that, and at the end, and when the
/// receiver acknowledges what was never seen, the gap is given up and named. Positions count bytes from the first of
/// the stream and do not wrap.
public struct StreamReassembler: Sendable {
    /// A part of the stream, in order.
    public struct Piece: Hashable, Sendable {
        /// The position of its first byte.
        public let position: UInt64
        /// Its bytes, or how many are missing.
        public let content: Content
        /// The packet that carried it; for a gap, the one that showed it.
        public let packet: Int

        /// A part of the stream.
        public init(position: UInt64, content: Content, packet: Int) {
            self.position = position
            self.content = content
            self.packet = packet
        }

        /// What a part consists of.
        public enum Content: Hashable, Sendable {
            case bytes([UInt8])
            /// Bytes that were not captured.
            case gap(UInt64)
        }
    }

    /// A run of bytes that a segment brought though they had come before: a retransmission, or an overlap. A segment
    /// that also fills a gap may have one before and one behind it.
    public struct Repetition: Hashable, Sendable {
        /// The packet that brought them.
        public let packet: Int
        /// The position of the first of them in the stream.
        public let position: UInt64
        /// How many bytes came again.
        public internal(set) var length: Int
        /// Whether it brought other bytes than those that came first; known of the latest 64 segments.
        public internal(set) var differs = false
    }

    /// How many bytes wait for a gap to close at most.
    public static let defaultLimit = 1 << 20
    /// So many repetitions are kept; `repeatedBytes` counts them all.
    public static let maximumRepetitions = 64
    /// How many pieces wait for a gap to close at most.
    public static let maximumPieces = 4096
    /// No window is larger (RFC 7323 section 2.3): what lies further ahead belongs to no stream.
    private static let farthest: Int64 = 1 << 30

    private struct Waiting {
        var position: UInt64
        var bytes: [UInt8]
        var packet: Int
        var end: UInt64 { position + UInt64(bytes.count) }
    }

    /// The position of the next byte in order.
    public private(set) var position: UInt64 = 0
    /// Bytes that were kept back for a gap to close, now.
    public private(set) var waitingBytes = 0
    /// Bytes that came again.
    public private(set) var repeatedBytes: UInt64 = 0
    /// The first runs of such bytes, and how many there were.
    public private(set) var repetitions: [Repetition] = []
    /// How many runs of bytes came again.
    public private(set) var repetitionCount = 0
    private var current: Repetition?
    /// Segments that lay outside of any window.
    public private(set) var strayed = 0
    private let limit: Int
    private var next: UInt32?
    /// What was taken lately, to be compared with what comes again; nil where nobody asks.
    private var recent: RecentBytes?
    /// In order, without overlaps.
    private var waiting: [Waiting] = []

    /// - Parameters:
    ///   - limit: how many bytes may wait for a gap to close.
    ///   - comparesRepetitions: whether it is to be told that bytes came again as others, which takes memory.
    public init(limit: Int = Self.defaultLimit, comparesRepetitions: Bool = true) {
        self.limit = max(1, limit)
        if comparesRepetitions { recent = RecentBytes(runs: 64, bytes: 1 << 16) }
    }

    /// Says where the stream begins: one past the SYN's number. Otherwise it begins with the first segment that comes.
    public mutating func open(at sequence: UInt32) {
        if next == nil { next = sequence }
    }

    /// Whether a segment comes in order, with nothing waiting behind it: then `pass` does without a copy of it.
    public func isNext(_ sequence: UInt32) -> Bool { waiting.isEmpty && (next == nil || next == sequence) }

    /// Where a segment's first byte lies in the stream, before it is taken; nil where it belongs to none.
    func place(of sequence: UInt32) -> Int64? {
        guard let next else { return Int64(position) }
        let ahead = Int64(Int32(bitPattern: sequence &- next))
        return abs(ahead) < Self.farthest ? Int64(clamping: position) + ahead : nil
    }

    /// Takes a segment that is next, whose bytes somebody else reads.
    public mutating func pass(_ sequence: UInt32, length: Int) {
        if next == nil { next = sequence }
        advance(UInt64(max(0, length)))
    }

    /// Takes a segment of which only the place counts.
    mutating func pass(over sequence: UInt32, length: Int) {
        guard let place = place(of: sequence), length > 0 else { return }
        let ahead = place + Int64(length) - Int64(clamping: position)
        if next == nil { next = sequence }
        if ahead > 0 { advance(UInt64(ahead)) }
        waiting.removeAll()
        waitingBytes = 0
    }

    /// Takes a segment.
    /// - Parameters:
    ///   - sequence: the number of its first byte.
    ///   - bytes: the payload, as captured.
    ///   - length: the payload's length on the wire; what was not captured is a gap.
    /// - Returns: what is now in order.
    public mutating func add(sequence: UInt32, _ bytes: RawSpan, length: Int, packet: Int) -> [Piece] {
        guard length > 0 else { return [] }
        let expected = next ?? sequence
        next = expected
        let ahead = Int64(Int32(bitPattern: sequence &- expected))
        guard abs(ahead) < Self.farthest else {
            strayed += 1
            return []
        }
        var skipped = 0
        var start = position
        if ahead < 0 {
            skipped = Int(-ahead)
            let again = min(skipped, length)
            repeated(
                again, at: position - min(position, UInt64(skipped)), packet,
                differs: recent?.conflict(sequence: sequence, bytes.extracting(first: again)) != nil)
        } else {
            start += UInt64(ahead)
        }
        recent?.note(sequence: sequence, bytes, packet: packet)
        var pieces: [Piece] = []
        if skipped < bytes.byteCount {
            keep(Waiting(position: start, bytes: bytes.extracting(droppingFirst: skipped).copied, packet: packet))
            deliver(&pieces)
        }
        while waitingBytes > limit || waiting.count > Self.maximumPieces { skipGap(&pieces) }
        endRepetition()
        return pieces
    }

    private mutating func repeated(_ length: Int, at position: UInt64, _ packet: Int, differs: Bool = false) {
        repeatedBytes &+= UInt64(length)
        if let current, current.position + UInt64(current.length) != position { endRepetition() }
        if current == nil { current = Repetition(packet: packet, position: position, length: 0) }
        current?.length += length
        if differs { current?.differs = true }
    }

    private mutating func endRepetition() {
        guard let ended = current else { return }
        repetitionCount += 1
        if repetitions.count < Self.maximumRepetitions { repetitions.append(ended) }
        current = nil
    }

    /// The other end acknowledged everything before `sequence`: what is missing there will not come again.
    public mutating func acknowledge(_ sequence: UInt32, packet: Int) -> [Piece] {
        guard let next else { return [] }
        let ahead = Int64(Int32(bitPattern: sequence &- next))
        guard ahead > 0, ahead < Self.farthest else { return [] }
        let end = position + UInt64(ahead)
        var pieces: [Piece] = []
        while position < end {
            if let first = waiting.first, first.position < end {
                skipGap(&pieces)
            } else {
                giveUp(end - position, packet, &pieces)
            }
        }
        return pieces
    }

    /// Ends the stream: what still waits comes out, with the gaps before it.
    public mutating func finish() -> [Piece] {
        var pieces: [Piece] = []
        while !waiting.isEmpty { skipGap(&pieces) }
        return pieces
    }

    /// Adds what is new of a piece to what waits.
    private mutating func keep(_ piece: Waiting) {
        var rest = piece
        var index = waiting.partitioningIndex { $0.end > rest.position }
        while !rest.bytes.isEmpty {
            guard index < waiting.count, waiting[index].position < rest.end else {
                waitingBytes += rest.bytes.count
                waiting.insert(rest, at: index)
                return
            }
            let other = waiting[index]
            if rest.position < other.position {
                let count = Int(other.position - rest.position)
                waiting.insert(
                    Waiting(position: rest.position, bytes: Array(rest.bytes[..<count]), packet: rest.packet), at: index
                )
                waitingBytes += count
                index += 1
            }
            // The bytes that came first stand.
            let start = max(rest.position, other.position)
            let covered = Int(min(other.end, rest.end) - start)
            let theirs = other.bytes[Int(start - other.position)...].prefix(covered)
            repeated(
                covered, at: start, rest.packet,
                differs: !theirs.elementsEqual(rest.bytes[Int(start - rest.position)...].prefix(covered)))
            let skip = Int(min(other.end, rest.end) - rest.position)
            rest = Waiting(
                position: rest.position + UInt64(skip), bytes: Array(rest.bytes[skip...]), packet: rest.packet)
            index += 1
        }
    }

    private mutating func deliver(_ pieces: inout [Piece]) {
        var count = 0
        while count < waiting.count, waiting[count].position == position {
            let piece = waiting[count]
            pieces.append(Piece(position: piece.position, content: .bytes(piece.bytes), packet: piece.packet))
            advance(UInt64(piece.bytes.count))
            waitingBytes -= piece.bytes.count
            count += 1
        }
        if count > 0 { waiting.removeFirst(count) }
    }

    private mutating func skipGap(_ pieces: inout [Piece]) {
        guard let first = waiting.first else { return }
        giveUp(first.position - position, first.packet, &pieces)
        deliver(&pieces)
    }

    private mutating func giveUp(_ length: UInt64, _ packet: Int, _ pieces: inout [Piece]) {
        guard length > 0 else { return }
        pieces.append(Piece(position: position, content: .gap(length), packet: packet))
        advance(length)
    }

    private mutating func advance(_ length: UInt64) {
        position += length
        next = next.map { $0 &+ UInt32(truncatingIfNeeded: length) }
    }
}

extension Array {
    /// The first index whose element fulfils a condition that holds for all behind it.
    fileprivate func partitioningIndex(_ condition: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
