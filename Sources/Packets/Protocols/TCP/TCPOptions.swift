/// The options of a TCP segment, read one after the other: what they say (numbers: IANA "TCP Option Kind Numbers").
/// Where they lie `OptionPlaces` knows.
public struct TCPOptions: ~Escapable {
    /// What one option says.
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
    @usableFromInline var places: OptionPlaces

    /// - Parameter bytes: the options alone, as far as they are there.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) {
        self.bytes = bytes
        places = OptionPlaces(from: 0, to: bytes.byteCount)
    }

    /// Where the option that `next()` will read begins, counted from the first option.
    @inlinable public var offset: Int { places.position }

    /// The next option; nil at the end of the list.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func next() -> Option? {
        switch places.next(in: bytes) {
        case nil: return nil
        case .malformed(let kind): return .malformed(kind: kind)
        case .option(let kind, let start, let length):
            switch (kind, length) {
            case (1, _): return .noOperation
            case (2, 4): return .maximumSegmentSize(bytes.uint16(at: start &+ 2))
            case (3, 3): return .windowScale(bytes.uint8(at: start &+ 2))
            case (4, 2): return .sackPermitted
            case (5, _) where length >= 10 && (length &- 2) % 8 == 0: return .sack(blocks: (length &- 2) / 8)
            case (8, 10):
                return .timestamps(value: bytes.uint32(at: start &+ 2), echo: bytes.uint32(at: start &+ 6))
            default: return .other(kind: kind, length: length)
            }
        }
    }
}
