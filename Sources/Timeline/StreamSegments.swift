/// Which segment carried which bytes of a stream for the first time. Positions in the stream count from 0, beyond 4 GiB
/// too.
struct StreamSegments {
    private struct Piece {
        let bytes: Range<Int>
        /// The segment's position among the packets.
        let packet: Int
    }

    /// One past the highest byte seen.
    private(set) var highest = 0
    /// What lies below it and was not seen, in order.
    private var gaps: [Range<Int>] = []
    private var pieces: [Piece] = []
    private var isSorted = true

    /// Takes the next segment in capture order.
    mutating func add(_ bytes: Range<Int>, packet: Int) {
        if bytes.lowerBound < highest { fill(bytes, packet) }
        guard bytes.upperBound > highest else { return }
        if bytes.lowerBound > highest { gaps.append(highest..<bytes.lowerBound) }
        pieces.append(Piece(bytes: max(highest, bytes.lowerBound)..<bytes.upperBound, packet: packet))
        highest = bytes.upperBound
    }

    /// A segment that was overtaken, or lost and sent again, fills gaps.
    private mutating func fill(_ bytes: Range<Int>, _ packet: Int) {
        let first = gaps.firstPosition { $0.upperBound > bytes.lowerBound }
        var last = first
        var rest: [Range<Int>] = []
        while last < gaps.count, gaps[last].lowerBound < bytes.upperBound {
            let gap = gaps[last]
            pieces.append(Piece(bytes: gap.clamped(to: bytes), packet: packet))
            if gap.lowerBound < bytes.lowerBound { rest.append(gap.lowerBound..<bytes.lowerBound) }
            if gap.upperBound > bytes.upperBound { rest.append(bytes.upperBound..<gap.upperBound) }
            last += 1
        }
        guard last > first else { return }
        gaps.replaceSubrange(first..<last, with: rest)
        isSorted = false
    }

    /// To be called once all are in.
    mutating func sort() {
        if !isSorted { pieces.sort { $0.bytes.lowerBound < $1.bytes.lowerBound } }
        isSorted = true
    }

    /// The packets that carried these bytes, in capture order, each once.
    func carrying(_ bytes: Range<Int>) -> [Int] {
        guard !bytes.isEmpty else { return [] }
        var found: [Int] = []
        for piece in pieces[pieces.firstPosition { $0.bytes.upperBound > bytes.lowerBound }...] {
            if piece.bytes.lowerBound >= bytes.upperBound { break }
            if found.last != piece.packet { found.append(piece.packet) }
        }
        return Set(found).count == found.count && found.isSortedAscending ? found : Set(found).sorted()
    }
}

extension Array where Element == Int {
    fileprivate var isSortedAscending: Bool { zip(self, dropFirst()).allSatisfy { $0 < $1 } }
}
