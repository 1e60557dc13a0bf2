/// The options of an IPv4 packet, one after the other (RFC 791 section 3.1; numbers: IANA "IP Option Numbers").
///
/// All but "end" and "no operation" have a length byte that counts type and length too; a length below 2 or beyond the
/// header ends the list.
public struct IPv4Options: ~Escapable {
    /// One option, where it lies and what its first byte says.
    public struct Option: Hashable, Sendable {
        /// Copied flag, class and number in one byte.
        public let type: UInt8
        /// Its first byte, counted from the first option.
        public let offset: Int
        /// Its bytes, type and length included.
        public let length: Int

        @inlinable
        init(type: UInt8, offset: Int, length: Int) {
            self.type = type
            self.offset = offset
            self.length = length
        }

        /// Loose (131) or strict (137) source route.
        public var isSourceRoute: Bool { type == 131 || type == 137 }
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

    /// The next option, the end of the list the last; nil behind it.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func next() -> Option? {
        let start = places.position
        switch places.next(in: bytes) {
        case .option(let type, _, let length): return Option(type: type, offset: start, length: length)
        case .malformed: return nil
        // Before the last byte only the end of the list ends it.
        case nil: return start < bytes.byteCount ? Option(type: 0, offset: start, length: 1) : nil
        }
    }
}
