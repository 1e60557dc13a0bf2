/// Where in its header a field lies: what lets a header that is cut in the middle show the fields before the cut.
public struct FieldPlace: Hashable, Sendable {
    /// The first byte, counted from the header's start.
    public let offset: Int
    /// Bytes, 1 to 8 for numbers.
    public let length: Int
    /// Which bits of those bytes, as a big-endian number, are the field.
    public let mask: UInt64
    /// How many bytes of the header have to be there before the field is shown. More than its own where a reader must
    /// look ahead to know what the field means.
    public let needed: Int

    /// `needed` is raised to the field's own end where it is less.
    public init(offset: Int, length: Int, mask: UInt64 = .max, needed: Int = 0) {
        self.offset = offset
        self.length = length
        self.mask = mask
        self.needed = max(needed, offset + length)
    }

    /// The field's number; nil where the header has too few bytes.
    @inline(__always)
    func number(in header: RawSpan) -> UInt64? {
        guard needed <= header.byteCount else { return nil }
        var value: UInt64 = 0
        switch length {
        case 1: value = UInt64(header.uint8(at: offset))
        case 2: value = UInt64(header.uint16(at: offset))
        case 4: value = UInt64(header.uint32(at: offset))
        default: for index in 0..<min(length, 8) { value = value << 8 | UInt64(header.uint8(at: offset + index)) }
        }
        value &= mask
        return mask == .max || mask == 0 ? value : value >> UInt64(mask.trailingZeroBitCount)
    }
}

extension FieldType {
    /// Bytes that a value of this type takes in a header when nothing else is said.
    var defaultLength: Int {
        switch self {
        case .unsigned(let bits), .hex(let bits), .signed(let bits): (bits + 7) / 8
        case .boolean: 1
        case .ipv4: 4
        case .ipv6: 16
        case .mac: 6
        case .bytes, .text, .time, .date, .duration, .presence: 1
        }
    }
}

extension FieldDefinition {
    /// A field at a fixed place of its header, shown as soon as its bytes are there.
    /// - Parameters:
    ///   - offset: its first byte, counted from the header's start.
    ///   - length: its bytes where the type does not say: a few bits of a longer word.
    ///   - mask: which bits of those bytes.
    ///   - scale: what the number counts in, such as 4 for a header length in words.
    ///   - needed: how many bytes of the header must be there, where more than the field's own.
    static func at(
        _ offset: Int, _ name: String, _ type: FieldType, _ meaning: String, length: Int? = nil, mask: UInt64 = .max,
        scale: UInt64 = 1,
        needed: Int = 0, valueName: ValueName? = nil
    ) -> FieldDefinition {
        FieldDefinition(
            name, type, meaning,
            at: FieldPlace(offset: offset, length: length ?? type.defaultLength, mask: mask, needed: needed),
            valueName: valueName, plain: PlainReading(scale: scale, condition: nil))
    }

    /// The same for a field that only some of the headers have.
    /// - Parameter condition: whether this one, of which at least the field's bytes are there, has it.
    static func at(
        _ offset: Int, _ name: String, _ type: FieldType, _ meaning: String, length: Int? = nil, mask: UInt64 = .max,
        scale: UInt64 = 1,
        needed: Int = 0, valueName: ValueName? = nil,
        where condition: @escaping @Sendable (_ header: RawSpan) -> Bool
    ) -> FieldDefinition {
        FieldDefinition(
            name, type, meaning,
            at: FieldPlace(offset: offset, length: length ?? type.defaultLength, mask: mask, needed: needed),
            valueName: valueName, plain: PlainReading(scale: scale, condition: condition))
    }
}

extension LayerContext {
    /// The value of a type at a place; nil where the bytes are not there.
    func value(at place: FieldPlace, _ type: FieldType) -> FieldValue? {
        guard place.needed <= header.byteCount else { return nil }
        switch type {
        case .ipv4: return .ipv4(header.ipv4Address(at: place.offset))
        case .ipv6: return .ipv6(header.ipv6Address(at: place.offset))
        case .mac: return .mac(header.macAddress(at: place.offset))
        case .boolean: return place.number(in: header).map { .boolean($0 != 0) }
        case .signed(let bits):
            guard let number = place.number(in: header), bits > 0, bits <= 64 else { return nil }
            let unused = UInt64(64 - bits)
            return .signed(Int64(truncatingIfNeeded: number << unused) >> Int64(unused))
        case .bytes, .text:
            let start = layer.start &+ Int32(truncatingIfNeeded: place.offset)
            let end = start &+ Int32(truncatingIfNeeded: place.length)
            return type == .bytes ? .bytes(start: start, end: end) : .text(start: start, end: end)
        case .unsigned, .hex: return place.number(in: header).map { .unsigned($0) }
        case .time, .date, .duration, .presence: return nil
        }
    }
}
