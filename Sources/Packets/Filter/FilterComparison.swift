/// How values compare: numbers by size, everything else byte by byte.
extension DisplayFilter {
    /// Negative, zero or positive as `a` is less than, equal to or greater than `b`.
    /// - Parameters:
    ///   - mask: which bits of addresses count.
    ///   - byLength: whether bytes are ordered by their number first.
    @inline(__always)
    func order(_ a: FilterValue, _ b: FilterValue, mask: UInt128, byLength: Bool = false, _ record: RawSpan) -> Int {
        switch (a, b) {
        case (.number(let x), .number(let y)): return x < y ? -1 : x > y ? 1 : 0
        case (.octets(let x, let count), .octets(let y, let other)) where count == other:
            let (x, y) = (x & mask, y & mask)
            return x < y ? -1 : x > y ? 1 : 0
        default:
            let (m, n) = (count(a), count(b))
            return byLength && m != n ? m - n : bytewise(a, b, record)
        }
    }

    private func bytewise(_ a: FilterValue, _ b: FilterValue, _ record: RawSpan) -> Int {
        let (m, n) = (count(a), count(b))
        for position in 0..<min(m, n) {
            let (x, y) = (byte(a, position, record), byte(b, position, record))
            if x != y { return x < y ? -1 : 1 }
        }
        return m - n
    }

    func isMember(_ value: FilterValue, _ intervals: Range<Int>, _ record: RawSpan) -> Bool {
        for index in intervals {
            let interval = program.intervals[index]
            let first = order(
                value, interval.first.value, mask: interval.first.mask, byLength: interval.first.isByLength, record)
            if let last = interval.last {
                if first >= 0, order(value, last.value, mask: last.mask, byLength: last.isByLength, record) <= 0 {
                    return true
                }
            } else if first == 0 {
                return true
            }
        }
        return false
    }

    func isNonzero(_ value: FilterValue, _ record: RawSpan) -> Bool {
        switch value {
        case .number(let number): number != 0
        case .octets(let bytes, _): bytes != 0
        default: (0..<count(value)).contains { byte(value, $0, record) != 0 }
        }
    }

    /// Whether the bytes of `b` stand somewhere in `a`.
    func contains(_ a: FilterValue, _ b: FilterValue, _ record: RawSpan) -> Bool {
        let length = count(b)
        if length == 0 { return true }
        let first = byte(b, 0, record)
        let last = count(a) - length
        if last < 0 { return false }
        if case .record(let start, _) = a {
            // The packet's own bytes: look for the first byte without asking each time whose it is.
            let base = Int(start)
            var position = 0
            while position <= last {
                if record.uint8(at: base &+ position) == first, equal(a, position, b, length, record) { return true }
                position &+= 1
            }
            return false
        }
        for position in 0...last where byte(a, position, record) == first && equal(a, position, b, length, record) {
            return true
        }
        return false
    }

    private func equal(_ a: FilterValue, _ offset: Int, _ b: FilterValue, _ length: Int, _ record: RawSpan) -> Bool {
        for position in 0..<length where byte(a, offset &+ position, record) != byte(b, position, record) {
            return false
        }
        return true
    }
}

extension FilterSlice {
    /// Whether the layer with this number, counted from 1, is meant; negative numbers count from the last one.
    func coversLayer(_ number: Int, of count: Int) -> Bool {
        let first = start < 0 ? count + start + 1 : start
        switch end {
        case .length(let length): return number >= first && number < first + length
        case .through(let last): return number >= first && number <= (last < 0 ? count + last + 1 : last)
        case .rest: return number >= first
        }
    }
}
