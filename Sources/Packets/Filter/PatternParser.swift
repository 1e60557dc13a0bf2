/// Reads a regular expression in Perl's style, as pcre2pattern(3) describes it. What cannot be found in time linear in
/// the text (back-references, atomic groups, possessive quantifiers, recursion) is refused.
struct PatternParser {
    private static let deepest = 100
    private static let mostTimes = 1000

    let text: [UInt32]
    let unicode: Bool
    var index = 0
    private var depth = 0
    var ignoresCase = true
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

    var next: UInt32? { index < text.count ? text[index] : nil }

    mutating func take(_ expected: String) -> Bool {
        let wanted = expected.unicodeScalars.map(\.value)
        guard index + wanted.count <= text.count, text[index..<index + wanted.count].elementsEqual(wanted) else {
            return false
        }
        index += wanted.count
        return true
    }

    /// The text up to the end mark, which is taken as well.
    mutating func take(upTo mark: Unicode.Scalar) throws(PatternError) -> String {
        guard let end = text[index...].firstIndex(of: mark.value) else { throw PatternError("a \(mark) is missing") }
        defer { index = end + 1 }
        return String(String.UnicodeScalarView(text[index..<end].compactMap(Unicode.Scalar.init)))
    }

    func one(_ set: PatternSet) -> PatternNode { .one(ignoresCase ? set.ignoringCase(unicode: unicode) : set) }

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
}
