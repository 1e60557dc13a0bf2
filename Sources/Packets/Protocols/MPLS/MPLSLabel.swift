/// One entry of an MPLS label stack, read in place (RFC 3032 section 2.1).
///
///     +---------------------------------------+-----+-+---------------+
///     |                 Label                 | TC  |S|      TTL      |
///     +---------------------------------------+-----+-+---------------+
///
/// The last entry of the stack has S set. Nothing says what lies under it: routers know from the label, others guess
/// from the first four bits, which are the IP version, or 0 and 1 for pseudowires (RFC 4928 section 3).
public struct MPLSLabel: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let length = 4

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.length, for: .mpls)
        self.bytes = bytes
    }

    /// 20 bits that mean something to the next router alone.
    @inlinable public var label: UInt32 { bytes.uint32(at: 0) >> 12 }
    /// The traffic class, three bits (RFC 5462).
    @inlinable public var trafficClass: UInt8 { bytes.uint8(at: 2) >> 1 & 7 }
    /// The last entry of the stack.
    @inlinable public var isBottom: Bool { bytes.uint8(at: 2) & 1 == 1 }
    /// How many more routers may pass it on.
    @inlinable public var timeToLive: UInt8 { bytes.uint8(at: 3) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.mpls, required: length, &layers) }
        let entry = record.uint32(at: cursor.start)
        cursor.add(.mpls, header: length, to: &layers)
        return entry & 0x100 == 0 ? .same : carried(under: entry >> 12, record, cursor)
    }

    /// What lies under the last label, guessed from its first four bits (RFC 4928 section 3).
    /// - Parameter label: 13 announces an associated channel whatever the bits say (RFC 5586 section 4); the alert's
    ///   for operation and maintenance (14, RFC 3429) carries no packet.
    private static func carried(under label: UInt32, _ record: RawSpan, _ cursor: LayerCursor) -> Handoff {
        let unknown = Handoff.stop(.unsupported(after: .mpls, number: label))
        guard cursor.has(1), label != 14 else { return unknown }
        if label == 13 { return .frame(.associatedChannel) }
        switch record.uint8(at: cursor.start) >> 4 {
        case 4, 6: return .ipVersion
        // 0 is a pseudowire's control word; nearly all of them carry Ethernet.
        case 0: return PseudowireControlWord.isMissing(record, cursor) ? .linkType(.ethernet) : .frame(.pseudowire)
        case 1: return .frame(.associatedChannel)
        default: return unknown
        }
    }
}

/// The values of a label stack entry, owned.
public struct MPLSEntry: Hashable, Sendable {
    /// 20 bits that mean something to the next router alone.
    public var label: UInt32
    /// The traffic class, three bits (RFC 5462).
    public var trafficClass: UInt8
    /// The last entry of the stack.
    public var isBottom: Bool
    /// How many more routers may pass it on.
    public var timeToLive: UInt8

    /// - Parameter label: 20 bits; higher ones are not sent.
    public init(label: UInt32, isBottom: Bool, timeToLive: UInt8 = 64, trafficClass: UInt8 = 0) {
        self.label = label
        self.trafficClass = trafficClass
        self.isBottom = isBottom
        self.timeToLive = timeToLive
    }

    /// Copies the values of a header that was read.
    public init(_ entry: borrowing MPLSLabel) {
        self.init(
            label: entry.label, isBottom: entry.isBottom, timeToLive: entry.timeToLive, trafficClass: entry.trafficClass
        )
    }

    /// The bytes as they are sent.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(uint32: label << 12 | UInt32(trafficClass & 7) << 9 | (isBottom ? 0x100 : 0) | UInt32(timeToLive))
        return bytes
    }
}
