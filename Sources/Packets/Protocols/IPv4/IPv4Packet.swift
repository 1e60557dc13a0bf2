import Addressing

/// An IPv4 packet, read in place (RFC 791 section 3.1).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-------+-------+---------------+-------------------------------+
///     |Version|  IHL  |Type of Service|          Total Length         |
///     +-------+-------+---------------+-----+-------------------------+
///     |         Identification        |Flags|     Fragment Offset     |
///     +---------------+---------------+-----+-------------------------+
///     |  Time to Live |    Protocol   |        Header Checksum        |
///     +---------------+---------------+-------------------------------+
///     |                         Source Address                        |
///     +---------------------------------------------------------------+
///     |                      Destination Address                      |
///     +---------------------------------------------------------------+
///     |                            Options                            |
///     +---------------------------------------------------------------+
///
/// A total length of 0 is what segmentation offload leaves on sent packets above 64 KB and some drivers on every sent
/// one: the packet then ends where the frame ends.
public struct IPv4Packet: HeaderView, ~Escapable {
    /// Bytes of the header's fixed part.
    public static let minimumLength = 20

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.minimumLength, for: .ipv4)
        self.bytes = bytes
    }

    /// 4 in a packet that is IPv4.
    @inlinable public var version: UInt8 { bytes.uint8(at: 0) >> 4 }
    /// The header's length in bytes as the IHL says, 0 to 60; below 20 it is malformed.
    @inlinable public var headerLength: Int { Int(bytes.uint8(at: 0) & 15) &* 4 }
    /// The six differentiated services bits (RFC 2474) and the two of explicit congestion notification (RFC 3168).
    @inlinable public var trafficClass: UInt8 { bytes.uint8(at: 1) }
    /// Header and payload, in bytes, as the header says.
    @inlinable public var totalLength: UInt16 { bytes.uint16(at: 2) }
    /// The same in all fragments of a datagram.
    @inlinable public var identification: UInt16 { bytes.uint16(at: 4) }
    /// No router may cut the packet into fragments.
    @inlinable public var dontFragment: Bool { bytes.uint8(at: 6) & 0x40 != 0 }
    /// Another fragment of the datagram follows this one.
    @inlinable public var moreFragments: Bool { bytes.uint8(at: 6) & 0x20 != 0 }
    /// Where this fragment's data belongs in the whole datagram, in bytes.
    @inlinable public var fragmentOffset: Int { Int(bytes.uint16(at: 6) & 0x1fff) &* 8 }
    /// How many more routers may pass it on.
    @inlinable public var timeToLive: UInt8 { bytes.uint8(at: 8) }
    /// The payload's protocol.
    @inlinable public var protocolNumber: IPProtocol { IPProtocol(rawValue: bytes.uint8(at: 9)) }
    /// As it was sent, right or wrong.
    @inlinable public var headerChecksum: UInt16 { bytes.uint16(at: 10) }
    /// The source address.
    @inlinable public var source: IPv4Address { bytes.ipv4Address(at: 12) }
    /// The destination address.
    @inlinable public var destination: IPv4Address { bytes.ipv4Address(at: 16) }

    /// The options, as far as they are there.
    @inlinable
    public var options: IPv4Options {
        @_lifetime(copy self) get {
            IPv4Options(
                bytes.extracting(Self.minimumLength..<max(Self.minimumLength, min(headerLength, bytes.byteCount))))
        }
    }

    /// Where the packet goes in the end: the last address of a source route (RFC 791 section 3.1), or its destination.
    /// nil where the header is cut before the options tell, that address is cut, or an option before makes no sense.
    public var finalDestination: IPv4Address? {
        var position = Self.minimumLength
        while position < headerLength {
            guard position < bytes.byteCount else { return nil }
            let type = bytes.uint8(at: position)
            if type == 0 { break }
            position &+= 1
            if type == 1 { continue }
            if position >= headerLength { break }
            guard position < bytes.byteCount else { return nil }
            let length = Int(bytes.uint8(at: position))
            guard length >= 2, position &- 1 &+ length <= headerLength else { break }
            if type == 131 || type == 137, length >= 3 {
                guard position &+ 1 < bytes.byteCount else { return nil }
                // The pointer says which address comes next; beyond the last the packet has only its destination to go.
                let pointer = Int(bytes.uint8(at: position &+ 1))
                if pointer >= 4, pointer % 4 == 0, pointer <= length {
                    guard (length &- 3) % 4 == 0, headerLength <= bytes.byteCount,
                        IPv4OptionSize.isWhole(bytes, Self.minimumLength, position &- 1)
                    else { return nil }
                    return bytes.ipv4Address(at: position &- 1 &+ length &- 4)
                }
                break
            }
            position &+= length &- 1
        }
        return destination
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(1) else { return cursor.cut(.ipv4, required: minimumLength, &layers) }
        let start = cursor.start
        let first = record.uint8(at: start)
        // Some drivers and tunnels announce every IP packet as IPv4.
        if first >> 4 == 6 { return .linkType(.ipv6) }
        guard first >> 4 == 4 else { return cursor.malformed(.ipv4, .version, at: 0, shown: 1, &layers) }
        let headerLength = Int(first & 15) &* 4
        guard headerLength >= minimumLength else {
            return cursor.malformed(.ipv4, .headerLength, at: 0, shown: 1, &layers)
        }
        guard cursor.has(4) else { return cursor.cut(.ipv4, required: minimumLength, &layers) }
        let totalLength = Int(record.uint16(at: start &+ 2))
        if totalLength >= headerLength {
            cursor.limit(toLength: totalLength)
        } else if totalLength != 0 {
            return cursor.malformed(.ipv4, .totalLength, at: 2, shown: 4, &layers)
        }
        guard cursor.has(headerLength) else { return cursor.cut(.ipv4, required: headerLength, &layers) }
        // Whoever quotes a packet says by that that something is wrong with it: it is read as far as it makes sense.
        if headerLength > minimumLength, !cursor.isQuoted,
            !IPv4OptionSize.isWhole(record, start &+ minimumLength, start &+ headerLength)
        {
            return cursor.malformed(.ipv4, .optionLength, at: minimumLength, shown: headerLength, &layers)
        }
        cursor.add(.ipv4, header: headerLength, to: &layers)
        let fragment = record.uint16(at: start &+ 6)
        if fragment & 0x3fff != 0,
            fragment & 0x1fff != 0 || cursor.awaitsOthers(from: start, length: totalLength)
        {
            return .stop(.fragment(.ipv4))
        }
        cursor.isOverIPv4 = true
        cursor.carrier = Int32(truncatingIfNeeded: start)
        cursor.isFragment = fragment & 0x2000 != 0
        if cursor.claimed == 0 { return .data }
        return .ipProtocol(IPProtocol(rawValue: record.uint8(at: start &+ 9)))
    }
}
