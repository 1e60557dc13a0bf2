/// What a backslash begins, and the classes in brackets.
extension PatternParser {
    mutating func escape() throws(PatternError) -> PatternNode {
        if take("b") { return .place(.wordBoundary(true)) }
        if take("B") { return .place(.wordBoundary(false)) }
        if take("A") || take("G") { return .place(.start) }
        if take("z") { return .place(.end) }
        if take("Z") { return .place(.endOrLastLineFeed) }
        if take("K") { return .empty }
        if take("N") { return .one(.notLineFeed) }
        if take("R") {
            return .choice([.sequence([.one(PatternSet(0x0d)), .one(PatternSet(0x0a))]), .one(.vertical)])
        }
        if let character = next, (0x31...0x39).contains(character) || character == 0x67 || character == 0x6b {
            throw PatternError("back-references (\\1, \\g, \\k) are not supported")
        }
        let set = try escapedSet()
        return set.isLiteral ? one(set.set) : .one(set.set)
    }

    /// What stands behind a backslash, in a class or outside: one character, or a set of them.
    private mutating func escapedSet() throws(PatternError) -> (set: PatternSet, isLiteral: Bool) {
        guard let character = next, let scalar = Unicode.Scalar(character) else {
            throw PatternError("it ends in a backslash")
        }
        index += 1
        switch scalar {
        case "d": return (.digit, false)
        case "D": return (PatternSet.digit.inverted, false)
        case "w": return (.word, false)
        case "W": return (PatternSet.word.inverted, false)
        case "s": return (.space, false)
        case "S": return (PatternSet.space.inverted, false)
        case "h": return (.horizontal, false)
        case "H": return (PatternSet.horizontal.inverted, false)
        case "v": return (.vertical, false)
        case "V": return (PatternSet.vertical.inverted, false)
        case "a": return (PatternSet(0x07), true)
        case "e": return (PatternSet(0x1b), true)
        case "f": return (PatternSet(0x0c), true)
        case "n": return (PatternSet(0x0a), true)
        case "r": return (PatternSet(0x0d), true)
        case "t": return (PatternSet(0x09), true)
        case "0": return (PatternSet(code(radix: 8, digits: 2)), true)
        case "x":
            guard take("{") else { return (PatternSet(code(radix: 16, digits: 2)), true) }
            guard let code = UInt32(try take(upTo: "}"), radix: 16), code <= (unicode ? 0x10ffff : 0xff) else {
                throw PatternError("\\x{…} names no character")
            }
            return (PatternSet(code), true)
        case "A"..."Z", "a"..."z", "1"..."9": throw PatternError("\\\(scalar) is not supported")
        default: return (PatternSet(character), true)
        }
    }

    private mutating func code(radix: UInt32, digits: Int) -> UInt32 {
        var result: UInt32 = 0
        for _ in 0..<digits {
            guard let scalar = next.flatMap(Unicode.Scalar.init), let digit = Character(scalar).hexDigitValue,
                digit < radix
            else { break }
            result = result * radix + UInt32(digit)
            index += 1
        }
        return result
    }

    mutating func characterClass() throws(PatternError) -> PatternSet {
        let isInverted = take("^")
        var set = PatternSet([])
        var isFirst = true
        while let character = next, character != 0x5d || isFirst {
            isFirst = false
            if take("[:") {
                let isOther = take("^")
                guard let named = PatternSet.posix(try take(upTo: ":")), take("]") else {
                    throw PatternError("a class such as [:alpha:] is not known")
                }
                set.add(isOther ? named.inverted : named)
                continue
            }
            let (from, isLiteral) = try classMember()
            // A minus sign makes a range only between two characters.
            guard isLiteral, next == 0x2d, index + 1 < text.count, text[index + 1] != 0x5d else {
                set.add(from)
                continue
            }
            index += 1
            let (to, endsRange) = try classMember()
            guard endsRange, let low = from.ranges.first?.lowerBound, let high = to.ranges.first?.lowerBound,
                low <= high
            else {
                throw PatternError("a range in [ ] is out of order")
            }
            set.add(PatternSet([low...high]))
        }
        guard take("]") else { throw PatternError("a ] is missing") }
        if ignoresCase { set = set.ignoringCase(unicode: unicode) }
        return isInverted ? set.inverted : set
    }

    private mutating func classMember() throws(PatternError) -> (set: PatternSet, isLiteral: Bool) {
        guard let character = next else { throw PatternError("a ] is missing") }
        index += 1
        guard character == 0x5c else { return (PatternSet(character), true) }
        if take("b") { return (PatternSet(0x08), true) }
        return try escapedSet()
    }
}
