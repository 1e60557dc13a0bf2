/// The functions of display filters: upper, lower, len, count, string, max, min and abs.
extension FilterCompiler {
    /// Compiles a call. Only max and min take several arguments, and values beside fields.
    mutating func call(_ name: FilterToken, _ arguments: [FilterOperand], _ range: Range<Int>)
        throws(DisplayFilterError) -> Source
    {
        switch name.text {
        case "max", "min": return try extreme(name, arguments, range)
        case "upper", "lower", "len", "count", "string", "abs": break
        default:
            throw failure(
                "\"\(name.text)\" is no function", name.range,
                hint: "There are upper, lower, len, count, string, max, min and abs.")
        }
        guard let first = arguments.first else { throw failure("\(name.text)() needs a field", range) }
        if arguments.count > 1 { throw failure("\(name.text)() takes one field", range) }
        guard isSource(first) else { throw unknown(first) }
        var argument = try source(first)
        if name.text == "len" { argument = header(of: argument) }
        let (term, kind) = try function(name.text, of: argument)
        return Source(term: add(term), kind: kind, names: nil, field: nil, range: range)
    }

    private func function(_ name: String, of argument: Source) throws(DisplayFilterError) -> (
        FilterProgram.Term, FilterClass
    ) {
        let kind = argument.kind
        switch name {
        case "upper", "lower":
            guard kind == .text else { throw failure("\(kind.name) has no letters", argument.range) }
            return (name == "upper" ? .upper(argument.term) : .lower(argument.term), .text)
        case "len": return (.length(argument.term, ofNumber: kind.lengthOfNumber), .unsigned(bits: 32))
        case "count": return (.count(argument.term), .unsigned(bits: 32))
        case "string":
            switch program.terms[argument.term] {
            case .field, .layered: return (.string(argument.term), .text)
            default: throw failure("string() takes a field", argument.range)
            }
        default:
            guard kind.isNumber, kind != .boolean else { throw failure("\(kind.name) is not a number", argument.range) }
            return (.absolute(argument.term), kind)
        }
    }

    /// The greatest or least of all values of the arguments. Values that stand in the filter are read as the first
    /// field wants.
    private mutating func extreme(_ name: FilterToken, _ arguments: [FilterOperand], _ range: Range<Int>)
        throws(DisplayFilterError) -> Source
    {
        guard let leading = arguments.first(where: isSource) else {
            throw failure("\(name.text)() needs a field", range)
        }
        let kind = try source(leading).kind
        var terms: [Int] = []
        for argument in arguments {
            guard isSource(argument) else {
                let literal = add(try literals.read(argument, as: kind))
                terms.append(add(FilterProgram.Term.literal(literal)))
                continue
            }
            let other = try source(argument)
            guard kind.isComparable(with: other.kind) else {
                throw failure("\(name.text)() takes values of one kind", other.range)
            }
            terms.append(other.term)
        }
        let start = program.arguments.count
        program.arguments += terms
        let all = start..<program.arguments.count
        return Source(
            term: add(name.text == "max" ? .maximum(all) : .minimum(all)), kind: kind, names: nil, field: nil,
            range: range)
    }
}

extension FilterClass {
    /// The bytes of the C type that Wireshark keeps such a number in, as its len() tells; booleans and times have none.
    fileprivate var lengthOfNumber: Int {
        switch self {
        case .unsigned(let bits), .signed(let bits):
            bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 24 ? 3 : bits <= 32 ? 4 : 8
        default: 0
        }
    }
}
