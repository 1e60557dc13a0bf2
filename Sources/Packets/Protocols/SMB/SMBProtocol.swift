import Text

/// A NetBIOS session message, which over TCP carries Server Message Blocks (RFC 1002 section 4.3.1; over port 445
/// without sessions, MS-SMB2 section 2.1), and the header of version 2 and 3 (MS-SMB2 section 2.2.1). SMB's numbers
/// have the low byte first.
///
///     +---------------+-----------------------------------------------+
///     |     Type      |                    Length                     |
///     +---------------+-----------------------------------------------+
///     |   254 S M B   |  Header's length, 64  |  Credit charge        |
///     +---------------+-----------------------+-----------------------+
///     |  Status (4)   |  Command (2)  |  Credits (2)  |  Flags (4)    |
///     +---------------+---------------+---------------+---------------+
///     |  Next command (4)  |  Message ID (8)  |  Process ID (4)       |
///     +--------------------+------------------+-----------------------+
///     |  Tree ID (4)       |  Session ID (8)  |  Signature (16)       |
///     +--------------------+------------------+-----------------------+
enum SMBMessages {
    static let sessionLength = 4
    static let headerLength = 64
    static let magic: UInt32 = 0xfe53_4d42
    private static let oldMagic: UInt32 = 0xff53_4d42
    private static let encrypted: UInt32 = 0xfd53_4d42
    private static let compressed: UInt32 = 0xfc53_4d42

    /// Whether a segment begins a session's message: a block, or one of the types that open and keep a session. The
    /// middle of a block shows nothing.
    static let isLikely: Attachment.Acceptance = { record, cursor, _ in
        guard cursor.has(sessionLength) else { return false }
        switch record.uint8(at: cursor.start) {
        case 0x81...0x85: return cursor.claimed == sessionLength &+ Int(record.uint16(at: cursor.start &+ 2))
        case 0:
            guard cursor.has(8) else { return false }
            switch record.uint32(at: cursor.start &+ 4) {
            case magic, oldMagic, encrypted, compressed: return true
            default: return false
            }
        default: return false
        }
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(sessionLength) else { return cursor.cut(.nbss, required: sessionLength, &layers) }
        cursor.add(.nbss, header: sessionLength, to: &layers)
        guard cursor.has(4), record.uint32(at: cursor.start) == magic else { return .claimed }
        guard cursor.has(headerLength) else { return cursor.cut(.smb2, required: headerLength, &layers) }
        cursor.add(.smb2, header: cursor.available, to: &layers)
        return .claimed
    }

    /// Where the headers begin of the commands in one message, each of which says where the next one is.
    struct Commands {
        private var position: Int?
        private let end: Int

        init(_ range: Range<Int>, of record: RawSpan) {
            end = min(range.upperBound, record.byteCount)
            position = range.lowerBound
        }

        mutating func next(_ record: RawSpan) -> Range<Int>? {
            guard let start = position, end &- start >= headerLength, record.uint32(at: start) == magic else {
                return nil
            }
            let step = Int(record.littleEndianUInt32(at: start &+ 20))
            position = step >= headerLength && step <= end &- start ? start &+ step : nil
            return start..<start &+ headerLength
        }
    }
}

extension ProtocolDescription {
    static let nbss = ProtocolDescription(
        .nbss, "nbss", "NetBIOS Session Service", role: .application,
        attachments: [.tcpPort(139, 445, accepts: SMBMessages.isLikely)],
        traits: [.followsConnection],
        dissect: SMBMessages.dissect,
        fields: [
            .at(0, "nbss.type", .hex(bits: 8), "Message type", valueName: SMBFields.sessionType),
            .at(1, "nbss.length", .unsigned(bits: 24), "Length", length: 3),
        ],
        line: .words { layer, record, text in
            // A block has a line of its own.
            let start = Int(layer.start)
            guard layer.range.count >= 4, record.uint8(at: start) != 0 else { return text.append("NBSS") }
            text.append("NBSS ")
            text.append(SMBFields.sessionType(UInt64(record.uint8(at: start))) ?? "message")
        })

    static let smb2 = ProtocolDescription(
        .smb2, "smb2", "SMB2 (Server Message Block Protocol version 2)", role: .application,
        dissect: SMBMessages.dissect,
        // The flag that the server sets in its answers (MS-SMB2 section 2.2.1).
        asks: { message in
            guard message.byteCount >= SMBMessages.headerLength, message.uint32(at: 0) == SMBMessages.magic else {
                return nil
            }
            return message.uint8(at: 16) & 1 == 0
        },
        fields: SMBFields.all,
        line: .words(SMBFields.summarize))
}
