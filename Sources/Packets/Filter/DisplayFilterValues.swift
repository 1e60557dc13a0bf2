import Addressing
import Text

/// How values are compared, cut and spelled. Bytes stay where they are, in the record or in `scratch`.
extension DisplayFilter {
    /// The value at a place of `values`, as it is compared.
    mutating func convert(
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
    mutating func spelled(
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

    mutating func mapped(_ value: FilterValue, _ record: RawSpan, _ change: (UInt8) -> UInt8) -> FilterValue {
        let start = scratch.count
        for position in 0..<count(value) { scratch.append(change(byte(value, position, record))) }
        return .scratch(start: Int32(clamping: start), end: Int32(clamping: scratch.count))
    }

    /// The parts of a value that the slices name, up to the first that reaches beyond it: perhaps nothing.
    mutating func slice(_ value: FilterValue, _ index: Int, _ record: RawSpan) -> FilterValue {
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

    func calculate(_ operation: FilterArithmetic, _ a: FilterValue, _ b: FilterValue, _ record: RawSpan)
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

/// The bytes of a value, wherever they are.
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
