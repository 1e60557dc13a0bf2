/// What Teredo puts before an IPv6 packet in UDP (RFC 4380 section 5.1.1): nothing, or one or both of
///
///     +--------+--------+-----------+-----------+--------------------------------+
///     | 0   1  | ID len | Auth. len | ID, value | nonce (8), confirmation (1)    |  authentication
///     +--------+--------+-----------+-----------+--------------------------------+
///     | 0   0  | origin port (2) | origin address (4) |                             origin indication
///     +--------+-----------------+--------------------+
enum TeredoHeader {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        let start = cursor.start
        var length = 0
        if cursor.has(4), record.uint16(at: start) == 1 {
            length = 13 &+ Int(record.uint8(at: start &+ 2)) &+ Int(record.uint8(at: start &+ 3))
            guard cursor.has(length) else { return cursor.cut(.teredo, required: length, &layers) }
        }
        if cursor.has(length &+ 2), record.uint16(at: start &+ length) == 0 {
            length &+= 8
            guard cursor.has(length) else { return cursor.cut(.teredo, required: length, &layers) }
        }
        cursor.add(.teredo, header: length, to: &layers)
        guard cursor.has(1), record.uint8(at: cursor.start) >> 4 == 6 else { return .data }
        return .linkType(.ipv6)
    }
}
