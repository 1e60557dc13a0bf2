import Packets

/// The fragments of one datagram that are there.
struct PartialDatagram: Sendable {
    /// In the order of their places.
    private(set) var parts: [AssembledPart] = []
    /// The packet with the fragment that begins the datagram, of several the first that came; 0 where it is missing.
    private(set) var firstFragment = 0
    private var bytes: [UInt8] = []
    /// Which of the bytes are there: in order, with gaps between.
    private var covered: [Range<Int>] = []
    /// Where the datagram ends, as the last fragment says.
    private var length: Int?

    var count: Int { parts.count }

    /// Bytes that it takes, about.
    var size: Int { bytes.count + parts.count * MemoryLayout<AssembledPart>.stride }

    /// The datagram, where nothing is missing.
    var whole: [UInt8]? {
        guard let length, let first = covered.first, first.lowerBound == 0, first.upperBound >= length else {
            return nil
        }
        return bytes.count == length ? bytes : Array(bytes.prefix(length))
    }

    /// Adds a fragment. Bytes that are there already stay as they are.
    mutating func add(_ new: RawSpan, at offset: Int, isLast: Bool, packet: UInt32) {
        var part = AssembledPart(packet: packet, start: offset, length: new.byteCount)
        let end = offset + new.byteCount
        if offset == 0, firstFragment == 0 { firstFragment = Int(packet) }
        if isLast {
            if let length, length != end {
                part.remarks.insert(.otherEnd)
            } else {
                length = end
            }
        }
        if let length, end > length { part.remarks.insert(.beyondEnd) }
        if bytes.count < end { bytes.append(contentsOf: repeatElement(0, count: end - bytes.count)) }
        var position = offset
        for range in covered where range.upperBound > offset && range.lowerBound < end {
            fill(position..<max(position, range.lowerBound), from: new, at: offset)
            part.remarks.insert(.overlap)
            let common = max(position, range.lowerBound)..<min(end, range.upperBound)
            if common.contains(where: { bytes[$0] != new.uint8(at: $0 - offset) }) { part.remarks.insert(.conflict) }
            position = common.upperBound
        }
        fill(position..<max(position, end), from: new, at: offset)
        cover(offset..<end)
        parts.insert(part, at: parts.firstIndex { $0.start > offset } ?? parts.count)
    }

    private mutating func fill(_ range: Range<Int>, from new: RawSpan, at offset: Int) {
        for place in range { bytes[place] = new.uint8(at: place - offset) }
    }

    /// Joins a range with those that touch it.
    private mutating func cover(_ range: Range<Int>) {
        let first = covered.firstIndex { $0.upperBound >= range.lowerBound } ?? covered.count
        var (joined, last) = (range, first)
        while last < covered.count, covered[last].lowerBound <= range.upperBound {
            joined = min(joined.lowerBound, covered[last].lowerBound)..<max(joined.upperBound, covered[last].upperBound)
            last += 1
        }
        covered.replaceSubrange(first..<last, with: CollectionOfOne(joined))
    }
}
