/// Reads a regular expression in Perl's style, as pcre2pattern(3) describes it. What cannot be found in time linear in
/// the text (back-references, atomic groups, possessive quantifiers, recursion) is refused.
struct PatternParser {
    private static let deepest = 100
    private static let mostTimes = 1000

    private let text: [UInt32]
    private let unicode: Bool
    private var index = 0
    private var depth = 0
    private var ignoresCase = true
    private var dotIsAll = false
    private var isMultiline = false
    private var isExtended = false
    private var looks: [PatternLook] = []

    /// - Returns: the expression, and those of its look-arounds, inner ones first.
    static func parse(_ text: [UInt32], unicode: Bool) throws(PatternError) -> (PatternNode, [PatternLook]) {
        var parser = PatternParser(text: text, unicode: unicode)
        let node = try parser.choice()
        if parser.index < text.count { throw PatternError("a ) without its (") }
        return (node, parser.looks)
    }

    private init(text: [UInt32], unicode: Bool) {
        self.text = text
        self.unicode = unicode
    }

    // MARK: Characters

    private var next: UInt32? { index < text.count ? text[index] : nil }

    private mutating func take(_ expected: String) -> Bool {
        let wanted = expected.unicodeScalars.map(\.value)
        guard index + wanted.count <= text.count, text[index..<index + wanted.count].elementsEqual(wanted) else {
            return false
        }
        index += wanted.count
        return true
    }

    /// The text up to the end mark, which is taken as well.
    private mutating func take(upTo mark: Unicode.Scalar) throws(PatternError) -> String {
        guard let end = text[index...].firstIndex(of: mark.value) else { throw PatternError("a \(mark) is missing") }
        defer { index = end + 1 }
        return String(String.UnicodeScalarView(text[index..<end].compactMap(Unicode.Scalar.init)))
    }

    private func one(_ set: PatternSet) -> PatternNode { .one(ignoresCase ? set.ignoringCase(unicode: unicode) : set) }

    // MARK: Structure

    private mutating func choice() throws(PatternError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.deepest { throw PatternError("groups are nested more than \(Self.deepest) deep") }
        // Flags set inside a group end with it.
        let flags = (ignoresCase, dotIsAll, isMultiline, isExtended)
        defer { (ignoresCase, dotIsAll, isMultiline, isExtended) = flags }
        var branches: [PatternNode] = []
        repeat { branches.append(try sequence()) } while take("|")
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var parts: [PatternNode] = []
        while let character = next, character != 0x7c, character != 0x29 {
            if isExtended, PatternSet.space.contains(character) {
                index += 1
            } else if isExtended, character == 0x23 {
                while let character = next, character != 0x0a { index += 1 }
            } else if take("\\Q") {
                while index < text.count, !take("\\E") {
                    parts.append(one(PatternSet(text[index])))
                    index += 1
                }
            } else if take("\\E") {
                continue
            } else {
                parts.append(try quantified(try atom()))
            }
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func quantified(_ atom: PatternNode) throws(PatternError) -> PatternNode {
        var result = atom
        var rounds = 0
        while let (least, most) = try quantifier() {
            rounds += 1
            if rounds > 3 { throw PatternError("a quantifier stands after a quantifier") }
            if take("+") { throw PatternError("possessive quantifiers are not supported") }
            _ = take("?")
            result = .times(result, least: least, most: most)
        }
        return result
    }

    private mutating func quantifier() throws(PatternError) -> (Int, Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        let start = index
        guard take("{") else { return nil }
        let least = number()
        let hasComma = take(",")
        let most = hasComma ? number() : least
        // What is no quantifier is text, as in Perl.
        guard take("}"), let least else {
            index = start
            return nil
        }
        if least > Self.mostTimes || most ?? 0 > Self.mostTimes {
            throw PatternError("more than \(Self.mostTimes) repetitions")
        }
        if let most, most < least { throw PatternError("the numbers in {\(least),\(most)} are out of order") }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var result: Int?
        while let character = next, PatternSet.digit.contains(character) {
            result = min((result ?? 0) * 10 + Int(character - 0x30), 1_000_000)
            index += 1
        }
        return result
    }

    private mutating func atom() throws(PatternError) -> PatternNode {
        if take("(") { return try group() }
        if take("[") { return .one(try characterClass()) }
        if take(".") { return .one(dotIsAll ? .all : .notLineFeed) }
        if take("^") { return .place(isMultiline ? .lineStart : .start) }
        if take("$") { return .place(isMultiline ? .lineEnd : .endOrLastLineFeed) }
        if take("\\") { return try escape() }
        guard let character = next else { return .empty }
        if character == 0x2a || character == 0x2b || character == 0x3f {
            throw PatternError("nothing stands before a quantifier (*, + or ?)")
        }
        index += 1
        return one(PatternSet(character))
    }

    private mutating func group() throws(PatternError) -> PatternNode {
        if take("?#") {
            _ = try take(upTo: ")")
            return .empty
        }
        if take("*") { throw PatternError("verbs such as (*SKIP) are not supported") }
        for (mark, isAhead, fits) in [
            ("?=", true, true), ("?!", true, false), ("?<=", false, true), ("?<!", false, false),
        ] where take(mark) {
            looks.append(PatternLook(node: try rest(), isAhead: isAhead))
            return .place(.look(looks.count - 1, fits: fits))
        }
        if take("?<") || take("?P<") {
            _ = try take(upTo: ">")
        } else if take("?'") {
            _ = try take(upTo: "'")
        } else if take("?:") || take("?|") {
        } else if take("?") {
            return try flags()
        }
        return try rest()
    }

    /// A group's inside and its end.
    private mutating func rest() throws(PatternError) -> PatternNode {
        let node = try choice()
        guard take(")") else { throw PatternError("a ) is missing") }
        return node
    }

    /// `(?i)`, for the rest of the group, or `(?i:…)`.
    private mutating func flags() throws(PatternError) -> PatternNode {
        let before = (ignoresCase, dotIsAll, isMultiline, isExtended)
        var value = true
        while true {
            if take("-") {
                value = false
            } else if take("^") {
                (ignoresCase, dotIsAll, isMultiline, isExtended) = (false, false, false, false)
            } else if take("i") {
                ignoresCase = value
            } else if take("s") {
                dotIsAll = value
            } else if take("m") {
                isMultiline = value
            } else if take("x") {
                isExtended = value
            } else if take(")") {
                return .empty
            } else if take(":") {
                break
            } else {
                throw PatternError(
                    """
                    a group of this kind is not supported (known are (?:, (?=, (?!, (?<=, (?<!, names, \
                    and the flags i, m, s, x)
                    """
                )
            }
        }
        defer { (ignoresCase, dotIsAll, isMultiline, isExtended) = before }
        return try rest()
    }

    // MARK: Escapes and classes

    private mutating func escape() throws(PatternError) -> PatternNode {
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

    private mutating func characterClass() throws(PatternError) -> PatternSet {
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
