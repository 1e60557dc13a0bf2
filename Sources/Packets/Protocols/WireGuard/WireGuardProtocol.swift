import Text

/// A message of WireGuard (Donenfeld, "WireGuard: Next Generation Kernel Network Tunnel", section 5.4): its numbers
/// have the low byte first.
///
///     +---------------+-----------------------------------------------+
///     |     Type      |               Reserved, zero                  |
///     +---------------+-----------------------------------------------+
///     |  Sender's index (types 1 and 2), receiver's (3 and 4)         |
///     +---------------------------------------------------------------+
///     |  Receiver's index (2), counter (4: 8 bytes), nonce (3: 24) …  |
///     +---------------------------------------------------------------+
enum WireGuardMessage {
    static let headerLength = 4

    /// What every message of a type has as its length; transport data is filled up to a multiple of sixteen.
    static func hasItsLength(_ type: UInt8, _ length: Int) -> Bool {
        switch type {
        case 1: length == 148
        case 2: length == 92
        case 3: length == 64
        case 4: length >= 32 && length & 15 == 0
        default: false
        }
    }

    static let isLikely: Attachment.Acceptance = { record, cursor, _ in
        guard cursor.has(headerLength) else { return false }
        let head = record.uint32(at: cursor.start)
        return head & 0x00ff_ffff == 0 && hasItsLength(UInt8(truncatingIfNeeded: head >> 24), cursor.claimed)
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(headerLength) else { return cursor.cut(.wireGuard, required: headerLength, &layers) }
        cursor.add(.wireGuard, header: cursor.available, to: &layers)
        return .data
    }
}

extension ProtocolDescription {
    static let wireGuard = ProtocolDescription(
        .wireGuard, "wg", "WireGuard Protocol", role: .application,
        attachments: [
            .udpPort(51820, accepts: WireGuardMessage.isLikely),
            .content(over: .udp, looksLike: WireGuardMessage.isLikely),
        ],
        dissect: WireGuardMessage.dissect,
        asks: { message in
            guard message.byteCount >= 1 else { return nil }
            return switch message.uint8(at: 0) {
            case 1: true
            case 2, 3: false
            default: nil
            }
        },
        fields: WireGuardFields.all,
        line: .words(WireGuardFields.summarize))
}

enum WireGuardFields {
    static let all: [FieldDefinition] = [
        .at(0, "wg.type", .unsigned(bits: 8), "Type", valueName: typeName),
        .at(1, "wg.reserved", .bytes, "Reserved", length: 3),
        index("wg.sender", "Sender's index", at: 4) { $0 == 1 || $0 == 2 },
        index("wg.receiver", "Receiver's index", at: 8) { $0 == 2 },
        index("wg.receiver", "Receiver's index", at: 4) { $0 == 3 || $0 == 4 },
        .at(8, "wg.nonce", .bytes, "Nonce", length: 24) { $0.uint8(at: 0) == 3 },
        .at(32, "wg.encrypted_cookie", .bytes, "Encrypted cookie", length: 32) { $0.uint8(at: 0) == 3 },
        FieldDefinition("wg.counter", .unsigned(bits: 64), "Counter") { context, values in
            guard context.bytes.byteCount >= 16, context.bytes.uint8(at: 0) == 4 else { return }
            values.append(.unsigned(context.bytes.uint64(at: 8).byteSwapped))
        },
        check("wg.mac1", "Check by the receiver's key", before: 16),
        check("wg.mac2", "Check by a cookie", before: 0),
    ]

    /// The two checks that end a handshake's messages.
    private static func check(_ name: String, _ meaning: String, before rest: Int) -> FieldDefinition {
        FieldDefinition(name, .bytes, meaning) { context, values in
            guard context.bytes.byteCount >= 92, 1...2 ~= context.bytes.uint8(at: 0) else { return }
            let end = Int(context.layer.start) &+ (context.bytes.uint8(at: 0) == 1 ? 148 : 92) &- rest
            if end <= Int(context.layer.end) { values.append(.bytes(end &- 16..<end)) }
        }
    }

    private static func index(
        _ name: String, _ meaning: String, at offset: Int, where has: @escaping @Sendable (_ type: UInt8) -> Bool
    ) -> FieldDefinition {
        FieldDefinition(name, .hex(bits: 32), meaning) { context, values in
            guard context.bytes.byteCount >= offset &+ 4, has(context.bytes.uint8(at: 0)) else { return }
            values.append(.unsigned(UInt64(context.bytes.littleEndianUInt32(at: offset))))
        }
    }

    private static let typeName: ValueName = { number in
        switch number {
        case 1: "Handshake Initiation"
        case 2: "Handshake Response"
        case 3: "Cookie Reply"
        case 4: "Transport Data"
        default: nil
        }
    }

    /// `WireGuard Handshake Initiation`, `WireGuard Transport Data 5`, `WireGuard keep-alive 6`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("WireGuard")
        let message = record.extracting(layer.range)
        guard message.byteCount >= WireGuardMessage.headerLength else { return }
        text.append(ascii: 32)
        let type = message.uint8(at: 0)
        // A packet of no bytes, 16 of header and 16 of check, keeps the tunnel alive (section 6.5).
        let isKeepAlive = type == 4 && Int(layer.claimedEnd) &- Int(layer.start) == 32
        text.append(isKeepAlive ? "keep-alive" : typeName(UInt64(type)) ?? "")
        guard type == 4, message.byteCount >= 16 else { return }
        text.append(ascii: 32)
        text.append(decimal: message.uint64(at: 8).byteSwapped)
    }
}
