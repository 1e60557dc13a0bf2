/// A regular expression in Perl's style, taken apart.
indirect enum PatternNode {
    case empty
    case one(PatternSet)
    case sequence([PatternNode])
    case choice([PatternNode])
    /// From `least` to `most` times; without end where `most` is nil. Greedy or not makes no difference to whether it
    /// is found.
    case times(PatternNode, least: Int, most: Int?)
    case place(PatternPlace)
}

/// A condition on the place between two characters.
enum PatternPlace: Equatable {
    case start, end, endOrLastLineFeed, lineStart, lineEnd
    case wordBoundary(Bool)
    /// Look-around: the places where the expression of that number fits, or does not.
    case look(Int, fits: Bool)
}

/// What stands inside `(?=…)` and its relatives.
struct PatternLook {
    let node: PatternNode
    /// Whether it is looked for behind the place (`(?=`) or before it (`(?<=`).
    let isAhead: Bool
}

/// A set of characters: bytes, or Unicode scalars where the pattern has letters beyond ASCII.
struct PatternSet {
    private(set) var ranges: [ClosedRange<UInt32>]

    init(_ ranges: [ClosedRange<UInt32>]) { self.ranges = ranges }
    init(_ one: UInt32) { ranges = [one...one] }

    func contains(_ character: UInt32) -> Bool { ranges.contains { $0.contains(character) } }

    mutating func add(_ other: PatternSet) { ranges += other.ranges }

    var inverted: PatternSet {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
            next = max(next, range.upperBound &+ 1)
        }
        if next <= 0x10ffff { result.append(next...0x10ffff) }
        return PatternSet(result)
    }

    /// With the other case of each letter: ASCII's only, or all that have one of a single scalar.
    func ignoringCase(unicode: Bool) -> PatternSet {
        var result = self
        for range in ranges {
            for (letters, distance) in [(0x41...0x5a as ClosedRange<UInt32>, 0x20 as UInt32), (0x61...0x7a, 0 &- 0x20)]
            where range.overlaps(letters) {
                let both = range.clamped(to: letters)
                result.ranges.append(both.lowerBound &+ distance...both.upperBound &+ distance)
            }
            // A long range, such as the rest of Unicode, has both cases anyhow.
            guard unicode, range.upperBound >= 0x80, range.count <= 0x400 else { continue }
            for character in range {
                guard let properties = Unicode.Scalar(character)?.properties else { continue }
                for text in [properties.lowercaseMapping, properties.uppercaseMapping]
                where text.unicodeScalars.count == 1 {
                    if let other = text.unicodeScalars.first { result.ranges.append(other.value...other.value) }
                }
            }
        }
        return result
    }

    static let digit = PatternSet([0x30...0x39])
    static let word = PatternSet([0x30...0x39, 0x41...0x5a, 0x5f...0x5f, 0x61...0x7a])
    static let space = PatternSet([0x09...0x0d, 0x20...0x20])
    static let horizontal = PatternSet([0x09...0x09, 0x20...0x20, 0xa0...0xa0])
    static let vertical = PatternSet([0x0a...0x0d, 0x85...0x85])
    static let all = PatternSet([0...0x10ffff])
    static let notLineFeed = PatternSet(0x0a).inverted

    /// `[:alpha:]` and its relatives.
    static func posix(_ name: String) -> PatternSet? {
        switch name {
        case "alpha": PatternSet([0x41...0x5a, 0x61...0x7a])
        case "digit": digit
        case "alnum": PatternSet([0x30...0x39, 0x41...0x5a, 0x61...0x7a])
        case "upper": PatternSet([0x41...0x5a])
        case "lower": PatternSet([0x61...0x7a])
        case "space": space
        case "blank": PatternSet([0x09...0x09, 0x20...0x20])
        case "punct": PatternSet([0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e])
        case "print": PatternSet([0x20...0x7e])
        case "graph": PatternSet([0x21...0x7e])
        case "cntrl": PatternSet([0...0x1f, 0x7f...0x7f])
        case "xdigit": PatternSet([0x30...0x39, 0x41...0x46, 0x61...0x66])
        case "word": word
        case "ascii": PatternSet([0...0x7f])
        default: nil
        }
    }
}

/// Why a pattern cannot be used.
struct PatternError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
