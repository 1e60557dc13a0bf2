/// A generic routing encapsulation header, read in place (RFC 2784, RFC 2890; RFC 1701 for routing, RFC 2637 for
/// version 1).
///
///     +-+-+-+-+-+---------+-------+---+-------------------------------+
///     |C|R|K|S|s|  …      |A| …   |Ver|         Protocol type         |
///     +-+-+-+-+-+---------+-------+---+-------------------------------+
///     | Checksum and offset, key, sequence, acknowledgment: each there |
///     | if its bit says so                                             |
///     +---------------------------------------------------------------+
public struct GREHeader: HeaderView, ~Escapable {
    /// Bytes of the header's fixed part.
    public static let minimumLength = 4

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.minimumLength, for: .gre)
        self.bytes = bytes
    }

    /// All flags as they were sent.
    @inlinable public var flags: UInt16 { bytes.uint16(at: 0) }
    /// A checksum is there.
    @inlinable public var hasChecksum: Bool { flags & 0x8000 != 0 }
    /// Routing is there (RFC 1701).
    @inlinable public var hasRouting: Bool { flags & 0x4000 != 0 }
    /// A key is there (RFC 2890).
    @inlinable public var hasKey: Bool { flags & 0x2000 != 0 }
    /// A sequence number is there (RFC 2890).
    @inlinable public var hasSequence: Bool { flags & 0x1000 != 0 }
    /// Only in version 1 (PPTP), which carries PPP.
    @inlinable public var hasAcknowledgment: Bool { flags & 0x0087 == 0x0081 && bytes.uint16(at: 2) == 0x880b }
    /// 0, or 1 for PPTP (RFC 2637).
    @inlinable public var version: UInt8 { UInt8(truncatingIfNeeded: flags & 7) }
    /// The EtherType of the payload.
    @inlinable public var protocolType: EtherType { EtherType(rawValue: bytes.uint16(at: 2)) }
    /// The key, or in version 1 payload length and call identifier; nil where there is none.
    @inlinable
    public var key: UInt32? {
        let offset = hasChecksum || hasRouting ? 8 : 4
        return hasKey && bytes.byteCount >= offset &+ 4 ? bytes.uint32(at: offset) : nil
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(minimumLength) else { return cursor.cut(.gre, required: minimumLength, &layers) }
        let start = cursor.start
        let flags = record.uint16(at: start)
        let type = record.uint16(at: start &+ 2)
        var length = 4
        if flags & 0xc000 != 0 { length &+= 4 }
        if flags & 0x2000 != 0 { length &+= 4 }
        if flags & 0x1000 != 0 { length &+= 4 }
        if flags & 0x4000 != 0 {
            // Routing entries: family, offset, length, information; family and length 0 end them (RFC 1701).
            while true {
                guard cursor.has(length &+ 4) else { return cursor.cut(.gre, required: length &+ 4, &layers) }
                let family = record.uint16(at: start &+ length)
                let size = Int(record.uint8(at: start &+ length &+ 3))
                length &+= 4
                if family == 0, size == 0 { break }
                length &+= size
            }
        }
        // An acknowledgment number, of PPTP alone, whose protocol is always PPP (RFC 2637 section 4.1).
        if flags & 0x0080 != 0, type == 0x880b { length &+= 4 }
        // WCCP version 2 puts a redirect header before the packet.
        if type == 0x883e, cursor.has(5), record.uint8(at: start &+ 4) >> 4 != 4 { length &+= 4 }
        guard cursor.has(length) else { return cursor.cut(.gre, required: length, &layers) }
        cursor.add(.gre, header: length, to: &layers)
        if cursor.claimed == 0 { return .data }
        return .greProtocol(type, hasSequence: flags & 0x1000 != 0)
    }
}

/// The values of a GRE header without routing, owned.
public struct GREValues: Hashable, Sendable {
    /// The EtherType of the payload.
    public var protocolType: EtherType
    /// Which of the flows in a tunnel.
    public var key: UInt32?
    /// The packet's number in the tunnel (RFC 2890); nil leaves the field out.
    public var sequence: UInt32?

    /// A header of version 0 without a checksum.
    public init(protocolType: EtherType, key: UInt32? = nil, sequence: UInt32? = nil) {
        self.protocolType = protocolType
        self.key = key
        self.sequence = sequence
    }

    /// Copies the values of a header that was read.
    public init(_ header: borrowing GREHeader) {
        protocolType = header.protocolType
        key = header.key
        let offset = 4 + (header.hasChecksum || header.hasRouting ? 4 : 0) + (header.hasKey ? 4 : 0)
        sequence = header.hasSequence && header.bytes.byteCount >= offset + 4 ? header.bytes.uint32(at: offset) : nil
    }

    /// The bytes as they are sent.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(uint16: (key == nil ? 0 : 0x2000) | (sequence == nil ? 0 : 0x1000))
        bytes.append(uint16: protocolType.rawValue)
        if let key { bytes.append(uint32: key) }
        if let sequence { bytes.append(uint32: sequence) }
        return bytes
    }
}
