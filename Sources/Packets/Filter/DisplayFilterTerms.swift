/// The values of a term of the filter: each term leaves its values on the stack.
extension DisplayFilter {
    /// Puts the values of a term on the stack.
    mutating func push(
        _ index: Int, _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        _ notes: borrowing PacketNotes
    ) {
        let start = stack.count
        switch program.terms[index] {
        case .literal(let literal): stack.append(program.literals[literal].value)
        case .field, .layered:
            _ = readValues(index, record, dissection, facts)
            for position in 0..<values.count { stack.append(convert(position, record, dissection, notes)) }
        case .header(let field):
            for index in 0..<dissection.layers.count {
                let layer = dissection.layers[index]
                guard program.readers[field].sources.contains(where: { $0.kind == layer.kind }) else { continue }
                let end = min(layer.headerEnd, Int32(clamping: record.byteCount))
                stack.append(.record(start: min(layer.start, end), end: end))
            }
        case .slice(let inner, let slices):
            push(inner, record, dissection, facts, notes)
            replace(from: start) { filter, value in filter.slice(value, slices, record) }
        case .upper(let inner):
            push(inner, record, dissection, facts, notes)
            replace(from: start) { filter, value in
                filter.mapped(value, record) { (97...122).contains($0) ? $0 - 32 : $0 }
            }
        case .lower(let inner):
            push(inner, record, dissection, facts, notes)
            replace(from: start) { filter, value in
                filter.mapped(value, record) { (65...90).contains($0) ? $0 + 32 : $0 }
            }
        case .length(let inner, let ofNumber):
            push(inner, record, dissection, facts, notes)
            replace(from: start) { filter, value in
                if case .number = value { .number(Int128(ofNumber)) } else { .number(Int128(filter.count(value))) }
            }
        case .count(let inner):
            push(inner, record, dissection, facts, notes)
            let found = stack.count - start
            stack.removeLast(found)
            if found > 0 { stack.append(.number(Int128(found))) }
        case .string(let inner):
            guard let field = readValues(inner, record, dissection, facts) else { return }
            // Numbers in decimal, however the field is shown.
            var type = program.fields[field].type
            if case .hex(let bits) = type { type = .unsigned(bits: bits) }
            for position in 0..<values.count {
                stack.append(spelled(values[position], type, record, dissection, notes))
            }
        case .maximum(let arguments): extreme(arguments, start, .greater, record, dissection, facts, notes)
        case .minimum(let arguments): extreme(arguments, start, .less, record, dissection, facts, notes)
        case .absolute(let inner):
            push(inner, record, dissection, facts, notes)
            replace(from: start) { _, value in
                if case .number(let number) = value { .number(number < 0 ? 0 &- number : number) } else { value }
            }
        case .negated(let inner):
            push(inner, record, dissection, facts, notes)
            replace(from: start) { _, value in
                if case .number(let number) = value { .number(0 &- number) } else { value }
            }
        case .arithmetic(let operation, let left, let right):
            push(left, record, dissection, facts, notes)
            let middle = stack.count
            push(right, record, dissection, facts, notes)
            let end = stack.count
            for first in start..<middle where stack.count - end < PacketBudget.pairs {
                for second in middle..<end {
                    if let result = calculate(operation, stack[first], stack[second], record) { stack.append(result) }
                }
            }
            stack.removeSubrange(start..<end)
        }
    }

    /// Puts a field's values into `values`.
    /// - Returns: the field; nil where the term is none.
    private mutating func readValues(
        _ index: Int, _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts
    ) -> Int? {
        values.removeAll()
        switch program.terms[index] {
        case .field(let field):
            program.readers[field].read(record, dissection, facts, into: &values)
            return field
        case .layered(let field, let slices):
            let wanted = program.slices[slices]
            program.readers[field].read(record, dissection, facts, into: &values) { number, count in
                wanted.contains { $0.coversLayer(number, of: count) }
            }
            return field
        default: return nil
        }
    }

    /// Puts something else in the place of each value from `start` on; nil leaves it out.
    private mutating func replace(from start: Int, _ change: (inout DisplayFilter, FilterValue) -> FilterValue?) {
        var kept = start
        for position in start..<stack.count {
            guard let changed = change(&self, stack[position]) else { continue }
            stack[kept] = changed
            kept += 1
        }
        stack.removeLast(stack.count - kept)
    }

    private mutating func extreme(
        _ arguments: Range<Int>, _ start: Int, _ relation: FilterRelation, _ record: RawSpan,
        _ dissection: borrowing Dissection,
        _ facts: borrowing PacketFacts, _ notes: borrowing PacketNotes
    ) {
        // A field that is not there is left out, also beside a value that stands in the filter, as in Wireshark.
        for argument in arguments { push(program.arguments[argument], record, dissection, facts, notes) }
        guard stack.count > start else { return }
        var best = stack[start]
        for position in start..<stack.count where relation.holds(order(stack[position], best, mask: .max, record)) {
            best = stack[position]
        }
        stack.removeLast(stack.count - start)
        stack.append(best)
    }
}
