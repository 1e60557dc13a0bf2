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
    var values = FieldValues()
    var stack: [FilterValue] = []
    var scratch: [UInt8] = []

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
}
