import Addressing
import Text

/// A message of the Routing Information Protocol, version 1 (RFC 1058) or 2 (RFC 2453 section 4).
///
///     +---------------+---------------+-------------------------------+
///     |    Command    |    Version    |           (zero)              |
///     +---------------+---------------+-------------------------------+
///     |       Address family          |          Route tag            |  an entry of 20 bytes,
///     +-------------------------------+-------------------------------+  up to 25 of them
///     |        Address, subnet mask, next hop, metric: 4 each         |
///     +---------------------------------------------------------------+
enum RIPMessage {
    static let headerLength = 4
    static let entryLength = 20

    /// Whether the bytes at RIP's port are a message of a version and with a command that exist.
    static let isLikely: Attachment.Acceptance = { record, cursor, _ in
        guard cursor.has(headerLength) else { return cursor.claimed >= headerLength }
        return 1...5 ~= record.uint8(at: cursor.start) && 1...2 ~= record.uint8(at: cursor.start &+ 1)
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(headerLength) else { return cursor.cut(.rip, required: headerLength, &layers) }
        cursor.add(.rip, header: cursor.available, to: &layers)
        return .data
    }
}

extension ProtocolDescription {
    static let rip = ProtocolDescription(
        .rip, "rip", "Routing Information Protocol", role: .application,
        attachments: [.udpPort(520, accepts: RIPMessage.isLikely)],
        dissect: RIPMessage.dissect,
        asks: { message in
            guard message.byteCount >= 1 else { return nil }
            // A response may be an answer or an advertisement; which, only the request before it tells.
            return message.uint8(at: 0) == 1 ? true : nil
        },
        fields: RIPFields.all,
        line: .words(RIPFields.summarize))
}

enum RIPFields {
    private static let route: UInt32 = 1
    private static let authentication: UInt32 = 2
    /// An entry that names no route: in a request, family 0 and metric 16 ask for all (RFC 2453 section 3.9.1).
    private static let other: UInt32 = 4

    static let all: [FieldDefinition] = [
        .at(0, "rip.command", .unsigned(bits: 8), "Command", valueName: command),
        .at(1, "rip.version", .unsigned(bits: 8), "Version"),
        entry(.all, "rip.family", .unsigned(bits: 16), "Address family", needs: 2) { record, start, _ in
            // Behind 0xffff is no address but what proves who sends (RFC 2453 section 4.1).
            record.uint16(at: start) == 0xffff ? nil : .unsigned(UInt64(record.uint16(at: start)))
        },
        entry(PartKinds(authentication), "rip.auth.type", .unsigned(bits: 16), "Authentication type", needs: 4) {
            record, start, _ in .unsigned(UInt64(record.uint16(at: start &+ 2)))
        },
        entry(PartKinds(route), "rip.route_tag", .unsigned(bits: 16), "Route tag", needs: 4) { record, start, version in
            version == 2 ? .unsigned(UInt64(record.uint16(at: start &+ 2))) : nil
        },
        entry(PartKinds(route), "rip.ip", .ipv4, "Address", needs: 8) { record, start, _ in
            .ipv4(record.ipv4Address(at: start &+ 4))
        },
        entry(PartKinds(route), "rip.netmask", .ipv4, "Subnet mask", needs: 12) { record, start, version in
            version == 2 ? .ipv4(record.ipv4Address(at: start &+ 8)) : nil
        },
        entry(PartKinds(route), "rip.next_hop", .ipv4, "Next hop", needs: 16) { record, start, version in
            version == 2 ? .ipv4(record.ipv4Address(at: start &+ 12)) : nil
        },
        entry(PartKinds(0, mask: authentication), "rip.metric", .unsigned(bits: 16), "Metric", needs: 20) {
            record, start, _ in
            .unsigned(UInt64(record.uint32(at: start &+ 16)))
        },
    ]

    private static func entry(
        _ kinds: PartKinds, _ name: String, _ type: FieldType, _ meaning: String, needs: Int,
        _ read: @escaping @Sendable (_ record: RawSpan, _ start: Int, _ version: UInt8) -> FieldValue?
    ) -> FieldDefinition {
        .inParts(kinds, foundBy: find, name, type, meaning) { context, part, values in
            guard part.range.count >= needs else { return }
            let version = context.record.uint8(at: Int(context.layer.start) &+ 1)
            if let value = read(context.record, part.start, version) { values.append(value) }
        }
    }

    private static let find: PartFinder = { context, parts in
        let end = min(Int(context.layer.end), context.record.byteCount)
        var start = Int(context.layer.start) &+ RIPMessage.headerLength
        while start &+ 2 <= end {
            let next = min(end, start &+ RIPMessage.entryLength)
            let kind: UInt32
            switch context.record.uint16(at: start) {
            case 2: kind = route
            case 0xffff: kind = authentication
            default: kind = other
            }
            guard parts.append(LayerPart(kind, start..<next)) else { return }
            start = next
        }
    }

    /// RFC 2453 section 4; 3 to 5 are obsolete (RFC 1058 section 3.1).
    private static let command: ValueName = { number in
        switch number {
        case 1: "Request"
        case 2: "Response"
        case 3: "Traceon"
        case 4: "Traceoff"
        case 5: "Vendor specific (Sun)"
        default: nil
        }
    }

    /// `RIPv2 Response, 2 routes: 10.1.0.0 metric 1, 10.2.0.0 metric 2`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        let message = record.extracting(layer.range)
        guard message.byteCount >= RIPMessage.headerLength else { return text.append("RIP") }
        text.append("RIPv")
        text.append(decimal: UInt64(message.uint8(at: 1)))
        text.append(ascii: 32)
        if let name = command(UInt64(message.uint8(at: 0))) {
            text.append(name)
        } else {
            text.append("command ")
            text.append(decimal: UInt64(message.uint8(at: 0)))
        }
        let length = RIPMessage.entryLength
        let entries = (message.byteCount &- RIPMessage.headerLength) / length
        var written = 0
        for index in 0..<min(entries, 8) {
            let start = RIPMessage.headerLength &+ index &* length
            guard message.uint16(at: start) == 2 else { continue }
            text.append(written == 0 ? ": " : ", ")
            written &+= 1
            message.ipv4Address(at: start &+ 4).write(to: &text)
            text.append(" metric ")
            text.append(decimal: UInt64(message.uint32(at: start &+ 16)))
        }
        if entries > 8 { text.append(", …") }
    }
}
