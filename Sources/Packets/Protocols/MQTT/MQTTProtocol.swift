import Text

/// The control packets of MQTT in a segment, one behind the other (MQTT 3.1.1 section 2, MQTT 5.0 section 2).
///
///     +-------+-------+-----------------------------------------------+
///     | Type  | Flags |  Remaining length, seven bits a byte (1 to 4) |
///     +-------+-------+-----------------------------------------------+
///     |  CONNECT: protocol's name, level, flags, keep alive, client   |
///     |  PUBLISH: topic, message ID where it is acknowledged, message |
///     +---------------------------------------------------------------+
struct MQTTPackets {
    struct Packet {
        let type: UInt8
        let flags: UInt8
        /// What follows the length, as far as it is in this segment.
        let content: Range<Int>
        let range: Range<Int>
        /// What the length says.
        let length: Int
    }

    private var position: Int
    private let end: Int

    init(_ range: Range<Int>, of record: RawSpan) {
        end = max(0, min(range.upperBound, record.byteCount))
        position = max(0, min(range.lowerBound, end))
    }

    /// The next packet; nil where the bytes are none.
    mutating func next(_ record: RawSpan) -> Packet? {
        guard end &- position >= 2 else { return nil }
        let start = position
        let first = record.uint8(at: start)
        guard Self.hasItsFlags(first) else { return nil }
        var length = 0
        var place = start &+ 1
        var shift = 0
        while true {
            guard place < end, shift <= 21 else { return nil }
            let byte = record.uint8(at: place)
            length |= Int(byte & 0x7f) << shift
            place &+= 1
            shift &+= 7
            if byte & 0x80 == 0 { break }
        }
        position = min(end, place &+ length)
        return Packet(
            type: first >> 4, flags: first & 15, content: place..<position, range: start..<position, length: length)
    }

    /// Every type but PUBLISH has flags that are prescribed (MQTT 3.1.1 section 2.2.2).
    private static func hasItsFlags(_ first: UInt8) -> Bool {
        switch first >> 4 {
        case 0: false
        case 3: first & 6 != 6
        case 6, 8, 10: first & 15 == 2
        default: first & 15 == 0
        }
    }

    /// A segment that is packets up to its end, the last of which may go on in the next one.
    static let isLikely: Attachment.Acceptance = { record, cursor, _ in
        var packets = MQTTPackets(cursor.start..<cursor.end, of: record)
        guard let first = packets.next(record) else { return false }
        switch first.type {
        case 1: return first.length >= 10
        case 2, 4...7, 9, 11: return first.length >= 2
        case 12, 13: return first.length == 0
        default: return true
        }
    }

    /// A text with its length in two bytes before it.
    static func text(at place: Int, in content: Range<Int>, _ record: RawSpan) -> Range<Int>? {
        guard place >= content.lowerBound, content.upperBound &- place >= 2 else { return nil }
        let length = Int(record.uint16(at: place))
        guard length <= content.upperBound &- place &- 2 else { return nil }
        return place &+ 2..<place &+ 2 &+ length
    }
}

extension ProtocolDescription {
    static let mqtt = ProtocolDescription(
        .mqtt, "mqtt", "MQ Telemetry Transport Protocol", role: .application,
        attachments: [.tcpPort(1883, accepts: MQTTPackets.isLikely)],
        traits: [.followsConnection],
        dissect: { CommandLines.dissect(.mqtt, $0, &$1, &$2) },
        asks: { message in
            var packets = MQTTPackets(0..<message.byteCount, of: message)
            guard let packet = packets.next(message) else { return nil }
            return switch packet.type {
            case 1, 8, 10, 12: true
            case 2, 9, 11, 13: false
            default: nil
            }
        },
        fields: MQTTFields.all,
        line: .words(MQTTFields.summarize))
}

enum MQTTFields {
    static let all: [FieldDefinition] = [
        .inParts(.all, foundBy: find, "mqtt.hdrflags", .hex(bits: 8), "Header flags") {
            $2.append(.unsigned(UInt64($0.record.uint8(at: $1.start))))
        },
        .inParts(.all, foundBy: find, "mqtt.msgtype", .unsigned(bits: 4), "Message type", valueName: typeName) {
            $2.append(.unsigned(UInt64($1.kind)))
        },
        .inParts(PartKinds(3), foundBy: find, "mqtt.dupflag", .boolean, "Sent again") {
            $2.append(.boolean($0.record.uint8(at: $1.start) & 8 != 0))
        },
        .inParts(PartKinds(3), foundBy: find, "mqtt.qos", .unsigned(bits: 2), "Quality of service") {
            $2.append(.unsigned(UInt64($0.record.uint8(at: $1.start) >> 1 & 3)))
        },
        .inParts(PartKinds(3), foundBy: find, "mqtt.retain", .boolean, "Kept for later subscribers") {
            $2.append(.boolean($0.record.uint8(at: $1.start) & 1 != 0))
        },
        .inParts(.all, foundBy: find, "mqtt.len", .unsigned(bits: 32), "Length") {
            var packets = MQTTPackets($1.range, of: $0.record)
            if let packet = packets.next($0.record) { $2.append(.unsigned(UInt64(packet.length))) }
        },
        .inParts(PartKinds(1), foundBy: find, "mqtt.protoname", .text, "Protocol's name") {
            if let name = MQTTPackets.text(at: $1.content.lowerBound, in: $1.content, $0.record) {
                $2.append(.text(name))
            }
        },
        .inParts(PartKinds(1), foundBy: find, "mqtt.ver", .unsigned(bits: 8), "Version") {
            guard let name = MQTTPackets.text(at: $1.content.lowerBound, in: $1.content, $0.record),
                name.upperBound < $1.content.upperBound
            else { return }
            $2.append(.unsigned(UInt64($0.record.uint8(at: name.upperBound))))
        },
        .inParts(PartKinds(1), foundBy: find, "mqtt.kalive", .unsigned(bits: 16), "Keep alive in seconds") {
            guard let name = MQTTPackets.text(at: $1.content.lowerBound, in: $1.content, $0.record),
                $1.content.upperBound &- name.upperBound >= 4
            else { return }
            $2.append(.unsigned(UInt64($0.record.uint16(at: name.upperBound &+ 2))))
        },
        .inParts(PartKinds(1), foundBy: find, "mqtt.clientid", .text, "Client") {
            // Version 5 has properties before it.
            guard let name = MQTTPackets.text(at: $1.content.lowerBound, in: $1.content, $0.record),
                name.upperBound < $1.content.upperBound, $0.record.uint8(at: name.upperBound) < 5,
                let client = MQTTPackets.text(at: name.upperBound &+ 4, in: $1.content, $0.record)
            else { return }
            $2.append(.text(client))
        },
        .inParts(PartKinds(2), foundBy: find, "mqtt.conack.val", .unsigned(bits: 8), "Return code") {
            guard $1.content.count >= 2 else { return }
            $2.append(.unsigned(UInt64($0.record.uint8(at: $1.content.lowerBound &+ 1))))
        },
        .inParts(PartKinds(3), foundBy: find, "mqtt.topic", .text, "Topic") {
            if let topic = MQTTPackets.text(at: $1.content.lowerBound, in: $1.content, $0.record) {
                $2.append(.text(topic))
            }
        },
    ]

    private static let find: PartFinder = { context, parts in
        var packets = MQTTPackets(context.layer.range, of: context.record)
        while let packet = packets.next(context.record) {
            guard parts.append(LayerPart(UInt32(packet.type), packet.range, content: packet.content)) else { return }
        }
    }

    /// MQTT 5.0 section 2.1.2, in Wireshark's words.
    private static let typeName: ValueName = { number in
        switch number {
        case 1: "Connect Command"
        case 2: "Connect Ack"
        case 3: "Publish Message"
        case 4: "Publish Ack"
        case 5: "Publish Received"
        case 6: "Publish Release"
        case 7: "Publish Complete"
        case 8: "Subscribe Request"
        case 9: "Subscribe Ack"
        case 10: "Unsubscribe Request"
        case 11: "Unsubscribe Ack"
        case 12: "Ping Request"
        case 13: "Ping Response"
        case 14: "Disconnect Req"
        case 15: "Authentication Exchange"
        default: nil
        }
    }

    /// `MQTT Publish Message "home/temperature"`, `MQTT Connect Command, Subscribe Request`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("MQTT")
        var packets = MQTTPackets(layer.range, of: record)
        var written = 0
        while written < 4, let packet = packets.next(record) {
            text.append(written == 0 ? " " : ", ")
            written &+= 1
            text.append(typeName(UInt64(packet.type)) ?? "")
            if packet.type == 3,
                let topic = MQTTPackets.text(at: packet.content.lowerBound, in: packet.content, record)
            {
                text.append(" \"")
                text.append(escaping: topic, of: record, limit: 60)
                text.append(ascii: 34)
            }
        }
    }
}
