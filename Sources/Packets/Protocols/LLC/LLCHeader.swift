/// An IEEE 802.2 logical link control header, read in place, with the SNAP header that may follow (RFC 1042).
///
///     +--------+--------+-----------+     +--------------------+-------------------+
///     |  DSAP  |  SSAP  |  control  |     | organization (3)   |  protocol (2)     |
///     +--------+--------+-----------+     +--------------------+-------------------+
///
/// The control field has one byte in unnumbered frames, two in numbered ones. SNAP is there when both service access
/// points are 0xaa; with the organization 00-00-00 its protocol is an EtherType.
public struct LLCHeader: HeaderView, ~Escapable {
    /// Bytes of the header's fixed part.
    public static let minimumLength = 3
    /// The service access point of SNAP.
    public static let snap: UInt8 = 0xaa

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.minimumLength, for: .llc)
        self.bytes = bytes
    }

    /// The destination service access point.
    @inlinable public var destinationPoint: UInt8 { bytes.uint8(at: 0) }
    /// The source service access point.
    @inlinable public var sourcePoint: UInt8 { bytes.uint8(at: 1) }
    /// The first byte of the control field.
    @inlinable public var control: UInt8 { bytes.uint8(at: 2) }
    /// The control field has one byte.
    @inlinable public var isUnnumbered: Bool { control & 3 == 3 }
    /// Bytes of the control field.
    @inlinable public var controlLength: Int { isUnnumbered ? 1 : 2 }
    /// The organization that defines the SNAP protocol number; nil without a whole SNAP header.
    @inlinable
    public var organization: UInt32? {
        guard destinationPoint == Self.snap, sourcePoint == Self.snap, bytes.byteCount >= 7 &+ controlLength else {
            return nil
        }
        return bytes.uint32(at: 1 &+ controlLength) & 0xff_ffff
    }
    /// SNAP's protocol within the organization, an EtherType where that is 0; nil without SNAP.
    @inlinable public var snapProtocol: UInt16? { organization == nil ? nil : bytes.uint16(at: 5 &+ controlLength) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(minimumLength) else { return cursor.cut(.llc, required: minimumLength, &layers) }
        let start = cursor.start
        let control = record.uint8(at: start &+ 2)
        let length = control & 3 == 3 ? 3 : 4
        let point = record.uint8(at: start)
        guard point == snap, record.uint8(at: start &+ 1) == snap else {
            guard cursor.has(length) else { return cursor.cut(.llc, required: length, &layers) }
            cursor.add(.llc, header: length, to: &layers)
            return carriesPacket(control) ? .serviceAccessPoint(point) : .data
        }
        let handoff = SNAPHeader.dissect(record, &cursor, &layers, kind: .llc, at: length, padding: 2)
        if case .etherType = handoff, !carriesPacket(control) { return .data }
        return handoff
    }

    /// Only information frames carry a packet, numbered ones and unnumbered ones.
    static func carriesPacket(_ control: UInt8) -> Bool { control & 1 == 0 || control == 3 }
}

/// The SNAP header alone, as it also stands in frame relay and ATM.
enum SNAPHeader {
    static let length = 5
    private static let bridged: UInt32 = 0x0080c2

    /// - Parameters:
    ///   - offset: where it begins, counted from the layer's start.
    ///   - padding: bytes between it and a bridged frame (RFC 2684 section 5.2: two in LLC, none in frame relay).
    static func dissect(
        _ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange], kind: LayerKind, at offset: Int,
        padding: Int
    ) -> Handoff {
        let whole = offset &+ length
        guard cursor.has(whole) else { return cursor.cut(kind, required: whole, &layers) }
        let organization = record.uint32(at: cursor.start &+ offset &- 1) & 0xff_ffff
        let number = record.uint16(at: cursor.start &+ offset &+ 3)
        cursor.add(kind, header: whole, to: &layers)
        switch organization {
        case 0, 0x0000f8: return .etherType(EtherType(rawValue: number))
        case bridged:
            guard cursor.has(padding) else { return .stop(cursor.missing(padding, for: kind)) }
            cursor.skip(padding)
            switch number {
            case 1, 7:
                cursor.checkLength = number == 1 ? 4 : 0
                return .linkType(.ethernet)
            case 3, 9: return .linkType(.tokenRing)
            case 4, 10: return .linkType(.fddi)
            default: return .stop(.unsupported(after: kind, number: UInt32(number)))
            }
        default: return .stop(.unsupported(after: kind, number: organization))
        }
    }
}
