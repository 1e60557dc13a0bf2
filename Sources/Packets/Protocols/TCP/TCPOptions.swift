/// The options of a TCP segment, read one after the other (RFC 9293 section 3.1; numbers: IANA "TCP Option Kind
/// Numbers").
///
/// An option is a kind byte, and for all but the first two kinds a length byte that counts kind and length too:
///
///     +--------+--------+---------+
///     |  kind  | length | value…  |
///     +--------+--------+---------+
///
/// A length below 2 or beyond the header ends the list with `.malformed`: what follows cannot be told apart any more.
public struct TCPOptions: ~Escapable {
    public enum Option: Hashable, Sendable {
        case noOperation
        case maximumSegmentSize(UInt16)
        /// RFC 7323: the window field counts in units of 2^shift bytes.
        case windowScale(UInt8)
        case sackPermitted
        /// RFC 2018: how many blocks of received data follow.
        case sack(blocks: Int)
        /// RFC 7323: the sender's clock and the echo of the peer's.
        case timestamps(value: UInt32, echo: UInt32)
        /// A kind that is not read further; `length` counts kind, length and value.
        case other(kind: UInt8, length: Int)
        case malformed(kind: UInt8)
    }

    @usableFromInline let bytes: RawSpan
    @usableFromInline var position = 0

    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) { self.bytes = bytes }

    /// Where the option that `next()` will read begins, counted from the first option.
    @inlinable public var offset: Int { position }

    /// The next option; nil at the end of the list.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func next() -> Option? {
        guard position < bytes.byteCount else { return nil }
        let kind = bytes.uint8(at: position)
        switch kind {
        case 0:
            position = bytes.byteCount
            return nil
        case 1:
            position &+= 1
            return .noOperation
        default:
            break
        }
        let start = position
        let rest = bytes.byteCount &- start
        guard rest >= 2 else {
            position = bytes.byteCount
            return .malformed(kind: kind)
        }
        let length = Int(bytes.uint8(at: start &+ 1))
        guard length >= 2, length <= rest else {
            position = bytes.byteCount
            return .malformed(kind: kind)
        }
        position = start &+ length
        switch (kind, length) {
        case (2, 4): return .maximumSegmentSize(bytes.uint16(at: start &+ 2))
        case (3, 3): return .windowScale(bytes.uint8(at: start &+ 2))
        case (4, 2): return .sackPermitted
        case (5, _) where length >= 10 && (length &- 2) % 8 == 0: return .sack(blocks: (length &- 2) / 8)
        case (8, 10): return .timestamps(value: bytes.uint32(at: start &+ 2), echo: bytes.uint32(at: start &+ 6))
        default: return .other(kind: kind, length: length)
        }
    }
}
