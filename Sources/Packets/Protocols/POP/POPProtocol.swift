import Text

extension ProtocolDescription {
    /// The Post Office Protocol, version 3 (RFC 1939): command lines, and replies that begin with `+OK` or `-ERR`, with
    /// messages and lists behind them.
    static let pop = ProtocolDescription(
        .pop, "pop", "Post Office Protocol", role: .application,
        attachments: [.tcpPort(110, accepts: CommandLines.acceptsText)],
        traits: [.followsConnection],
        dissect: { CommandLines.dissect(.pop, $0, &$1, &$2) },
        asks: { message in
            var lines = CommandLines(0..<message.byteCount, of: message)
            guard let line = lines.next(message) else { return nil }
            return POPFields.kind(of: line, message).map { $0 == POPFields.command }
        },
        fields: POPFields.all,
        line: .words(POPFields.summarize))
}

enum POPFields {
    static let command: UInt32 = 1
    private static let reply: UInt32 = 2

    /// RFC 1939 sections 5 to 7, RFC 2449, RFC 2595, RFC 5034.
    private static let commands: [StaticString] = [
        "USER", "PASS", "APOP", "STAT", "LIST", "RETR", "DELE", "NOOP", "RSET", "QUIT", "TOP", "UIDL", "CAPA", "STLS",
        "AUTH", "UTF8", "LANG",
    ]

    /// Only the first line of a segment is looked at: what follows a reply is a list or a message.
    static func kind(of line: CommandLine, _ record: RawSpan) -> UInt32? {
        if line.isOneOf(["+OK", "-ERR", "+"], record) { return reply }
        return line.isOneOf(commands, record) ? command : nil
    }

    static let all: [FieldDefinition] = [
        .textInParts(command, foundBy: find, "pop.request", "Request") { $0.range },
        .textInParts(command, foundBy: find, "pop.request.command", "Request command") { $0.owner },
        .textInParts(command, foundBy: find, "pop.request.parameter", "Request parameter") { $0.content },
        .textInParts(reply, foundBy: find, "pop.response", "Response") { $0.range },
        .textInParts(reply, foundBy: find, "pop.response.indicator", "Response indicator") { $0.owner },
        .textInParts(reply, foundBy: find, "pop.response.description", "Response description") { $0.content },
    ]

    private static let find: PartFinder = { context, parts in
        var lines = CommandLines(context.layer.range, of: context.record)
        guard let line = lines.next(context.record), let kind = kind(of: line, context.record) else { return }
        _ = parts.append(LayerPart(kind, line.whole, content: line.rest, owner: line.word))
    }

    /// `POP USER alice`, `POP +OK 2 messages`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("POP ")
        var lines = CommandLines(layer.range, of: record)
        guard let line = lines.next(record), kind(of: line, record) != nil else {
            text.append("list or message text")
            return
        }
        text.append(escaping: line.text, of: record, limit: 120)
    }
}
