import Text

extension ProtocolDescription {
    static let quic = ProtocolDescription(
        .quic, "quic", "QUIC IETF", role: .application,
        attachments: [
            .udpPort(443, accepts: QUICPacket.isAtPort),
            .content(over: .udp, looksLike: QUICPacket.hasLongHeader),
        ],
        dissect: { CommandLines.dissect(.quic, $0, &$1, &$2) },
        fields: QUICFields.all,
        line: .words(QUICFields.summarize))
}

enum QUICFields {
    /// Kinds of parts are a packet's kind, and these for what lies in it.
    private static let destination: UInt32 = 16
    private static let source: UInt32 = 17
    private static let token: UInt32 = 18
    private static let retryToken: UInt32 = 19
    private static let packets = PartKinds(0, mask: ~15)

    static let all: [FieldDefinition] = [
        .inParts(packets, foundBy: find, "quic.packet_length", .unsigned(bits: 32), "Packet length") {
            $2.append(.unsigned(UInt64($1.range.count)))
        },
        .inParts(packets, foundBy: find, "quic.header_form", .unsigned(bits: 1), "Header form", valueName: form) {
            $2.append(.unsigned(UInt64($0.record.uint8(at: $1.start) >> 7)))
        },
        .inParts(packets, foundBy: find, "quic.fixed_bit", .boolean, "Fixed bit") {
            // Neither a Retry nor a negotiation has one that matters.
            if ![4, 5].contains($1.kind) { $2.append(.boolean($0.record.uint8(at: $1.start) & 0x40 != 0)) }
        },
        .inParts(packets, foundBy: find, "quic.long.packet_type", .unsigned(bits: 2), "Packet type", valueName: type) {
            if 1...4 ~= $1.kind { $2.append(.unsigned(UInt64($1.kind) &- 1)) }
        },
        .inParts(packets, foundBy: find, "quic.version", .hex(bits: 32), "Version") {
            guard $0.record.uint8(at: $1.start) & 0x80 != 0, $1.range.count >= 5 else { return }
            $2.append(.unsigned(UInt64($0.record.uint32(at: $1.start &+ 1))))
        },
        length(destination, "quic.dcil", "Length of the destination connection ID"),
        .inParts(PartKinds(destination), foundBy: find, "quic.dcid", .bytes, "Destination connection ID") {
            if !$1.range.isEmpty { $2.append(.bytes($1.range)) }
        },
        length(source, "quic.scil", "Length of the source connection ID"),
        .inParts(PartKinds(source), foundBy: find, "quic.scid", .bytes, "Source connection ID") {
            if !$1.range.isEmpty { $2.append(.bytes($1.range)) }
        },
        .inParts(PartKinds(token), foundBy: find, "quic.token_length", .unsigned(bits: 64), "Token length") {
            $2.append(.unsigned(UInt64($1.range.count)))
        },
        .inParts(PartKinds(token), foundBy: find, "quic.token", .bytes, "Token") {
            if !$1.range.isEmpty { $2.append(.bytes($1.range)) }
        },
        .inParts(PartKinds(retryToken), foundBy: find, "quic.retry_token", .bytes, "Token of a Retry") {
            if !$1.range.isEmpty { $2.append(.bytes($1.range)) }
        },
        .inParts(packets, foundBy: find, "quic.length", .unsigned(bits: 64), "Length") {
            let packet = QUICPacket($1.start..<Int($0.layer.end), of: $0.record)
            if let length = packet?.length { $2.append(.unsigned(length)) }
        },
    ]

    private static func length(_ kind: UInt32, _ name: String, _ meaning: String) -> FieldDefinition {
        .inParts(PartKinds(kind), foundBy: find, name, .unsigned(bits: 8), meaning) { _, part, values in
            values.append(.unsigned(UInt64(part.range.count)))
        }
    }

    /// The packets of a datagram, one behind the other (RFC 9000 section 12.2).
    private static let find: PartFinder = { context, parts in
        let end = min(Int(context.layer.end), context.record.byteCount)
        var start = Int(context.layer.start)
        while let packet = QUICPacket(start..<end, of: context.record) {
            guard parts.append(LayerPart(packet.kind.rawValue, packet.range)) else { return }
            if let range = packet.destination { _ = parts.append(LayerPart(destination, range)) }
            if let range = packet.source { _ = parts.append(LayerPart(source, range)) }
            if let range = packet.token {
                _ = parts.append(LayerPart(packet.kind == .retry ? retryToken : token, range))
            }
            start = packet.range.upperBound
        }
    }

    private static let form: ValueName = { $0 == 0 ? "Short Header" : "Long Header" }

    /// RFC 9000 table 5; version 2's types are shown under the numbers of version 1.
    private static let type: ValueName = { number in
        switch number {
        case 0: "Initial"
        case 1: "0-RTT"
        case 2: "Handshake"
        case 3: "Retry"
        default: nil
        }
    }

    /// `QUIC Initial to 0102030405060708 from a1b2, Handshake`, `QUIC protected payload`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("QUIC ")
        var start = Int(layer.start)
        var written = 0
        while written < 4, let packet = QUICPacket(start..<Int(layer.end), of: record) {
            if written > 0 { text.append(", ") }
            switch packet.kind {
            case .short: text.append("protected payload")
            case .negotiation: text.append("Version Negotiation")
            case .unknown: text.append("packet cut short")
            default: text.append(type(UInt64(packet.kind.rawValue) &- 1) ?? "")
            }
            if written == 0 {
                write(" to ", packet.destination, record, into: &text)
                write(" from ", packet.source, record, into: &text)
            }
            written &+= 1
            start = packet.range.upperBound
        }
    }

    private static func write(_ word: String, _ range: Range<Int>?, _ record: RawSpan, into text: inout SummaryText) {
        guard let range, !range.isEmpty else { return }
        text.append(word)
        for position in range.prefix(QUICPacket.longestID) { text.append(hexByte: record.uint8(at: position)) }
    }
}
