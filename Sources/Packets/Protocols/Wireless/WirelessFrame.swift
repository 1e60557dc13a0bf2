import Addressing

/// An IEEE 802.11 frame, read in place (IEEE 802.11 section 9.2). Everything in it is little endian.
///
///     +---------------+----------+-----------+-----------+-----------+----------+-----------+-----+-----+
///     | Frame control | Duration | Address 1 | Address 2 | Address 3 | Sequence | Address 4 | QoS | HT  |
///     +---------------+----------+-----------+-----------+-----------+----------+-----------+-----+-----+
///
/// Only data frames carry packets: address 4 is there between access points (to and from the distribution system), QoS
/// in half of the subtypes, HT control when the order bit says so. What is encrypted stays data.
public struct WirelessFrame: HeaderView, ~Escapable {
    /// Bytes of the header's fixed part.
    public static let minimumLength = 2

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.minimumLength, for: .ieee80211)
        self.bytes = bytes
    }

    /// 0 management, 1 control, 2 data.
    @inlinable public var type: UInt8 { bytes.uint8(at: 0) >> 2 & 3 }
    /// Which frame of that type: a data frame of subtype 8 has a quality of service, for one.
    @inlinable public var subtype: UInt8 { bytes.uint8(at: 0) >> 4 }
    /// All flags as they were sent.
    @inlinable public var flags: UInt8 { bytes.uint8(at: 1) }
    /// The frame goes to the distribution system: from a station to its access point.
    @inlinable public var isToDistribution: Bool { flags & 1 != 0 }
    /// The frame comes from the distribution system: from an access point to a station.
    @inlinable public var isFromDistribution: Bool { flags & 2 != 0 }
    /// Another fragment of the frame follows.
    @inlinable public var hasMoreFragments: Bool { flags & 4 != 0 }
    /// The frame's body is encrypted.
    @inlinable public var isProtected: Bool { flags & 0x40 != 0 }

    /// Where a beacon, a probe or a request to associate names its network; nil in other frames, and where the name is
    /// hidden.
    public var networkName: Range<Int>? { WirelessAddresses.networkName(bytes) }

    /// Bytes of a data frame's header.
    @usableFromInline
    static func dataHeaderLength(control: UInt8, flags: UInt8) -> Int {
        var length = flags & 3 == 3 ? 30 : 24
        if control & 0x80 != 0 {
            length &+= 2
            if flags & 0x80 != 0 { length &+= 4 }
        }
        return length
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(minimumLength) else { return cursor.cut(.ieee80211, required: minimumLength, &layers) }
        let start = cursor.start
        let control = record.uint8(at: cursor.isControlSwapped ? start &+ 1 : start)
        let flags = record.uint8(at: cursor.isControlSwapped ? start : start &+ 1)
        let checkLength = Int(cursor.checkLength)
        cursor.checkLength = 0
        cursor.isControlSwapped = false
        guard control >> 2 & 3 == 2, control & 3 == 0 else {
            if cursor.claimed >= minimumLength &+ checkLength { cursor.dropTrailer(checkLength) }
            cursor.add(.ieee80211, header: min(cursor.available, 24), to: &layers)
            return .data
        }
        var length = dataHeaderLength(control: control, flags: flags)
        guard cursor.has(length) else { return cursor.cut(.ieee80211, required: length, &layers) }
        let hasQoS = control & 0x80 != 0
        var aggregated = hasQoS && record.uint8(at: start &+ (flags & 3 == 3 ? 30 : 24)) & 0x80 != 0
        if cursor.isPadded { length = min((length &+ 3) & ~3, cursor.available) }
        // Where the final addresses stand depends on the way through the distribution system (IEEE 802.11 table 9-30).
        let destination = record.macAddress(at: flags & 1 != 0 ? start &+ 16 : start &+ 4)
        let source = record.macAddress(at: flags & 2 == 0 ? start &+ 10 : flags & 1 == 0 ? start &+ 16 : start &+ 24)
        if flags & 2 != 0, !aggregated { length &+= meshControlLength(record, cursor, at: length) }
        // The number of a last fragment whose first ones are not there is odd, but its frame mostly whole, and without
        // checksum.
        let isWhole = record.uint8(at: start &+ 22) & 15 == 0 || flags & 4 != 0
        if isWhole, cursor.claimed >= length &+ checkLength { cursor.dropTrailer(checkLength) }
        cursor.add(.ieee80211, header: length, to: &layers)
        if cursor.claimed <= 4 { aggregated = false }
        // Subtypes with bit 2 set have no data; with "protected" the data is ciphertext.
        if control & 0x40 != 0 { return .data }
        if flags & 0x40 != 0 { return .stop(.unsupported(after: .ieee80211, number: 0x40)) }
        if flags & 4 != 0 { return .stop(.fragment(.ieee80211)) }
        if aggregated { return dissectAggregate(record, &cursor) }
        // Some drivers leave an Ethernet frame, or NetWare's without LLC, where the LLC header belongs.
        if cursor.has(2), record.uint16(at: cursor.start) != 0xaaaa {
            if cursor.has(6), record.macAddress(at: cursor.start) == destination { return .linkType(.ethernet) }
            if cursor.has(12), record.macAddress(at: cursor.start &+ 6) == source { return .linkType(.ethernet) }
            let first = record.uint16(at: cursor.start)
            if first == 0xffff { return .stop(.unsupported(after: .ieee80211, number: 0xffff)) }
            // Bytes that laptops and cards put there: six of zeros before an Ethernet frame, two of zeros or of the
            // sequence number.
            if first == 0, cursor.has(18), record.macAddress(at: cursor.start &+ 6) == destination,
                record.macAddress(at: cursor.start &+ 12) == source
            {
                cursor.skip(6)
                return .linkType(.ethernet)
            }
            if first == 0 || first == record.uint16(at: start &+ 22) {
                cursor.skip(2)
                return .frame(.logicalLink)
            }
            // An EtherType alone, without LLC (IEEE 802.11 section 5.1.4, "EtherType protocol discrimination").
            let type = EtherType(rawValue: first)
            if type.isKnown || ProtocolTables.shared.entry(type) != .none {
                cursor.skip(2)
                return .etherType(type)
            }
        }
        return .frame(.logicalLink)
    }

    /// The mesh control behind the header (IEEE 802.11 section 9.2.4.8.3): flags, time to live, sequence number, and
    /// none, one or two more addresses. Its announcement in QoS control is often missing, so it is known by its flags,
    /// which have only two bits that may be set, not both, and by the LLC header that follows.
    private static func meshControlLength(_ record: RawSpan, _ cursor: LayerCursor, at offset: Int) -> Int {
        guard cursor.has(offset &+ 1) else { return 0 }
        let addresses = Int(record.uint8(at: cursor.start &+ offset))
        let length = 6 &+ 6 &* addresses
        guard addresses < 3, cursor.has(offset &+ length &+ 2) else { return 0 }
        return record.uint16(at: cursor.start &+ offset &+ length) == 0xaaaa ? length : 0
    }

    /// One of the frames in an A-MSDU: destination, source, length, and an LLC header (IEEE 802.11 section 9.3.2.2).
    /// The next one begins at a multiple of four bytes.
    static func dissectAggregate(_ record: RawSpan, _ cursor: inout LayerCursor) -> Handoff {
        if cursor.available == 0 { return .data }
        guard cursor.has(14) else { return .stop(cursor.missing(14, for: .ieee80211)) }
        let length = Int(record.uint16(at: cursor.start &+ 12))
        let next = cursor.start &+ ((14 &+ length &+ 3) & ~3)
        if next &+ 14 < cursor.claimedEnd, next < cursor.end {
            cursor.plan(.ieee80211, at: next, endsWhenBroken: true)
        }
        cursor.skip(14)
        cursor.claim(length)
        return .frame(.logicalLink)
    }
}
