/// What kind of value a field has, and how it is spelled in text: the same spelling as Wireshark's.
public enum FieldType: Hashable, Sendable {
    /// An unsigned number of so many bits, in decimal.
    case unsigned(bits: Int)
    /// An unsigned number of so many bits, in hexadecimal, filled up to its width: 0x0018.
    case hex(bits: Int)
    case signed(bits: Int)
    case boolean
    case ipv4
    case ipv6
    case mac
    case bytes
    case text
    /// A moment, in seconds since 1970.
    case time
    /// A moment, as a date.
    case date
    case duration
    /// Neither number nor text: the field is there or not.
    case presence
}

extension FieldType {
    /// The name that `netprobe fields` shows.
    public var name: String {
        switch self {
        case .unsigned(let bits): "unsigned integer, \(bits) bits"
        case .hex(let bits): "unsigned integer, \(bits) bits, hexadecimal"
        case .signed(let bits): "signed integer, \(bits) bits"
        case .boolean: "boolean"
        case .ipv4: "IPv4 address"
        case .ipv6: "IPv6 address"
        case .mac: "MAC address"
        case .bytes: "bytes"
        case .text: "text"
        case .time: "time"
        case .date: "date and time, in UTC"
        case .duration: "duration"
        case .presence: "label"
        }
    }
}
