/// The header of the GPRS tunnelling protocol, read in place (3GPP TS 29.281 section 5.1; TS 29.060 for version 0).
///
///     +-------+--+-+-+-+-+---------------+-------------------------------+
///     |Version|PT|-|E|S|N| Message type  |            Length             |
///     +-------+--+-+-+-+-+---------------+-------------------------------+
///     |               Tunnel endpoint identifier (TEID)                  |
///     +-------------------------------+---------------+------------------+
///     | Sequence number               | N-PDU number  | Next extension   |
///     +-------------------------------+---------------+------------------+
///
/// The last four bytes are there if E, S or N is set, and extension headers follow while the "next" byte names one,
/// each as long as its first byte says in words. Only messages of type 255 carry a user's packet, and nothing says
/// which protocol it has: the first byte tells an IP header from PPP, which stays data.
public struct GTPHeader: HeaderView, ~Escapable {
    /// Bytes of the header's fixed part.
    public static let minimumLength = 8
    static let userData: UInt8 = 0xff

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.minimumLength, for: .gtp)
        self.bytes = bytes
    }

    /// The version of GTP.
    @inlinable public var version: UInt8 { bytes.uint8(at: 0) >> 5 }
    /// All flags as they were sent.
    @inlinable public var flags: UInt8 { bytes.uint8(at: 0) }
    /// What kind of message it is; 255 carries a user's packet.
    @inlinable public var messageType: UInt8 { bytes.uint8(at: 1) }
    /// Of what follows the first eight bytes.
    @inlinable public var length: UInt16 { bytes.uint16(at: 2) }
    /// The tunnel endpoint identifier that the receiver gave out.
    @inlinable public var tunnelEndpoint: UInt32 { bytes.uint32(at: 4) }

    /// Whether the bytes at one of the protocol's ports are its own: a version up to 2, and below 2 a message that
    /// exists (3GPP TS 29.060 section 7.1, TS 32.295 section 6.1).
    static func isLikely(_ record: RawSpan, _ start: Int, _ end: Int, isCharging: Bool) -> Bool {
        guard start < end else { return false }
        let version = record.uint8(at: start) >> 5
        if version == 2, !isCharging { return true }
        guard version <= 2, start &+ 2 <= end else { return false }
        switch record.uint8(at: start &+ 1) {
        case 1...7, 16...37, 48...62, 70, 96...105, 112...121, 128, 129, 240, 241, 254, 255: return true
        default: return false
        }
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(minimumLength) else { return cursor.cut(.gtp, required: minimumLength, &layers) }
        let start = cursor.start
        let flags = record.uint8(at: start)
        let version = flags >> 5
        // Protocol type 0 is GTP', which bills: six bytes, or twenty in its first version (3GPP TS 32.295 section
        // 6.1.1).
        let isCharging = flags & 0x10 == 0
        // Version 2 only signals.
        guard version <= 1 || isCharging, record.uint8(at: start &+ 1) == userData else {
            cursor.add(.gtp, header: minimumLength, to: &layers)
            return .data
        }
        if isCharging {
            return dissectUserData(record, &cursor, &layers, behind: flags >> 5 == 0 && flags & 1 == 0 ? 20 : 6)
        }
        var length = version == 0 ? 20 : flags & 7 != 0 ? 12 : 8
        guard cursor.has(length) else { return cursor.cut(.gtp, required: length, &layers) }
        if version == 1, flags & 4 != 0 {
            var next = record.uint8(at: start &+ 11)
            while next != 0 {
                guard cursor.has(length &+ 1) else { return cursor.cut(.gtp, required: length &+ 1, &layers) }
                let size = 4 &* Int(record.uint8(at: start &+ length))
                guard size > 0 else { return cursor.malformed(.gtp, .headerLength, at: length, shown: length, &layers) }
                guard cursor.has(length &+ size) else { return cursor.cut(.gtp, required: length &+ size, &layers) }
                next = record.uint8(at: start &+ length &+ size &- 1)
                length &+= size
            }
        }
        // The length counts what follows the first eight bytes, in version 0 the first twenty (3GPP TS 29.060 section
        // 6).
        return dissectUserData(record, &cursor, &layers, behind: length, counted: version == 0 ? 20 : 8)
    }

    /// - Parameters:
    ///   - length: bytes of the header.
    ///   - counted: behind which byte the length begins to count; behind the header if nil.
    private static func dissectUserData(
        _ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange], behind length: Int,
        counted: Int? = nil
    ) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.gtp, required: length, &layers) }
        cursor.limit(toLength: max(length, (counted ?? length) &+ Int(record.uint16(at: cursor.start &+ 2))))
        cursor.add(.gtp, header: length, to: &layers)
        guard cursor.has(1) else { return .data }
        let first = record.uint8(at: cursor.start)
        if 0x45...0x4e ~= first { return .linkType(.ipv4) }
        if first >> 4 == 6 { return .linkType(.ipv6) }
        return carriesEthernet(record, cursor) ? .linkType(.ethernet) : .data
    }

    /// Whether the type of an Ethernet frame stands where it would stand.
    private static func carriesEthernet(_ record: RawSpan, _ cursor: LayerCursor) -> Bool {
        guard cursor.has(15) else { return false }
        switch EtherType(rawValue: record.uint16(at: cursor.start &+ 12)) {
        case .arp, .ipv4, .ipv6: return true
        default: return false
        }
    }
}
