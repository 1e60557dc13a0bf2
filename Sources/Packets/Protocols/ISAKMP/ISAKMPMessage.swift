/// A message of the Internet Key Exchange, version 1 (RFC 2408 section 3.1) or 2 (RFC 7296 section 3.1).
///
///     +---------------------------------------------------------------+
///     |            Initiator's SPI, or cookie (8)                     |
///     +---------------------------------------------------------------+
///     |            Responder's SPI, or cookie (8); 0 at first         |
///     +---------------+-------+-------+---------------+---------------+
///     | Next payload  | Major | Minor | Exchange type |     Flags     |
///     +---------------+-------+-------+---------------+---------------+
///     |            Message ID (4)     |   Length, all of it (4)       |
///     +-------------------------------+-------------------------------+
///
/// Payloads follow, each with the type of the one behind it, and its own length:
///
///     +---------------+---------------+-------------------------------+
///     | Next payload  |  C, reserved  |            Length             |
///     +---------------+---------------+-------------------------------+
enum ISAKMPMessage {
    static let headerLength = 28
    static let payloadHeaderLength = 4

    /// Whether the bytes at the port of the key exchange are a message of a version that exists, and as long as it says
    /// or longer.
    static let isLikely: Attachment.Acceptance = { record, cursor, _ in
        guard cursor.claimed >= headerLength else { return false }
        guard cursor.has(headerLength) else { return true }
        return 1...2 ~= record.uint8(at: cursor.start &+ 17) >> 4
            && record.uint32(at: cursor.start &+ 24) >= UInt32(headerLength)
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(headerLength) else { return cursor.cut(.isakmp, required: headerLength, &layers) }
        cursor.add(.isakmp, header: cursor.available, to: &layers)
        return .data
    }

    /// The payloads of a message, as far as they are not encrypted.
    struct Payloads {
        private var position = headerLength
        private var type: UInt8
        private let end: Int

        init(_ message: RawSpan) {
            guard message.byteCount >= headerLength else {
                (type, end) = (0, 0)
                return
            }
            // Version 1 encrypts the whole of what follows, version 2 what lies in a payload.
            let isEncrypted = message.uint8(at: 17) >> 4 == 1 && message.uint8(at: 19) & 1 != 0
            type = isEncrypted ? 0 : message.uint8(at: 16)
            end = min(message.byteCount, Int(message.uint32(at: 24)))
        }

        /// The next one's type, and where it lies in the message.
        mutating func next(_ message: RawSpan) -> (type: UInt8, range: Range<Int>)? {
            guard type != 0, end &- position >= payloadHeaderLength else { return nil }
            let length = Int(message.uint16(at: position &+ 2))
            guard length >= payloadHeaderLength else { return nil }
            let found = (type, position..<min(end, position &+ length))
            // Behind an encrypted payload nothing comes; its next payload is the first inside (RFC 7296 section 3.14).
            type = type == 46 || type == 53 ? 0 : message.uint8(at: position)
            position = found.1.upperBound
            return found
        }
    }
}
