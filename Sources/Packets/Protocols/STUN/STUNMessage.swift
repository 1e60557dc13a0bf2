import Addressing

/// A STUN message, read in place (RFC 8489 section 5).
///
///     +---+---------------------------+-------------------------------+
///     |0 0|      STUN Message Type    |         Message Length        |
///     +---+---------------------------+-------------------------------+
///     |                   Magic Cookie 0x2112A442                     |
///     +---------------------------------------------------------------+
///     |                  Transaction ID (96 bits)                     |
///     +---------------------------------------------------------------+
///
/// The message type interleaves a method of 12 bits with a class of two (bits 8 and 4).
public struct STUNMessage: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let headerLength = 20
    /// What begins the transaction identifier of every message (RFC 8489 section 5).
    public static let magicCookie: UInt32 = 0x2112_a442

    /// Request, indication, success, error.
    public enum Class: UInt8, Sendable {
        case request, indication, success, error
    }

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.headerLength, for: .stun)
        self.bytes = bytes
    }

    /// Class and method in one number.
    public var type: UInt16 { bytes.uint16(at: 0) }
    /// Of the attributes that follow the header, in bytes.
    public var length: UInt16 { bytes.uint16(at: 2) }
    /// Two bits among those of the type (RFC 8489 section 5).
    public var messageClass: Class {
        switch (type & 0x0100 != 0, type & 0x0010 != 0) {
        case (false, false): .request
        case (false, true): .indication
        case (true, false): .success
        case (true, true): .error
        }
    }
    /// 1 is Binding (RFC 8489), 3 to 9 are TURN's (RFC 8656).
    public var method: UInt16 { type & 0x000f | type >> 1 & 0x0070 | type >> 2 & 0x0f80 }

    /// The attributes, as far as they are there.
    public var attributes: STUNAttributes {
        @_lifetime(copy self) get {
            STUNAttributes(bytes.extracting(Self.headerLength..<min(bytes.byteCount, Self.headerLength &+ Int(length))))
        }
    }

    /// Whether bytes are a STUN message: two zero bits, the magic cookie, and a length of whole words that fills the
    /// datagram; over TCP other messages may follow.
    static func isLikely(_ record: RawSpan, _ start: Int, _ end: Int, _ claimedEnd: Int, over transport: Transport)
        -> Bool
    {
        guard end &- start >= headerLength, record.uint32(at: start &+ 4) == magicCookie else { return false }
        let length = Int(record.uint16(at: start &+ 2))
        let available = claimedEnd &- start &- headerLength
        // No method above 0xff is assigned (RFC 8489 section 18.2): bits 10 to 13 of the type are clear.
        return record.uint16(at: start) & 0xfc00 == 0 && length & 3 == 0
            && (transport == .udp ? length == available : length <= available)
    }

    /// Only messages that `isLikely` come here.
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(headerLength) else { return cursor.cut(.stun, required: headerLength, &layers) }
        cursor.limit(toLength: headerLength &+ Int(record.uint16(at: cursor.start &+ 2)))
        // The attributes are part of the message: nothing follows them.
        cursor.add(.stun, header: cursor.available, to: &layers)
        return .data
    }
}

/// STUN's attributes (RFC 8489 section 14): type, length of the value, the value filled up to whole words.
public struct STUNAttributes: ~Escapable {
    /// An attribute that is there in full.
    public struct Attribute: Hashable, Sendable {
        /// What the value means (IANA "STUN Attributes").
        public var type: UInt16
        /// The value without padding, counted from the first attribute; only what is there in full is returned.
        public var value: Range<Int>
    }

    let bytes: RawSpan
    private var position = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) { self.bytes = bytes }

    /// The next attribute; nil at the end, or where one is cut off.
    @_lifetime(self: copy self)
    public mutating func next() -> Attribute? {
        guard position &+ 4 <= bytes.byteCount else { return nil }
        let length = Int(bytes.uint16(at: position &+ 2))
        let start = position &+ 4
        guard start &+ length <= bytes.byteCount else {
            position = bytes.byteCount
            return nil
        }
        let type = bytes.uint16(at: position)
        position = start &+ (length &+ 3) & ~3
        return Attribute(type: type, value: start..<start &+ length)
    }
}

/// A transport address in an attribute: `0`, family, port, address (RFC 8489 sections 14.1 and 14.2); XOR-ed with the
/// magic cookie and the transaction where it must get through translators that rewrite addresses.
struct STUNAddress {
    var address: IPAddress
    var port: Port

    /// - Parameters:
    ///   - value: the attribute's value, in the record.
    ///   - header: the message's first byte, for the transaction; nil for addresses sent plainly.
    init?(_ record: RawSpan, _ value: Range<Int>, xorWith header: Int?) {
        guard value.count >= 8 else { return nil }
        let start = value.lowerBound
        let mask: UInt32 = header == nil ? 0 : STUNMessage.magicCookie
        port = Port(record.uint16(at: start &+ 2) ^ UInt16(truncatingIfNeeded: mask >> 16))
        switch record.uint8(at: start &+ 1) {
        case 1:
            address = .v4(IPv4Address(rawValue: record.uint32(at: start &+ 4) ^ mask))
        case 2 where value.count >= 20:
            var high = record.uint64(at: start &+ 4)
            var low = record.uint64(at: start &+ 12)
            if let header {
                high ^= record.uint64(at: header &+ 4)
                low ^= record.uint64(at: header &+ 12)
            }
            address = .v6(IPv6Address(high: high, low: low))
        default: return nil
        }
    }

    /// Whether an attribute has an address, and whether it is XOR-ed; nil for others.
    static func isMasked(_ type: UInt16) -> Bool? {
        switch type {
        case 0x0001, 0x0004, 0x0005, 0x8023, 0x802b, 0x802c: false
        case 0x0012, 0x0016, 0x0020: true
        default: nil
        }
    }
}
