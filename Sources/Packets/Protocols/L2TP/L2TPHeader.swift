/// A layer 2 tunnelling protocol header, version 2, read in place (RFC 2661 section 3.1).
///
///     +-+-+---+-+-+-+-+-------+-------+-------------------------------+
///     |T|L| … |S| |O|P|  …    |  Ver  |      Length (if L)            |
///     +-+-+---+-+-+-+-+-------+-------+-------------------------------+
///     |           Tunnel ID           |           Session ID          |
///     +-------------------------------+-------------------------------+
///     |    Ns and Nr, two bytes each (if S); offset size (if O)       |
///     +---------------------------------------------------------------+
///
/// Messages with T set control the tunnel; the others carry a PPP frame.
public struct L2TPHeader: HeaderView, ~Escapable {
    /// Bytes of the header's fixed part.
    public static let minimumLength = 6

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.minimumLength, for: .l2tp)
        self.bytes = bytes
    }

    /// All flags as they were sent.
    @inlinable public var flags: UInt16 { bytes.uint16(at: 0) }
    /// The message controls the tunnel and carries nothing.
    @inlinable public var isControl: Bool { flags & 0x8000 != 0 }
    /// The version of L2TP.
    @inlinable public var version: UInt8 { UInt8(truncatingIfNeeded: flags & 15) }

    /// Whether the bytes at L2TP's port have one of its versions; 1 is the forwarding protocol L2F (RFC 2341), which
    /// shares it.
    static func isLikely(_ record: RawSpan, _ start: Int, _ end: Int) -> Bool {
        start &+ 2 > end || 2...3 ~= record.uint16(at: start) & 15
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(minimumLength) else { return cursor.cut(.l2tp, required: minimumLength, &layers) }
        let start = cursor.start
        let flags = record.uint16(at: start)
        var length = minimumLength
        if flags & 0x4000 != 0 { length &+= 2 }
        if flags & 0x0800 != 0 { length &+= 4 }
        guard flags & 15 == 2, flags & 0x8000 == 0 else {
            cursor.add(.l2tp, header: min(length, cursor.available), to: &layers)
            return flags & 15 == 2 || flags & 15 == 3
                ? .data : .stop(.unsupported(after: .l2tp, number: UInt32(flags & 15)))
        }
        if flags & 0x0200 != 0 {
            guard cursor.has(length &+ 2) else { return cursor.cut(.l2tp, required: length &+ 2, &layers) }
            length &+= 2 &+ Int(record.uint16(at: start &+ length))
        }
        guard cursor.has(length) else { return cursor.cut(.l2tp, required: length, &layers) }
        if flags & 0x4000 != 0 { cursor.limit(toLength: max(length, Int(record.uint16(at: start &+ 2)))) }
        cursor.add(.l2tp, header: length, to: &layers)
        return cursor.claimed == 0 ? .data : .linkType(.pppHDLC)
    }
}
