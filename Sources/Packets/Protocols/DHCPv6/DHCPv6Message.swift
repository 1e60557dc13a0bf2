/// A message of the Dynamic Host Configuration Protocol for IPv6 (RFC 8415 sections 8 and 9).
///
///     +---------------+-----------------------------------------------+
///     |     Type      |            Transaction ID (3)                 |
///     +---------------+-----------------------------------------------+
///     |  Options: code (2), length (2), data …                        |
///     +---------------------------------------------------------------+
///
/// What relays pass on, types 12 and 13, has a hop count (1), a link address and a peer's address (16 each) in place of
/// the transaction ID, and the message itself in an option. Some options have options inside.
enum DHCPv6Message {
    static let minimumLength = 4
    static let relayLength = 34
    /// Messages in messages, and options in options, that are looked into.
    private static let deepest = 8

    static func isRelayed(_ type: UInt8) -> Bool { type == 12 || type == 13 }

    /// Whether the bytes at DHCPv6's ports are a message of a type that exists.
    static let isLikely: Attachment.Acceptance = { record, cursor, _ in
        cursor.has(1) && 1...36 ~= record.uint8(at: cursor.start) && cursor.claimed >= minimumLength
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(minimumLength) else { return cursor.cut(.dhcpv6, required: minimumLength, &layers) }
        cursor.add(.dhcpv6, header: cursor.available, to: &layers)
        return .data
    }

    /// A message, and with the second function an option, of which the finder of fields makes parts.
    static let messageKind: UInt32 = 1 << 16

    static func find(message: Range<Int>, depth: Int, _ record: RawSpan, _ parts: inout LayerParts) {
        guard depth < deepest, message.count >= minimumLength else { return }
        guard parts.append(LayerPart(messageKind, message)) else { return }
        let isRelayed = isRelayed(record.uint8(at: message.lowerBound))
        let options = message.lowerBound &+ (isRelayed ? relayLength : minimumLength)
        if options < message.upperBound { find(options: options..<message.upperBound, depth: depth, record, &parts) }
    }

    private static func find(options: Range<Int>, depth: Int, _ record: RawSpan, _ parts: inout LayerParts) {
        guard depth < deepest else { return }
        var position = options.lowerBound
        while options.upperBound &- position >= 4 {
            let code = record.uint16(at: position)
            let length = Int(record.uint16(at: position &+ 2))
            let value = position &+ 4..<min(options.upperBound, position &+ 4 &+ length)
            if value.count < length { parts.note(.cutShort) }
            guard parts.append(LayerPart(UInt32(code), position..<value.upperBound, content: value)) else { return }
            position = value.upperBound
            if code == 9 {
                find(message: value, depth: depth &+ 1, record, &parts)
            } else if let inner = lengthBeforeOptions(code), inner < value.count {
                find(options: value.lowerBound &+ inner..<value.upperBound, depth: depth &+ 1, record, &parts)
            }
        }
    }

    /// What stands before the options inside of an option (RFC 8415 sections 21.4 to 21.6, 21.21 and 21.22).
    private static func lengthBeforeOptions(_ code: UInt16) -> Int? {
        switch code {
        case 3, 25: 12
        case 4: 4
        case 5: 24
        case 26: 25
        default: nil
        }
    }
}
