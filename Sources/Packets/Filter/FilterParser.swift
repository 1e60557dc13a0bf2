/// Reads a display filter: Wireshark 4.0's grammar (its manual page wireshark-filter(4)).
///
///     expression = xor { ("or" | "||") xor }
///     xor        = and { ("xor" | "^^") and }
///     and        = not { ("and" | "&&") not }
///     not        = { "not" | "!" } ( "(" expression ")" | test )
///     test       = ["any" | "all"] operand { relation operand }  |  operand ["not"] "in" "{" element … "}"
///     operand    = sum { ("&" | "bitand") sum };  sum, product, unary minus as in C
///     primary    = (word | string | 'c' | word "(" operand, … ")" | "{" operand "}") { "[" slice "]" | "#" layer }
struct FilterParser {
    /// Deeper than anybody writes, shallow enough for any stack.
    private static let maximumDepth = 200

    private let text: String
    private let tokens: [FilterToken]
    private var position = 0
    private var depth = 0

    private init(_ text: String) throws(DisplayFilterError) {
        self.text = text
        tokens = try FilterLexer.tokens(of: text)
    }

    static func parse(_ text: String) throws(DisplayFilterError) -> FilterSyntax {
        var parser = try FilterParser(text)
        do throws(DisplayFilterError) {
            let expression = try parser.expression()
            guard parser.token.kind == .end else { throw parser.unexpected() }
            return expression
        } catch {
            guard error.hint == nil,
                parser.tokens.contains(where: { $0.kind == .word && captureFilterWords.contains($0.text) })
            else { throw error }
            throw DisplayFilterError(text: text, range: error.range, message: error.message, hint: captureFilterHint)
        }
    }

    /// Words of tcpdump's language that are no fields.
    static let captureFilterWords: Set<String> = [
        "host", "port", "net", "src", "dst", "portrange", "proto", "gateway", "broadcast", "multicast", "less",
        "greater",
    ]
    static let captureFilterHint = "This looks like a capture filter (BPF): those stand behind the file, without -Y."

    // MARK: Tokens

    private var token: FilterToken { tokens[position] }

    private mutating func advance() { if position < tokens.count - 1 { position += 1 } }

    private func isSymbol(_ symbol: FilterToken.Symbol) -> Bool { token.kind == .symbol(symbol) }

    private func isWord(_ words: String...) -> Bool { token.kind == .word && words.contains(token.text) }

    private mutating func take(_ symbol: FilterToken.Symbol) -> Bool {
        guard isSymbol(symbol) else { return false }
        advance()
        return true
    }

    private mutating func take(_ symbol: FilterToken.Symbol, or words: String...) -> Bool {
        guard isSymbol(symbol) || (token.kind == .word && words.contains(token.text)) else { return false }
        advance()
        return true
    }

    private func failure(_ message: String, _ range: Range<Int>, hint: String? = nil) -> DisplayFilterError {
        DisplayFilterError(text: text, range: range, message: message, hint: hint)
    }

    private func unexpected() -> DisplayFilterError {
        if token.kind == .end { return failure("the filter ends too early", token.range) }
        for word in [token, tokens[max(0, position - 1)]]
        where word.kind == .word && ["AND", "OR", "NOT", "XOR", "IN"].contains(word.text) {
            return failure(
                "\"\(word.text)\" was not expected here", word.range,
                hint: "Operators are written small: \(word.text.lowercased()).")
        }
        return failure("\"\(token.text)\" was not expected here", token.range)
    }

    // MARK: Logic

    private mutating func expression() throws(DisplayFilterError) -> FilterSyntax {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw failure("too many parentheses inside each other", token.range) }
        var left = try exclusive()
        while take(.or, or: "or") { left = .or(left, try exclusive()) }
        return left
    }

    private mutating func exclusive() throws(DisplayFilterError) -> FilterSyntax {
        var left = try conjunction()
        while take(.xor, or: "xor") { left = .xor(left, try conjunction()) }
        return left
    }

    private mutating func conjunction() throws(DisplayFilterError) -> FilterSyntax {
        var left = try negation()
        while take(.and, or: "and") { left = .and(left, try negation()) }
        return left
    }

    private mutating func negation() throws(DisplayFilterError) -> FilterSyntax {
        var negative = false
        while take(.not, or: "not") { negative.toggle() }
        let inner: FilterSyntax
        if isSymbol(.open), let close = closing(position), !continuesOperand(after: close) {
            advance()
            inner = try expression()
            guard take(.close) else { throw unexpected() }
        } else {
            inner = try test()
        }
        return negative ? .not(inner) : inner
    }

    /// The parenthesis that belongs to the one at `start`; where there is none, the end.
    private func closing(_ start: Int) -> Int? {
        var open = 0
        for index in start..<tokens.count {
            if tokens[index].kind == .symbol(.open) { open += 1 }
            if tokens[index].kind == .symbol(.close) {
                open -= 1
                if open == 0 { return index }
            }
        }
        return tokens.count - 1
    }

    /// Whether parentheses that end at `close` hold an operand, as in `(tcp.flags & 2) == 2`: a relation or a sum
    /// follows.
    private func continuesOperand(after close: Int) -> Bool {
        guard close + 1 < tokens.count else { return false }
        switch tokens[close + 1].kind {
        case .symbol(let symbol):
            switch symbol {
            case .and, .or, .xor, .close, .closeBrace, .comma, .not: return false
            default: return true
            }
        case .word:
            return Self.relationWords[tokens[close + 1].text] != nil
                || ["in", "bitand", "bitwise_and"].contains(tokens[close + 1].text)
        case .slice, .layer: return true
        default: return false
        }
    }

    // MARK: Tests

    private static let relationWords: [String: (FilterRelation, FilterQuantifier?)] = [
        "eq": (.equal, nil), "any_eq": (.equal, .any), "all_eq": (.equal, .all), "ne": (.unequal, nil),
        "all_ne": (.unequal, .all),
        "any_ne": (.unequal, .any), "gt": (.greater, nil), "ge": (.atLeast, nil), "lt": (.less, nil),
        "le": (.atMost, nil),
        "contains": (.contains, nil), "matches": (.matches, nil),
    ]

    private mutating func relation() -> (FilterRelation, FilterQuantifier?)? {
        let found: (FilterRelation, FilterQuantifier?)?
        switch token.kind {
        case .word: found = Self.relationWords[token.text]
        case .symbol(let symbol):
            found =
                switch symbol {
                case .equal: (.equal, nil)
                case .allEqual: (.equal, .all)
                case .unequal: (.unequal, nil)
                case .anyUnequal, .anyUnequalOld: (.unequal, .any)
                case .greater: (.greater, nil)
                case .atLeast: (.atLeast, nil)
                case .less: (.less, nil)
                case .atMost: (.atMost, nil)
                case .matches: (.matches, nil)
                default: nil
                }
        default: found = nil
        }
        if found != nil { advance() }
        return found
    }

    private mutating func test() throws(DisplayFilterError) -> FilterSyntax {
        var quantifier: FilterQuantifier?
        if isWord("any", "all"), position + 1 < tokens.count,
            [.word, .symbol(.openBrace)].contains(tokens[position + 1].kind)
        {
            quantifier = token.text == "any" ? .any : .all
            advance()
        }
        var left = try operand()
        if isWord("not"), position + 1 < tokens.count, tokens[position + 1].text == "in" {
            advance()
            return .not(try members(of: left, quantifier))
        }
        if isWord("in") { return try members(of: left, quantifier) }
        // a < b < c means both.
        var result: FilterSyntax?
        while true {
            let place = token.range
            guard let (relation, implied) = relation() else { break }
            let right = try operand()
            let one = FilterSyntax.relation(left, relation, right, quantifier ?? implied, at: place)
            result = result.map { .and($0, one) } ?? one
            left = right
        }
        if let result { return result }
        if quantifier != nil { throw failure("\"any\" and \"all\" need a comparison after the field", token.range) }
        return .presence(left)
    }

    private mutating func members(of operand: FilterOperand, _ quantifier: FilterQuantifier?) throws(DisplayFilterError)
        -> FilterSyntax
    {
        let place = token.range
        advance()
        guard take(.openBrace) else { throw failure("a set needs braces: in {80, 443, 8000..8080}", token.range) }
        var elements: [FilterSetElement] = []
        while !isSymbol(.closeBrace) {
            if token.kind == .end { throw failure("the set has no closing }", token.range) }
            let first = try self.operand()
            let last = take(.range) ? try self.operand() : nil
            elements.append(FilterSetElement(first: first, last: last))
            // Wireshark 4.0 wants commas, older ones spaces: both are read.
            _ = take(.comma)
        }
        guard !elements.isEmpty else { throw failure("the set is empty", token.range) }
        advance()
        return .member(operand, of: elements, quantifier, at: place)
    }

    // MARK: Operands

    private mutating func operand() throws(DisplayFilterError) -> FilterOperand {
        var left = try sum()
        while true {
            let place = token.range
            guard take(.bitAnd, or: "bitand", "bitwise_and") else { return left }
            left = .arithmetic(.bitAnd, left, try sum(), at: place)
        }
    }

    private mutating func sum() throws(DisplayFilterError) -> FilterOperand {
        var left = try product()
        while true {
            let place = token.range
            if take(.plus) {
                left = .arithmetic(.add, left, try product(), at: place)
            } else if take(.minus) {
                left = .arithmetic(.subtract, left, try product(), at: place)
            } else {
                return left
            }
        }
    }

    private mutating func product() throws(DisplayFilterError) -> FilterOperand {
        var left = try unary()
        while true {
            let place = token.range
            if take(.times) {
                left = .arithmetic(.multiply, left, try unary(), at: place)
            } else if take(.divided) {
                left = .arithmetic(.divide, left, try unary(), at: place)
            } else if take(.remainder) {
                left = .arithmetic(.remainder, left, try unary(), at: place)
            } else {
                return left
            }
        }
    }

    private mutating func unary() throws(DisplayFilterError) -> FilterOperand {
        let place = token.range
        var negative = false
        while isSymbol(.minus) || isSymbol(.plus) {
            if isSymbol(.minus) { negative.toggle() }
            advance()
        }
        let inner = try primary()
        return negative ? .negated(inner, at: place.lowerBound..<inner.range.upperBound) : inner
    }

    private mutating func primary() throws(DisplayFilterError) -> FilterOperand {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw failure("too many parentheses inside each other", token.range) }
        let first = token
        var result: FilterOperand
        switch first.kind {
        case .string(let bytes):
            advance()
            result = .string(bytes, first)
        case .character(let byte):
            advance()
            result = .character(byte, first)
        case .symbol(.open), .symbol(.openBrace):
            advance()
            result = try operand()
            guard take(first.kind == .symbol(.open) ? .close : .closeBrace) else { throw unexpected() }
        case .word where !Self.reserved.contains(first.text):
            advance()
            result =
                isSymbol(.open) && token.range.lowerBound == first.range.upperBound ? try call(first) : .word(first)
        default:
            throw unexpected()
        }
        while true {
            if token.kind == .slice {
                let range = first.range.lowerBound..<token.range.upperBound
                result = .slice(result, try FilterSlice.parse(token, in: text), at: range)
                advance()
            } else if token.kind == .layer, case .word(let name) = result {
                result = .layer(
                    name, try FilterSlice.parse(token, in: text), at: first.range.lowerBound..<token.range.upperBound)
                advance()
            } else {
                return result
            }
        }
    }

    private static let reserved: Set<String> = [
        "and", "or", "not", "xor", "in", "eq", "ne", "gt", "ge", "lt", "le", "contains", "matches", "any_eq", "all_eq",
        "any_ne", "all_ne",
        "bitand", "bitwise_and",
    ]

    private mutating func call(_ name: FilterToken) throws(DisplayFilterError) -> FilterOperand {
        advance()
        var arguments: [FilterOperand] = []
        while !isSymbol(.close) {
            arguments.append(try operand())
            if !take(.comma), !isSymbol(.close) { throw unexpected() }
        }
        let end = token.range.upperBound
        advance()
        return .call(name, arguments, at: name.range.lowerBound..<end)
    }
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
