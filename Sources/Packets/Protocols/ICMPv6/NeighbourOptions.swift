import Addressing

/// The options of a neighbour discovery message, one after the other (RFC 4861 section 4.6).
///
///     +---------------+---------------+------
///     |     Type      |  Length (×8)  |  …
///     +---------------+---------------+------
///
/// A length of 0 ends the list: such a message is thrown away.
public struct NeighbourOptions: ~Escapable {
    private let bytes: RawSpan
    private var position: Int

    /// - Parameter message: an ICMPv6 message; of a type without such options there are none.
    @_lifetime(copy message)
    public init(_ message: borrowing ICMPv6Message) {
        bytes = message.bytes
        position = Self.start(message.type) ?? message.bytes.byteCount
    }

    /// Where the options of a message begin.
    public static func start(_ type: UInt8) -> Int? {
        switch type {
        // Router solicitation, inverse discovery (RFC 3122), mobile prefixes (RFC 6275), certification paths (RFC
        // 3971).
        case 133, 141, 142, 146, 147, 148: 8
        case 149: 12  // certification path advertisement
        case 134: 16  // router advertisement
        case 135, 136: 24  // neighbour solicitation and advertisement
        case 137: 40  // redirect
        default: nil
        }
    }

    /// The next option's type, how long it says that it is, and where it lies in the message, type and length included,
    /// as far as the bytes go.
    @_lifetime(self: copy self)
    public mutating func next() -> (type: UInt8, length: Int, range: Range<Int>)? {
        guard position &+ 2 <= bytes.byteCount else { return nil }
        let length = 8 &* Int(bytes.uint8(at: position &+ 1))
        guard length > 0 else { return nil }
        let start = position
        position = min(start &+ length, bytes.byteCount)
        return (bytes.uint8(at: start), length, start..<position)
    }
}
