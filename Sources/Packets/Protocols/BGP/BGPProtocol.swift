import Text

extension ProtocolDescription {
    static let bgp = ProtocolDescription(
        .bgp, "bgp", "Border Gateway Protocol", role: .application,
        attachments: [.tcpPort(179, accepts: BGPMessages.isLikely)],
        traits: [.followsConnection],
        dissect: { CommandLines.dissect(.bgp, $0, &$1, &$2) },
        fields: BGPFields.all,
        line: .words(BGPFields.summarize))
}

/// The messages of the Border Gateway Protocol in a segment, one behind the other (RFC 4271 section 4.1).
///
///     +---------------------------------------------------------------+
///     |                    Marker, sixteen times 255                  |
///     +-------------------------------+---------------+---------------+
///     |    Length, all of it          |     Type      |  …            |
///     +-------------------------------+---------------+---------------+
struct BGPMessages {
    static let headerLength = 19

    private var position: Int
    private let end: Int

    init(_ range: Range<Int>, of record: RawSpan) {
        end = max(0, min(range.upperBound, record.byteCount))
        position = max(0, min(range.lowerBound, end))
    }

    /// The next message, as far as it is in this segment; nil where the bytes are none.
    mutating func next(_ record: RawSpan) -> (type: UInt8, range: Range<Int>)? {
        guard end &- position >= Self.headerLength, record.uint64(at: position) == .max,
            record.uint64(at: position &+ 8) == .max
        else { return nil }
        let length = Int(record.uint16(at: position &+ 16))
        guard length >= Self.headerLength else { return nil }
        let message = position..<min(end, position &+ length)
        position = message.upperBound
        return (record.uint8(at: message.lowerBound &+ 18), message)
    }

    /// A segment that begins with a marker, as far as there is one: the middle of a message shows nothing.
    static let isLikely: Attachment.Acceptance = { record, cursor, _ in
        for position in cursor.start..<min(cursor.end, cursor.start &+ 16) where record.uint8(at: position) != 0xff {
            return false
        }
        return true
    }
}

enum BGPFields {
    private static let open: UInt32 = 1
    private static let update: UInt32 = 2
    private static let notification: UInt32 = 3
    /// Kinds of messages are their types, which have eight bits.
    private static let messages = PartKinds(0, mask: 0xffff_ff00)

    static let all: [FieldDefinition] = [
        .inParts(messages, foundBy: find, "bgp.marker", .bytes, "Marker") { _, part, values in
            values.append(.bytes(part.start..<part.start &+ 16))
        },
        .inParts(messages, foundBy: find, "bgp.length", .unsigned(bits: 16), "Length") { context, part, values in
            values.append(.unsigned(UInt64(context.record.uint16(at: part.start &+ 16))))
        },
        .inParts(
            messages, foundBy: find, "bgp.type", .unsigned(bits: 8), "Type", valueName: typeName
        ) { context, part, values in
            values.append(.unsigned(UInt64(part.kind)))
        },
        field(open, 19, 1, "bgp.open.version", .unsigned(bits: 8), "Version"),
        field(open, 20, 2, "bgp.open.myas", .unsigned(bits: 16), "Sender's autonomous system"),
        field(open, 22, 2, "bgp.open.holdtime", .unsigned(bits: 16), "Hold time in seconds"),
        field(open, 24, 4, "bgp.open.identifier", .ipv4, "Sender's BGP identifier"),
        field(open, 28, 1, "bgp.open.opt.len", .unsigned(bits: 8), "Length of the optional parameters"),
        field(update, 19, 2, "bgp.update.withdrawn_routes.length", .unsigned(bits: 16), "Length of withdrawn routes"),
        .inParts(
            PartKinds(update), foundBy: find, "bgp.update.path_attributes.length", .unsigned(bits: 16),
            "Length of the path attributes"
        ) { context, part, values in
            guard part.range.count >= 21 else { return }
            let place = part.start &+ 21 &+ Int(context.record.uint16(at: part.start &+ 19))
            guard place &+ 2 <= part.range.upperBound else { return }
            values.append(.unsigned(UInt64(context.record.uint16(at: place))))
        },
        field(notification, 19, 1, "bgp.notify.major_error", .unsigned(bits: 8), "Error", valueName: errorName),
    ]

    private static func field(
        _ kind: UInt32, _ offset: Int, _ length: Int, _ name: String, _ type: FieldType, _ meaning: String,
        valueName: ValueName? = nil
    ) -> FieldDefinition {
        .inParts(PartKinds(kind), foundBy: find, name, type, meaning, valueName: valueName) { context, part, values in
            guard part.range.count >= offset &+ length else { return }
            let place = part.start &+ offset
            switch length {
            case 1: values.append(.unsigned(UInt64(context.record.uint8(at: place))))
            case 2: values.append(.unsigned(UInt64(context.record.uint16(at: place))))
            default: values.append(.ipv4(context.record.ipv4Address(at: place)))
            }
        }
    }

    private static let find: PartFinder = { context, parts in
        var messages = BGPMessages(context.layer.range, of: context.record)
        while let message = messages.next(context.record) {
            guard parts.append(LayerPart(UInt32(message.type), message.range)) else { return }
        }
    }

    /// RFC 4271 section 4.1 and RFC 2918.
    private static let typeName: ValueName = { number in
        switch number {
        case 1: "OPEN Message"
        case 2: "UPDATE Message"
        case 3: "NOTIFICATION Message"
        case 4: "KEEPALIVE Message"
        case 5: "ROUTE-REFRESH Message"
        default: nil
        }
    }

    /// RFC 4271 section 4.5.
    private static let errorName: ValueName = { number in
        switch number {
        case 1: "Message Header Error"
        case 2: "OPEN Message Error"
        case 3: "UPDATE Message Error"
        case 4: "Hold Timer Expired"
        case 5: "Finite State Machine Error"
        case 6: "Cease"
        default: nil
        }
    }

    /// `BGP OPEN Message AS 65001 hold 180 s`, `BGP KEEPALIVE Message`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("BGP ")
        var messages = BGPMessages(layer.range, of: record)
        var written = 0
        while written < 6, let message = messages.next(record) {
            if written > 0 { text.append(", ") }
            written &+= 1
            if let name = typeName(UInt64(message.type)) {
                text.append(name)
            } else {
                text.append("type ")
                text.append(decimal: UInt64(message.type))
            }
            let start = message.range.lowerBound
            if message.type == open, message.range.count >= 24 {
                text.append(" AS ")
                text.append(decimal: UInt64(record.uint16(at: start &+ 20)))
                text.append(" hold ")
                text.append(decimal: UInt64(record.uint16(at: start &+ 22)))
                text.append(" s")
            }
            if message.type == notification, message.range.count >= 20,
                let name = errorName(UInt64(record.uint8(at: start &+ 19)))
            {
                text.append(ascii: 32)
                text.append(name)
            }
        }
        if written == 0 { text.append("message cut short") }
    }
}
