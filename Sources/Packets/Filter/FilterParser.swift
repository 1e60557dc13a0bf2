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
    static let maximumDepth = 200

    let text: String
    private let tokens: [FilterToken]
    private var position = 0
    var depth = 0

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

    var token: FilterToken { tokens[position] }

    mutating func advance() { if position < tokens.count - 1 { position += 1 } }

    func isSymbol(_ symbol: FilterToken.Symbol) -> Bool { token.kind == .symbol(symbol) }

    private func isWord(_ words: String...) -> Bool { token.kind == .word && words.contains(token.text) }

    mutating func take(_ symbol: FilterToken.Symbol) -> Bool {
        guard isSymbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func take(_ symbol: FilterToken.Symbol, or words: String...) -> Bool {
        guard isSymbol(symbol) || (token.kind == .word && words.contains(token.text)) else { return false }
        advance()
        return true
    }

    func failure(_ message: String, _ range: Range<Int>, hint: String? = nil) -> DisplayFilterError {
        DisplayFilterError(text: text, range: range, message: message, hint: hint)
    }

    func unexpected() -> DisplayFilterError {
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
}
