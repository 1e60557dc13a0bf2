import Text

extension ProtocolDescription {
    static let sip = ProtocolDescription(
        .sip, "sip", "Session Initiation Protocol", role: .application,
        attachments: [
            .udpPort(5060, accepts: SIPMessage.isLikely), .tcpPort(5060, accepts: SIPMessage.isLikely),
            .content(over: .udp, looksLike: SIPMessage.isLikely),
        ],
        traits: [.followsConnection],
        dissect: SIPMessage.dissect,
        asks: { message in
            switch SIPMessage(0..<message.byteCount, of: message)?.start {
            case .request: true
            case .response: false
            case nil: nil
            }
        },
        fields: SIPFields.all,
        line: .words(SIPFields.summarize))
}

enum SIPFields {
    static let all: [FieldDefinition] =
        [
            ofStart("sip.Request-Line", .text, "Request line") {
                if case .request = $0.start { .text($0.line) } else { nil }
            },
            ofStart("sip.Method", .text, "Method") {
                if case .request(let method, _) = $0.start { .text(method) } else { nil }
            },
            ofStart("sip.r-uri", .text, "Whom it asks") {
                if case .request(_, let target) = $0.start { .text(target) } else { nil }
            },
            ofStart("sip.Status-Line", .text, "Status line") {
                if case .response = $0.start { .text($0.line) } else { nil }
            },
            FieldDefinition("sip.Status-Code", .unsigned(bits: 32), "Status code") { context, values in
                guard case .response(let code)? = SIPMessage(context.layer.range, of: context.record)?.start else {
                    return
                }
                if let number = CommandLine.number(code, context.record) { values.append(.unsigned(number)) }
            },
        ] + headers

    private static func ofStart(
        _ name: String, _ type: FieldType, _ meaning: String,
        _ read: @escaping @Sendable (SIPMessage) -> FieldValue?
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning) { context, values in
            guard let message = SIPMessage(context.layer.range, of: context.record) else { return }
            if let value = read(message) { values.append(value) }
        }
    }

    /// Header fields by name in capitals, with the short form where one exists (RFC 3261 section 7.3.3).
    private static let names: [(name: StaticString, short: StaticString?, field: String, meaning: String)] = [
        ("VIA", "V", "sip.Via", "Via"),
        ("MAX-FORWARDS", nil, "sip.Max-Forwards", "How many hops are left"),
        ("FROM", "F", "sip.From", "From"),
        ("TO", "T", "sip.To", "To"),
        ("CALL-ID", "I", "sip.Call-ID", "Call"),
        ("CSEQ", nil, "sip.CSeq", "Number and method of the request"),
        ("CONTACT", "M", "sip.Contact", "Contact"),
        ("EXPIRES", nil, "sip.Expires", "Holds so many seconds"),
        ("USER-AGENT", nil, "sip.User-Agent", "User agent"),
        ("SERVER", nil, "sip.Server", "Server"),
        ("CONTENT-TYPE", "C", "sip.Content-Type", "Content type"),
        ("CONTENT-LENGTH", "L", "sip.Content-Length", "Content length"),
    ]

    private static let headers: [FieldDefinition] = names.enumerated().map { index, header in
        let isNumber = ["sip.Max-Forwards", "sip.Expires", "sip.Content-Length"].contains(header.field)
        return .inParts(
            PartKinds(UInt32(index)), foundBy: find, header.field, isNumber ? .unsigned(bits: 32) : .text,
            header.meaning
        ) { context, part, values in
            if !isNumber {
                values.append(.text(part.content))
            } else if let number = CommandLine.number(part.content, context.record) {
                values.append(.unsigned(number))
            }
        }
    }

    private static let find: PartFinder = { context, parts in
        let record = context.record
        guard let message = SIPMessage(context.layer.range, of: record) else { return }
        let end = min(Int(context.layer.headerEnd), record.byteCount)
        var lines = CommandLines(message.headers..<max(message.headers, end), of: record)
        while let line = lines.next(record), !line.text.isEmpty {
            guard let field = line.field(record), let index = index(of: field.name, record) else { continue }
            guard parts.append(LayerPart(UInt32(index), line.whole, content: field.value)) else { return }
        }
    }

    private static func index(of name: Range<Int>, _ record: RawSpan) -> Int? {
        for (index, candidate) in names.enumerated() {
            if CommandLine.isWord(candidate.name, name, record) { return index }
            if let short = candidate.short, CommandLine.isWord(short, name, record) { return index }
        }
        return nil
    }

    /// `SIP INVITE sip:bob@example.com`, `SIP 180 Ringing`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("SIP ")
        guard let message = SIPMessage(layer.range, of: record) else { return }
        switch message.start {
        case .request(let method, let target):
            text.append(escaping: method, of: record, limit: 24)
            text.append(ascii: 32)
            text.append(escaping: target, of: record, limit: 100)
        case .response(let code):
            text.append(escaping: code.lowerBound..<message.line.upperBound, of: record, limit: 80)
        }
    }
}
