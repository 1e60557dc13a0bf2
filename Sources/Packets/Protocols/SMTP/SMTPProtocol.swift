import Text

extension ProtocolDescription {
    /// The Simple Mail Transfer Protocol (RFC 5321): command lines of the client, replies of the server that begin with
    /// a code of three digits, and the message itself behind DATA.
    static let smtp = ProtocolDescription(
        .smtp, "smtp", "Simple Mail Transfer Protocol", role: .application,
        attachments: [.tcpPort(25, 587, accepts: CommandLines.acceptsText)],
        traits: [.followsConnection],
        dissect: { CommandLines.dissect(.smtp, $0, &$1, &$2) },
        asks: { message in
            var lines = CommandLines(0..<message.byteCount, of: message)
            guard let line = lines.next(message) else { return nil }
            if line.replyCode(message) != nil { return false }
            return SMTPLine.isCommand(line, message) ? true : nil
        },
        fields: SMTPFields.all,
        line: .words(SMTPFields.summarize))
}

/// What a line of SMTP is.
enum SMTPLine {
    /// Commands that stand alone on their line, of RFC 5321 section 4.1 and its extensions.
    private static let alone: [StaticString] = ["DATA", "RSET", "QUIT", "NOOP", "STARTTLS", "TURN", "HELP"]
    private static let withArgument: [StaticString] = [
        "EHLO", "HELO", "LHLO", "VRFY", "EXPN", "AUTH", "BDAT", "ETRN", "ATRN", "XCLIENT", "XFORWARD",
    ]

    /// A message's text may begin with any of these words; what has to stand behind them tells a command.
    static func isCommand(_ line: CommandLine, _ record: RawSpan) -> Bool {
        if line.isOneOf(alone, record) { return line.rest.isEmpty }
        if line.isOneOf(withArgument, record) { return !line.rest.isEmpty }
        if line.isOneOf(["MAIL"], record) { return CommandLine.begins(with: "FROM:", line.rest, record) }
        if line.isOneOf(["RCPT"], record) { return CommandLine.begins(with: "TO:", line.rest, record) }
        return false
    }
}

enum SMTPFields {
    private static let command: UInt32 = 1
    private static let reply: UInt32 = 2
    /// The second and further lines of a reply.
    private static let moreReply: UInt32 = 3

    static let all: [FieldDefinition] = [
        // One for all commands of a segment would say less than one for each: as Wireshark has it.
        .inParts(PartKinds(command), foundBy: find, "smtp.req", .boolean, "Request") { _, _, values in
            values.append(.boolean(true))
        },
        .textInParts(command, foundBy: find, "smtp.req.command", "Command") { $0.owner },
        .textInParts(command, foundBy: find, "smtp.req.parameter", "Request parameter") { $0.content },
        FieldDefinition("smtp.rsp", .boolean, "Response") { context, values in
            var lines = CommandLines(context.layer.range, of: context.record)
            if lines.next(context.record)?.replyCode(context.record) != nil { values.append(.boolean(true)) }
        },
        .inParts(
            PartKinds(reply), foundBy: find, "smtp.response.code", .unsigned(bits: 32), "Response code",
            valueName: meaning
        ) { context, part, values in
            if let code = CommandLine.number(part.owner, context.record) { values.append(.unsigned(code)) }
        },
        .inParts(
            PartKinds(reply, mask: reply), foundBy: find, "smtp.rsp.parameter", .text, "Response parameter"
        ) { _, part, values in
            if !part.content.isEmpty { values.append(.text(part.content)) }
        },
    ]

    /// The lines of a segment that begins with a command or a reply; of another one nothing is known: it may be a
    /// message, or an answer to a challenge of AUTH.
    private static let find: PartFinder = { context, parts in
        let record = context.record
        var lines = CommandLines(context.layer.range, of: record)
        var isFirst = true
        var isContinued = false
        while let line = lines.next(record) {
            let part: LayerPart
            if line.replyCode(record) != nil {
                part = LayerPart(
                    isContinued ? moreReply : reply, line.whole, content: line.replyText,
                    owner: line.text.lowerBound..<line.text.lowerBound &+ 3)
                isContinued = line.text.count > 3 && record.uint8(at: line.text.lowerBound &+ 3) == 45
            } else if SMTPLine.isCommand(line, record) {
                part = LayerPart(command, line.whole, content: line.rest, owner: line.word)
            } else {
                if isFirst { return }
                continue
            }
            isFirst = false
            guard parts.append(part) else { return }
            // What follows is the message.
            if part.kind == command, CommandLine.isWord("DATA", line.word, record) { return }
        }
    }

    /// RFC 5321 section 4.2.3, RFC 4954 section 6 and RFC 3207 section 4, in Wireshark's words.
    private static let meaning: ValueName = { code in
        switch code {
        case 211: "System status, or system help reply"
        case 214: "Help message"
        case 220: "<domain> Service ready"
        case 221: "<domain> Service closing transmission channel"
        case 235: "Authentication successful"
        case 250: "Requested mail action okay, completed"
        case 251: "User not local; will forward to <forward-path>"
        case 252: "Cannot VRFY user, but will accept message and attempt delivery"
        case 334: "AUTH input"
        case 354: "Start mail input; end with <CRLF>.<CRLF>"
        case 421: "<domain> Service not available, closing transmission channel"
        case 450: "Requested mail action not taken: mailbox unavailable"
        case 451: "Requested action aborted: local error in processing"
        case 452: "Requested action not taken: insufficient system storage"
        case 500: "Syntax error, command unrecognized"
        case 501: "Syntax error in parameters or arguments"
        case 502: "Command not implemented"
        case 503: "Bad sequence of commands"
        case 504: "Command parameter not implemented"
        case 530: "Authentication required"
        case 535: "Authentication credentials invalid"
        case 550: "Requested action not taken: mailbox unavailable"
        case 551: "User not local; please try <forward-path>"
        case 552: "Requested mail action aborted: exceeded storage allocation"
        case 553: "Requested action not taken: mailbox name not allowed"
        case 554: "Transaction failed"
        default: nil
        }
    }

    /// `SMTP EHLO client.example`, `SMTP 250 mail.example`, `SMTP message or its continuation`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("SMTP ")
        var lines = CommandLines(layer.range, of: record)
        guard let line = lines.next(record), line.replyCode(record) != nil || SMTPLine.isCommand(line, record) else {
            text.append("message text or authentication")
            return
        }
        text.append(escaping: line.text, of: record, limit: 120)
    }
}
