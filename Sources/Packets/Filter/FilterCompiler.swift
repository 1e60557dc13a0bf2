/// Turns a parsed filter into a program: looks names up, reads literals as the fields beside them want, checks that
/// what is compared can be.
struct FilterCompiler {
    private let text: String
    var program = FilterProgram()
    var literals: FilterLiterals

    /// An operand that reads from packets.
    struct Source {
        let term: Int
        let kind: FilterClass
        let names: ValueName?
        /// The field, where the operand is nothing else.
        let field: Int?
        let range: Range<Int>
    }

    private init(_ text: String) {
        self.text = text
        literals = FilterLiterals(text)
    }

    static func compile(_ text: String) throws(DisplayFilterError) -> FilterProgram {
        let syntax = try FilterParser.parse(text)
        var compiler = FilterCompiler(text)
        compiler.program.root = try compiler.node(syntax)
        compiler.program.stored = compiler.literals.stored
        return compiler.program
    }

    func failure(_ message: String, _ range: Range<Int>, hint: String? = nil) -> DisplayFilterError {
        DisplayFilterError(text: text, range: range, message: message, hint: hint)
    }

    // MARK: Nodes

    private mutating func add(_ node: FilterProgram.Node) -> Int {
        program.nodes.append(node)
        return program.nodes.count - 1
    }

    mutating func add(_ term: FilterProgram.Term) -> Int {
        program.terms.append(term)
        return program.terms.count - 1
    }

    mutating func add(_ literal: FilterLiteral) -> Int {
        program.literals.append(literal)
        return program.literals.count - 1
    }

    private mutating func node(_ syntax: FilterSyntax) throws(DisplayFilterError) -> Int {
        switch syntax {
        case .or(let left, let right):
            let (a, b) = (try node(left), try node(right))
            return add(.or(a, b))
        case .xor(let left, let right):
            let (a, b) = (try node(left), try node(right))
            return add(.xor(a, b))
        case .and(let left, let right):
            let (a, b) = (try node(left), try node(right))
            return add(.and(a, b))
        case .not(let inner): return add(.not(try node(inner)))
        case .presence(.call(_, _, let range)):
            throw failure("a function alone is no test: compare what it gives", range)
        case .presence(let operand):
            guard isSource(operand) else { throw unknown(operand) }
            let source = try self.source(operand)
            if let field = source.field { return add(.fieldPresent(field)) }
            switch program.terms[source.term] {
            case .arithmetic: return add(.nonzero(source.term))
            case .slice(let whole, let slices): return add(.presentInFull(whole, slices: slices))
            default: return add(.present(source.term))
            }
        case .relation(let left, let relation, let right, let quantifier, let place):
            return try compare(left, relation, right, quantifier, place)
        case .member(let operand, let elements, let quantifier, _):
            guard isSource(operand) else { throw unknown(operand) }
            let source = try self.source(operand)
            let start = program.intervals.count
            for element in elements {
                let first = try literals.read(element.first, as: source.kind, names: source.names)
                let last = try element.last.map { (operand) throws(DisplayFilterError) in
                    try literals.read(operand, as: source.kind, names: source.names)
                }
                program.intervals.append(.init(first: first, last: last))
            }
            return add(.member(source.term, intervals: start..<program.intervals.count, all: quantifier == .all))
        }
    }

    private mutating func compare(
        _ left: FilterOperand, _ relation: FilterRelation, _ right: FilterOperand, _ quantifier: FilterQuantifier?,
        _ place: Range<Int>
    ) throws(DisplayFilterError) -> Int {
        // Since Wireshark 4.0 "!=" means that every value is unequal; the others, that one value is what is asked for.
        let all = quantifier == .all || (quantifier == nil && relation == .unequal)
        guard isSource(left) else {
            guard isSource(right), relation != .contains, relation != .matches else { throw unknown(left) }
            return try compare(right, relation.mirrored, left, quantifier, place)
        }
        let source = try self.source(left)
        switch relation {
        case .contains: return try contains(source, right, all)
        case .matches: return try matches(source, right, all)
        default: break
        }
        guard source.kind != .label else {
            throw failure("this field is there or not, it has no value to compare", source.range)
        }
        if isSource(right) {
            let other = try self.source(right)
            if source.kind.isComparable(with: other.kind) {
                return add(.compareTerms(source.term, relation, other.term, all: all))
            }
            // A name of a value may also be one of a protocol: ip.proto == tcp.
            guard case .word(let token) = right, token.field?.isProtocol == true,
                let literal = try? literals.read(right, as: source.kind, names: source.names)
            else {
                throw failure(
                    "\(source.kind.name) and \(other.kind.name) cannot be compared",
                    source.range.lowerBound..<other.range.upperBound)
            }
            return compare(source, relation, literal, all)
        }
        return compare(source, relation, try literals.read(right, as: source.kind, names: source.names), all)
    }

    private mutating func compare(_ source: Source, _ relation: FilterRelation, _ literal: FilterLiteral, _ all: Bool)
        -> Int
    {
        let index = add(literal)
        if let field = source.field { return add(.compare(field: field, relation, literal: index, all: all)) }
        let other = add(FilterProgram.Term.literal(index))
        return add(.compareTerms(source.term, relation, other, all: all))
    }

    private mutating func contains(_ source: Source, _ right: FilterOperand, _ all: Bool) throws(DisplayFilterError)
        -> Int
    {
        switch source.kind {
        case .text, .bytes, .mac: break
        default: throw failure("\(source.kind.name) contains nothing: only text and bytes do", source.range)
        }
        if isSource(right), !isTextLiteral(right, for: source.kind) {
            let other = try self.source(right)
            guard other.kind.hasBytes else { throw failure("\(other.kind.name) is not in text or bytes", other.range) }
            return add(.contains(source.term, other.term, all: all))
        }
        if source.kind == .mac, case .string = right {
            throw failure("a MAC address contains bytes: write them as 0a:1b, without quotes", right.range)
        }
        let index = add(try literals.read(right, as: source.kind == .text ? .text : .bytes))
        let needle = add(FilterProgram.Term.literal(index))
        return add(.contains(source.term, needle, all: all))
    }

    private mutating func matches(_ source: Source, _ right: FilterOperand, _ all: Bool) throws(DisplayFilterError)
        -> Int
    {
        guard source.kind == .text || source.kind == .bytes || source.kind == .mac else {
            throw failure("\(source.kind.name) matches no pattern: only text and bytes do", source.range)
        }
        let bytes: [UInt8]
        switch right {
        case .string(let content, _): bytes = content
        case .word(let token): bytes = Array(token.text.utf8)
        default: throw failure("a pattern in quotes was expected here", right.range)
        }
        do {
            program.patterns.append(try FilterPattern(bytes))
        } catch {
            throw failure("the pattern cannot be used: \(error)", right.range)
        }
        return add(.matches(source.term, pattern: program.patterns.count - 1, all: all))
    }
}
