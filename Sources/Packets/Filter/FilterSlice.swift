/// A part of a value, `[2:4]`, or of a number of layers; negative places count from the end.
struct FilterSlice: Hashable {
    var start: Int
    enum End: Hashable {
        case length(Int)
        /// The last one, inclusive.
        case through(Int)
        case rest
    }
    var end: End
}

extension FilterSlice {
    /// Reads what stands in brackets: `i:j` (from i, j bytes), `i-j` (from i to j), `i`, `:j`, `i:`, several with
    /// commas.
    static func parse(_ token: FilterToken, in text: String) throws(DisplayFilterError) -> [FilterSlice] {
        func failure(_ message: String) -> DisplayFilterError {
            DisplayFilterError(text: text, range: token.range, message: message)
        }
        var slices: [FilterSlice] = []
        for part in token.text.split(separator: ",", omittingEmptySubsequences: false) {
            let part = part.filter { $0 != " " }
            if let colon = part.firstIndex(of: ":") {
                let (before, after) = (part[..<colon], part[part.index(after: colon)...])
                guard let start = before.isEmpty ? 0 : Int(before) else {
                    throw failure("a slice begins with a number: [0:4]")
                }
                if after.isEmpty {
                    slices.append(FilterSlice(start: start, end: .rest))
                } else {
                    guard let length = Int(after), length > 0, length <= 65_536 else {
                        throw failure("a slice's length is at least 1: [0:4]")
                    }
                    slices.append(FilterSlice(start: start, end: .length(length)))
                }
            } else if let dash = part.dropFirst().firstIndex(of: "-") {
                guard let start = Int(part[..<dash]), let last = Int(part[part.index(after: dash)...]) else {
                    throw failure("a slice from place to place is written [0-3]")
                }
                if (start < 0) != (last < 0) {
                    throw failure("both places of a slice count from the start, or both from the end")
                }
                if last < start { throw failure("a slice ends where it begins or later") }
                slices.append(FilterSlice(start: start, end: .through(last)))
            } else {
                guard let start = Int(part) else {
                    throw failure("a slice is written [start:length], [from-to], [place], [:length] or [start:]")
                }
                slices.append(FilterSlice(start: start, end: .length(1)))
            }
        }
        for slice in slices where abs(slice.start) > 1 << 24 {
            _ = slice
            throw failure("a slice begins within the packet")
        }
        return slices
    }

    /// The places that the slice covers in something of `count` places; nil where it reaches beyond.
    func range(in count: Int) -> Range<Int>? {
        let first = start < 0 ? count + start : start
        guard first >= 0, first < count else { return nil }
        let end: Int
        switch self.end {
        case .length(let length): end = first + length
        case .through(let last): end = (last < 0 ? count + last : last) + 1
        case .rest: end = count
        }
        return end <= count && end > first ? first..<end : nil
    }
}
