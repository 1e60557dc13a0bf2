/// A packet of Open Shortest Path First, version 2 (RFC 2328 appendix A.3) or 3, for IPv6 (RFC 5340 appendix A.3).
///
///     +---------------+---------------+-------------------------------+
///     |    Version    |     Type      |            Length             |
///     +---------------+---------------+-------------------------------+
///     |                           Router ID                           |
///     +---------------------------------------------------------------+
///     |                            Area ID                            |
///     +-------------------------------+-------------------------------+
///     |           Checksum            |  Authentication type (2), or  |
///     |                               |  instance and zero (3)        |
///     +-------------------------------+-------------------------------+
///     |           Authentication, 8 bytes (version 2 only)            |
///     +---------------------------------------------------------------+
///
/// Then what the type says: a hello, a description of the sender's database, a request, an update or an
/// acknowledgment of link state advertisements.
enum OSPFPacket {
    static let minimumLength = 16

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(1) else { return .data }
        let version = record.uint8(at: cursor.start)
        guard 2...3 ~= version else { return .stop(.unsupported(after: .ospf, number: UInt32(version))) }
        let length = headerLength(version)
        guard cursor.has(length) else { return cursor.cut(.ospf, required: length, &layers) }
        cursor.add(.ospf, header: cursor.available, to: &layers)
        return .data
    }

    static func headerLength(_ version: UInt8) -> Int { version == 2 ? 24 : 16 }

    /// Where the list behind a packet's fixed part begins: neighbours, or advertisements' headers.
    static func list(_ packet: RawSpan) -> (start: Int, end: Int)? {
        guard packet.byteCount >= minimumLength else { return nil }
        let end = min(packet.byteCount, Int(packet.uint16(at: 2)))
        let base = headerLength(packet.uint8(at: 0))
        let isVersion2 = packet.uint8(at: 0) == 2
        let start: Int
        switch packet.uint8(at: 1) {
        case 1: start = base &+ 20
        case 2: start = base &+ (isVersion2 ? 8 : 12)
        case 4: start = base &+ 4
        case 5: start = base
        default: return nil
        }
        return start <= end ? (start, end) : nil
    }
}
