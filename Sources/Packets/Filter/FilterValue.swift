import Addressing

/// A value while a filter is evaluated. Plain numbers and places: nothing here is counted or allocated.
enum FilterValue {
    /// Numbers, booleans, and times in nanoseconds.
    case number(Int128)
    /// Up to sixteen bytes, the first one highest: addresses and short slices.
    case octets(UInt128, count: UInt8)
    /// Bytes of the record.
    case record(start: Int32, end: Int32)
    /// Bytes that were put together for this packet: a name spelled out, letters changed.
    case scratch(start: Int32, end: Int32)
    /// Bytes that stand in the filter.
    case literal(Int32)
}

/// What kind of thing an operand is: decides how a literal beside it is read, and what it can be compared with.
enum FilterClass: Equatable {
    /// Of so many bits.
    case unsigned(bits: Int)
    case signed(bits: Int)
    case boolean
    case time
    case duration
    case ipv4
    case ipv6
    case mac
    case bytes
    case text
    /// There or not: no values to compare.
    case label

    init(_ type: FieldType, isProtocol: Bool) {
        self =
            switch type {
            case .unsigned(let bits), .hex(let bits): .unsigned(bits: bits)
            case .signed(let bits): .signed(bits: bits)
            case .boolean: .boolean
            case .ipv4: .ipv4
            case .ipv6: .ipv6
            case .mac: .mac
            case .bytes: .bytes
            case .text: .text
            case .time, .date: .time
            case .duration: .duration
            case .presence: isProtocol ? .bytes : .label
            }
    }

    var isNumber: Bool {
        switch self {
        case .unsigned, .signed, .boolean, .time, .duration: true
        default: false
        }
    }

    /// Whether it is made of bytes: can be sliced and searched.
    var hasBytes: Bool {
        switch self {
        case .bytes, .text, .mac, .ipv4, .ipv6: true
        default: false
        }
    }

    func isComparable(with other: FilterClass) -> Bool {
        if self == other { return self != .label }
        switch (self, other) {
        case (.unsigned, .unsigned), (.signed, .signed), (.unsigned, .signed), (.signed, .unsigned): return true
        case (.boolean, .unsigned), (.unsigned, .boolean), (.boolean, .signed), (.signed, .boolean): return true
        case (.time, .duration), (.duration, .time): return true
        case (.bytes, _): return other.hasBytes
        case (_, .bytes): return hasBytes
        default: return false
        }
    }

    var name: String {
        switch self {
        case .unsigned: "an unsigned number"
        case .signed: "a signed number"
        case .boolean: "a boolean"
        case .time: "a time"
        case .duration: "a duration"
        case .ipv4: "an IPv4 address"
        case .ipv6: "an IPv6 address"
        case .mac: "a MAC address"
        case .bytes: "bytes"
        case .text: "text"
        case .label: "a label"
        }
    }
}

/// A value that stands in the filter.
struct FilterLiteral {
    var value: FilterValue
    /// Which bits of an address count: the prefix of 10.0.0.0/8.
    var mask = UInt128.max
    /// Bytes: the shorter is the lesser, whatever is in them, as in Wireshark; text goes letter by letter.
    var isByLength = false
}

extension FilterRelation {
    /// Whether the relation holds for what a comparison found: negative, zero or positive.
    @inline(__always)
    func holds(_ order: Int) -> Bool {
        switch self {
        case .equal: order == 0
        case .unequal: order != 0
        case .less: order < 0
        case .atMost: order <= 0
        case .greater: order > 0
        case .atLeast: order >= 0
        case .contains, .matches: false
        }
    }
}
