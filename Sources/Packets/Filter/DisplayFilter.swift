import Addressing
import Text

/// A filter over fields, in Wireshark's syntax: `ip.src == 10.0.0.0/8 and tcp.flags.syn == 1`. Compiled once, evaluated
/// on every packet; in the ordinary case that allocates nothing.
///
/// Semantics are those of Wireshark 4.0: a relation holds when one of the field's values fulfils it; `!=` when all do;
/// nothing holds of a field that is not there. Where it differs it takes more, mostly what Wireshark 4.2 takes too:
/// `xor`, sets with spaces or of functions, parentheses around a calculation, a literal on the left, `true` in any
/// letters; names are never resolved, and dates are read as UTC.
public struct DisplayFilter {
    /// The filter as it was given.
    public let text: String
    /// What has to be known about a packet for this filter.
    public var needs: FieldNeeds { program.needs }
    let program: FilterProgram

    // Kept from packet to packet so that nothing is allocated anew.
    private var values = FieldValues()
    private var stack: [FilterValue] = []
    private var scratch: [UInt8] = []

    /// Compiles a filter.
    /// - Throws: `DisplayFilterError`, which says what is wrong and where.
    public init(_ text: String) throws(DisplayFilterError) {
        self.text = text
        program = try FilterCompiler.compile(text)
        stack.reserveCapacity(32)
    }

    /// Whether a packet passes.
    public mutating func matches(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        _ notes: borrowing PacketNotes = .none
    ) -> Bool {
        scratch.removeAll(keepingCapacity: true)
        values.beginPacket()
        return evaluate(program.root, record, dissection, facts, notes)
    }

    private mutating func evaluate(
        _ index: Int, _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        _ notes: borrowing PacketNotes
    ) -> Bool {
        switch program.nodes[index] {
        case .or(let left, let right):
            if evaluate(left, record, dissection, facts, notes) { return true }
            return evaluate(right, record, dissection, facts, notes)
        case .and(let left, let right):
            if !evaluate(left, record, dissection, facts, notes) { return false }
            return evaluate(right, record, dissection, facts, notes)
        case .xor(let left, let right):
            let first = evaluate(left, record, dissection, facts, notes)
            return first != evaluate(right, record, dissection, facts, notes)
        case .not(let inner): return !evaluate(inner, record, dissection, facts, notes)
        case .fieldPresent(let field):
            values.removeAll()
            program.readers[field].read(record, dissection, facts, stopAtFirst: true, into: &values)
            return !values.isEmpty
        case .compare(let field, let relation, let literal, let all):
            values.removeAll()
            program.readers[field].read(record, dissection, facts, into: &values)
            if values.isEmpty { return false }
            let wanted = program.literals[literal]
            for position in 0..<values.count {
                let value = convert(position, record, dissection, notes)
                if relation.holds(order(value, wanted.value, mask: wanted.mask, byLength: wanted.isByLength, record))
                    != all
                {
                    return !all
                }
            }
            return all
        case .present(let term):
            let start = stack.count
            push(term, record, dissection, facts, notes)
            defer { stack.removeLast(stack.count - start) }
            return stack.count > start
        case .presentInFull(let term, let slices):
            let start = stack.count
            push(term, record, dissection, facts, notes)
            defer { stack.removeLast(stack.count - start) }
            for position in start..<stack.count {
                let length = count(stack[position])
                if program.slices[slices].allSatisfy({ $0.range(in: length) != nil }) { return true }
            }
            return false
        case .nonzero(let term):
            let start = stack.count
            push(term, record, dissection, facts, notes)
            defer { stack.removeLast(stack.count - start) }
            for position in start..<stack.count where isNonzero(stack[position], record) { return true }
            return false
        case .compareTerms(let left, let relation, let right, let all):
            return relate(left, right, all, record, dissection, facts, notes) { filter, a, b, mask, byLength in
                relation.holds(filter.order(a, b, mask: mask, byLength: byLength, record))
            }
        case .contains(let left, let right, let all):
            return relate(left, right, all, record, dissection, facts, notes) { filter, a, b, _, _ in
                filter.contains(a, b, record)
            }
        case .member(let term, let intervals, let all):
            let start = stack.count
            push(term, record, dissection, facts, notes)
            defer { stack.removeLast(stack.count - start) }
            if stack.count == start { return false }
            for position in start..<stack.count where isMember(stack[position], intervals, record) != all {
                return !all
            }
            return all
        case .matches(let term, let pattern, let all):
            let start = stack.count
            push(term, record, dissection, facts, notes)
            defer { stack.removeLast(stack.count - start) }
            if stack.count == start { return false }
            for position in start..<stack.count {
                let value = stack[position]
                let bytes = (0..<count(value)).map { byte(value, $0, record) }
                if program.patterns[pattern].matches(bytes) != all { return !all }
            }
            return all
        }
    }

    /// Whether a relation holds between some values of two terms, or all.
    @inline(__always)
    private mutating func relate(
        _ left: Int, _ right: Int, _ all: Bool, _ record: RawSpan, _ dissection: borrowing Dissection,
        _ facts: borrowing PacketFacts,
        _ notes: borrowing PacketNotes,
        _ holds: (borrowing DisplayFilter, FilterValue, FilterValue, UInt128, Bool) -> Bool
    ) -> Bool {
        let start = stack.count
        push(left, record, dissection, facts, notes)
        let middle = stack.count
        var mask = UInt128.max
        var byLength = false
        if case .literal(let literal) = program.terms[right] {
            (mask, byLength) = (program.literals[literal].mask, program.literals[literal].isByLength)
        }
        push(right, record, dissection, facts, notes)
        defer { stack.removeLast(stack.count - start) }
        if middle == start || stack.count == middle { return false }
        var budget = PacketBudget.pairs
        for first in start..<middle {
            for second in middle..<stack.count {
                if holds(self, stack[first], stack[second], mask, byLength) != all { return !all }
                budget &-= 1
                if budget == 0 { return all }
            }
        }
        return all
    }

    // MARK: Terms

    /// Puts the values of a term on the stack.
    private mutating func push(
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

    // MARK: Values

    /// The value at a place of `values`, as it is compared.
    private mutating func convert(
        _ place: Int, _ record: RawSpan, _ dissection: borrowing Dissection, _ notes: borrowing PacketNotes
    ) -> FilterValue {
        let value = values[place]
        switch value {
        case .unsigned(let number): return .number(Int128(number))
        case .signed(let number): return .number(Int128(number))
        case .boolean(let isSet): return .number(isSet ? 1 : 0)
        case .ipv4(let address): return .octets(UInt128(address.rawValue), count: 4)
        case .ipv6(let address): return .octets(UInt128(address.high) << 64 | UInt128(address.low), count: 16)
        case .mac(let address): return .octets(UInt128(address.rawValue), count: 6)
        case .time(let time): return .number(Int128(time.seconds) * 1_000_000_000 + Int128(time.nanoseconds))
        case .duration(let nanoseconds): return .number(Int128(nanoseconds))
        case .bytes(let start, let end), .text(let start, let end):
            let first = min(max(0, start), Int32(clamping: record.byteCount))
            return .record(start: first, end: max(first, min(end, Int32(clamping: record.byteCount))))
        // A moment that is not set is before every other.
        case .word(let word) where word.text.utf8CodeUnitCount == 4 && word == StaticWord("NULL"): return .number(0)
        case .domainName, .word, .hostIPv4, .hostIPv6, .webAddress, .flagLetters, .layerNames, .comment, .interfaceName:
            return spelled(value, .text, record, dissection, notes)
        }
    }

    /// A value's text, as it is shown but unescaped.
    private mutating func spelled(
        _ value: FieldValue, _ type: FieldType, _ record: RawSpan, _ dissection: borrowing Dissection,
        _ notes: borrowing PacketNotes
    ) -> FilterValue {
        var sink = ByteCollector()
        swap(&sink.bytes, &scratch)
        let start = sink.bytes.count
        FieldText.write(value, as: type, of: record, dissection, notes, escaping: .none, to: &sink)
        swap(&sink.bytes, &scratch)
        return .scratch(start: Int32(clamping: start), end: Int32(clamping: scratch.count))
    }

    private mutating func mapped(_ value: FilterValue, _ record: RawSpan, _ change: (UInt8) -> UInt8) -> FilterValue {
        let start = scratch.count
        for position in 0..<count(value) { scratch.append(change(byte(value, position, record))) }
        return .scratch(start: Int32(clamping: start), end: Int32(clamping: scratch.count))
    }

    /// The parts of a value that the slices name, up to the first that reaches beyond it: perhaps nothing.
    private mutating func slice(_ value: FilterValue, _ index: Int, _ record: RawSpan) -> FilterValue {
        let slices = program.slices[index]
        let length = count(value)
        if slices.count == 1, let range = slices[0].range(in: length) {
            switch value {
            case .record(let start, _):
                return .record(start: start &+ Int32(range.lowerBound), end: start &+ Int32(range.upperBound))
            case .octets(let bytes, _):
                let kept = bytes >> UInt128((length - range.upperBound) * 8)
                let mask = range.count >= 16 ? UInt128.max : (UInt128(1) << UInt128(range.count * 8)) - 1
                return .octets(kept & mask, count: UInt8(range.count))
            default: break
            }
        }
        let start = scratch.count
        for slice in slices {
            guard let range = slice.range(in: length) else { break }
            for position in range { scratch.append(byte(value, position, record)) }
        }
        return .scratch(start: Int32(clamping: start), end: Int32(clamping: scratch.count))
    }

    private func calculate(_ operation: FilterArithmetic, _ a: FilterValue, _ b: FilterValue, _ record: RawSpan)
        -> FilterValue?
    {
        guard case .number(let x) = a, case .number(let y) = b else {
            // Bytes: only "and" is defined, over as many bytes as both have.
            guard operation == .bitAnd else { return nil }
            let length = min(count(a), count(b), 16)
            var result: UInt128 = 0
            for position in 0..<length {
                result = result << 8 | UInt128(byte(a, position, record) & byte(b, position, record))
            }
            return length == 0 ? nil : .octets(result, count: UInt8(length))
        }
        return operation.apply(x, y).map { .number($0) }
    }
}

// The bytes of a value, wherever they are.
extension DisplayFilter {
    func count(_ value: FilterValue) -> Int {
        switch value {
        case .number: 0
        case .octets(_, let count): Int(count)
        case .record(let start, let end), .scratch(let start, let end): Int(end &- start)
        case .literal(let index): program.stored[Int(index)].count
        }
    }

    @inline(__always)
    func byte(_ value: FilterValue, _ position: Int, _ record: RawSpan) -> UInt8 {
        switch value {
        case .number: 0
        case .octets(let bytes, let count):
            UInt8(truncatingIfNeeded: bytes >> UInt128((Int(count) &- 1 &- position) &* 8))
        case .record(let start, _): record.uint8(at: Int(start) &+ position)
        case .scratch(let start, _): scratch[Int(start) &+ position]
        case .literal(let index): program.stored[Int(index)][position]
        }
    }
}
