/// Turns an operand into a term of the program: a field, a calculation, a slice or a function of them.
extension FilterCompiler {
    /// Whether an operand reads from packets, rather than being a literal.
    func isSource(_ operand: FilterOperand) -> Bool {
        switch operand {
        case .word(let token): token.field != nil
        case .string, .character: false
        case .negated(let inner, _): isSource(inner)
        case .arithmetic(_, let left, let right, _): isSource(left) || isSource(right)
        case .slice, .layer, .call: true
        }
    }

    /// `frame.protocols contains tcp`: a protocol's name beside text is text.
    func isTextLiteral(_ operand: FilterOperand, for kind: FilterClass) -> Bool {
        guard kind == .text, case .word(let token) = operand else { return false }
        return token.field?.isProtocol == true
    }

    func unknown(_ operand: FilterOperand) -> DisplayFilterError {
        guard case .word(let token) = operand else {
            return failure("a field or a function was expected here", operand.range)
        }
        let name = token.text
        guard let first = name.utf8.first, !(48...57).contains(first), !name.contains(":") else {
            return failure("\"\(name)\" is a value; a field or a function was expected here", token.range)
        }
        let hint: String?
        if let cut = name.firstIndex(where: { $0 == "-" || $0 == "/" }), NamedField(String(name[..<cut])) != nil {
            hint = "To calculate, put spaces around the operator."
        } else if FilterParser.captureFilterWords.contains(name) {
            hint = FilterParser.captureFilterHint
        } else {
            let near = FieldCatalog.nearest(to: name)
            hint =
                near.isEmpty
                ? "\"netprobe fields\" lists all of them." : "Did you mean \(near.joined(separator: ", "))?"
        }
        return failure("\"\(name)\" is neither a field nor a protocol", token.range, hint: hint)
    }

    private mutating func field(_ token: FilterToken) throws(DisplayFilterError) -> Int {
        guard let field = token.field else { throw unknown(.word(token)) }
        if let known = program.fields.firstIndex(where: { $0.name == field.name }) { return known }
        program.needs.formUnion(field.needs)
        program.fields.append(field)
        program.readers.append(field.reader)
        return program.fields.count - 1
    }

    /// A protocol's headers in place of its layers, where Wireshark ends the protocol with its header.
    mutating func header(of source: Source) -> Source {
        guard let field = source.field, program.fields[field].isProtocol,
            program.readers[field].sources.allSatisfy({ $0.kind.endsWithHeader })
        else { return source }
        return Source(term: add(.header(field)), kind: .bytes, names: nil, field: nil, range: source.range)
    }

    mutating func source(_ operand: FilterOperand) throws(DisplayFilterError) -> Source {
        let range = operand.range
        switch operand {
        case .word(let token):
            let index = try field(token)
            let found = program.fields[index]
            return Source(
                term: add(.field(index)), kind: FilterClass(found.type, isProtocol: found.isProtocol),
                names: found.valueName, field: index,
                range: range)
        case .layer(let token, let slices, _):
            let index = try field(token)
            let found = program.fields[index]
            program.slices.append(slices)
            return Source(
                term: add(.layered(index, slices: program.slices.count - 1)),
                kind: FilterClass(found.type, isProtocol: found.isProtocol),
                names: found.valueName, field: nil, range: range)
        case .slice(let inner, let slices, _):
            guard isSource(inner) else { throw unknown(inner) }
            let whole = header(of: try source(inner))
            guard whole.kind.hasBytes else { throw failure("\(whole.kind.name) cannot be cut into bytes", whole.range) }
            program.slices.append(slices)
            return Source(
                term: add(.slice(whole.term, slices: program.slices.count - 1)), kind: .bytes, names: nil, field: nil,
                range: range)
        case .negated(let inner, _):
            guard isSource(inner) else { throw unknown(inner) }
            let positive = try source(inner)
            guard positive.kind.isNumber, positive.kind != .boolean else {
                throw failure("\(positive.kind.name) cannot be negative", range)
            }
            return Source(
                term: add(.negated(positive.term)), kind: .signed(bits: 64), names: nil, field: nil, range: range)
        case .arithmetic(let operation, let left, let right, let place):
            return try arithmetic(operation, left, right, place, range)
        case .call(let name, let arguments, _): return try call(name, arguments, range)
        case .string, .character: throw unknown(operand)
        }
    }

    private mutating func arithmetic(
        _ operation: FilterArithmetic, _ left: FilterOperand, _ right: FilterOperand, _ place: Range<Int>,
        _ range: Range<Int>
    ) throws(DisplayFilterError) -> Source {
        guard isSource(left) || isSource(right) else { throw failure("a calculation needs a field", range) }
        let known = try source(isSource(left) ? left : right)
        switch known.kind {
        case .unsigned, .signed, .boolean, .time, .duration: break
        case .bytes, .mac, .ipv4, .ipv6:
            guard operation == .bitAnd else {
                throw failure("\(known.kind.name) cannot be calculated with, except by &", known.range)
            }
        default: throw failure("\(known.kind.name) cannot be calculated with", known.range)
        }
        // A sum may go beyond the field's own width.
        let kind: FilterClass =
            switch known.kind {
            case .unsigned, .signed, .boolean: .signed(bits: 64)
            default: known.kind
            }
        func operand(_ other: FilterOperand, _ compiler: inout FilterCompiler) throws(DisplayFilterError) -> Int {
            if compiler.isSource(other) {
                let source = try compiler.source(other)
                guard known.kind.isComparable(with: source.kind) else {
                    throw compiler.failure(
                        "\(known.kind.name) and \(source.kind.name) cannot be calculated with", place)
                }
                return source.term
            }
            let literal = compiler.add(try compiler.literals.read(other, as: kind))
            return compiler.add(FilterProgram.Term.literal(literal))
        }
        let first = isSource(left) ? known.term : try operand(left, &self)
        let second = isSource(left) ? try operand(right, &self) : known.term
        return Source(
            term: add(.arithmetic(operation, first, second)), kind: kind, names: nil, field: nil, range: range)
    }
}
