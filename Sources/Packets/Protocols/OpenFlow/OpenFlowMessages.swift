/// The messages between an OpenFlow switch and its controller, as they lie in a TCP segment one behind the other
/// (OpenFlow Switch Specification 1.0 and 1.3, section "OpenFlow Header").
///
///     +---------------+---------------+-------------------------------+
///     |    Version    |     Type      |      Length, header too       |
///     +---------------+---------------+-------------------------------+
///     |                   Transaction identifier                      |
///     +---------------------------------------------------------------+
///
/// Two of them carry an Ethernet frame: what a switch did not know where to send, and what a controller has sent.
/// Versions 1.1 and 1.2, which nobody ever used, stay closed. A message that goes on in the next segment shows what of
/// the frame is there.
enum OpenFlowMessages {
    static let headerLength = 8
    private static let packetIn: UInt8 = 10
    private static let packetOut: UInt8 = 13

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(headerLength) else { return cursor.cut(.openFlow, required: headerLength, &layers) }
        cursor.append(.openFlow, header: headerLength, to: &layers)
        return next(record, &cursor)
    }

    /// Goes on behind the message whose frame is done.
    static func dissectNext(_ record: RawSpan, _ cursor: inout LayerCursor) -> Handoff { next(record, &cursor) }

    /// The next message that carries a frame; the others are passed.
    private static func next(_ record: RawSpan, _ cursor: inout LayerCursor) -> Handoff {
        while cursor.has(headerLength) {
            let length = Int(record.uint16(at: cursor.start &+ 2))
            guard length >= headerLength else { return .data }
            if let offset = frameOffset(record, cursor), offset < length {
                cursor.plan(.openFlow, at: cursor.start &+ length)
                cursor.limit(toLength: length)
                cursor.skip(offset)
                return .linkType(.ethernet)
            }
            cursor.skip(length)
        }
        return .data
    }

    /// Where in a message its frame begins; nil where it has none, or what stands before it is cut.
    private static func frameOffset(_ record: RawSpan, _ cursor: LayerCursor) -> Int? {
        let start = cursor.start
        let offset: Int
        switch (record.uint8(at: start), record.uint8(at: start &+ 1)) {
        case (1, packetIn):
            offset = 18
        case (1, packetOut):  // actions, whose length stands in the last two of sixteen bytes
            guard cursor.has(16) else { return nil }
            offset = 16 &+ Int(record.uint16(at: start &+ 14))
        case (4...5, packetIn):  // a match, whose length does not count its padding to eight bytes, and two bytes more
            guard cursor.has(28) else { return nil }
            offset = 24 &+ (Int(record.uint16(at: start &+ 26)) &+ 7) & ~7 &+ 2
        case (4...5, packetOut):
            guard cursor.has(24) else { return nil }
            offset = 24 &+ Int(record.uint16(at: start &+ 16))
        default: return nil
        }
        return cursor.has(offset &+ 1) ? offset : nil
    }
}
