import Text

extension ProtocolDescription {
    /// The Internet Message Access Protocol (RFC 9051): commands that begin with a tag, replies that repeat it, and
    /// lines of data between them that begin with `*`.
    static let imap = ProtocolDescription(
        .imap, "imap", "Internet Message Access Protocol", role: .application,
        attachments: [.tcpPort(143, accepts: CommandLines.acceptsText)],
        traits: [.followsConnection],
        dissect: { CommandLines.dissect(.imap, $0, &$1, &$2) },
        asks: { message in
            var lines = CommandLines(0..<message.byteCount, of: message)
            guard let line = lines.next(message) else { return nil }
            return IMAPFields.kind(of: line, message).map { $0 == IMAPFields.request }
        },
        fields: IMAPFields.all,
        line: .words(IMAPFields.summarize))
}

enum IMAPFields {
    static let request: UInt32 = 1
    /// The reply that ends a command, with its tag, or an invitation to go on, whose tag is `+`.
    private static let reply: UInt32 = 2
    /// A line of data.
    private static let data: UInt32 = 3

    /// RFC 9051 section 6, RFC 3501 section 6 and the common extensions.
    private static let commands: [StaticString] = [
        "CAPABILITY", "NOOP", "LOGOUT", "STARTTLS", "AUTHENTICATE", "LOGIN", "ENABLE", "SELECT", "EXAMINE", "CREATE",
        "DELETE", "RENAME", "SUBSCRIBE", "UNSUBSCRIBE", "LIST", "LSUB", "NAMESPACE", "STATUS", "APPEND", "IDLE",
        "CHECK",
        "CLOSE", "UNSELECT", "EXPUNGE", "SEARCH", "FETCH", "STORE", "COPY", "MOVE", "UID", "ID", "XLIST", "SORT",
        "THREAD", "COMPRESS", "GETQUOTA", "GETQUOTAROOT", "GETACL", "MYRIGHTS",
    ]
    private static let statuses: [StaticString] = ["OK", "NO", "BAD"]

    /// nil for text that does not show what it is: a literal, or the middle of a message.
    static func kind(of line: CommandLine, _ record: RawSpan) -> UInt32? {
        guard !line.word.isEmpty else { return nil }
        if line.isOneOf(["*"], record) { return data }
        if line.isOneOf(["+"], record) { return reply }
        // The end of IDLE has no tag (RFC 2177 section 3).
        if line.isOneOf(["DONE"], record), line.rest.isEmpty { return request }
        let second = CommandLine.split(line.rest, record).word
        for word in statuses where CommandLine.isWord(word, second, record) { return reply }
        for word in commands where CommandLine.isWord(word, second, record) { return request }
        return nil
    }

    static let all: [FieldDefinition] = [
        FieldDefinition("imap.isrequest", .boolean, "Request") { context, values in
            var lines = CommandLines(context.layer.range, of: context.record)
            guard let line = lines.next(context.record), let kind = kind(of: line, context.record) else { return }
            values.append(.boolean(kind == request))
        },
        .textInParts(request, foundBy: find, "imap.request", "Request") { $0.owner },
        words("imap.request_tag", "Request tag", request) { CommandLine.split($0.owner, $1).word },
        words("imap.request.command", "Request command", request) { line, record in
            let second = CommandLine.split(line.content, record)
            guard CommandLine.isWord("UID", second.word, record) else { return second.word }
            return CommandLine.split(second.rest, record).word
        },
        .textInParts(reply, foundBy: find, "imap.response", "Response") { $0.owner },
        words("imap.response_tag", "Response tag", reply) { CommandLine.split($0.owner, $1).word },
        words("imap.response.status", "Response status", reply) { line, record in
            CommandLine.split(line.content, record).word
        },
    ]

    /// - Parameter piece: finds the words in a line: as a whole the part's owner, behind its tag the content.
    private static func words(
        _ name: String, _ meaning: String, _ kind: UInt32,
        _ piece: @escaping @Sendable (LayerPart, RawSpan) -> Range<Int>
    ) -> FieldDefinition {
        .inParts(PartKinds(kind), foundBy: find, name, .text, meaning) { context, part, values in
            let range = piece(part, context.record)
            if !range.isEmpty { values.append(.text(range)) }
        }
    }

    private static let find: PartFinder = { context, parts in
        let record = context.record
        var lines = CommandLines(context.layer.range, of: record)
        while let line = lines.next(record) {
            // Text that is no line of the protocol ends it: what follows may be a message that looks like one.
            guard let kind = kind(of: line, record) else { return }
            guard parts.append(LayerPart(kind, line.whole, content: line.rest, owner: line.text)) else { return }
        }
    }

    /// `IMAP a002 SELECT INBOX`, `IMAP * 3 EXISTS`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("IMAP ")
        var lines = CommandLines(layer.range, of: record)
        guard let line = lines.next(record), kind(of: line, record) != nil else {
            text.append("literal or message text")
            return
        }
        text.append(escaping: line.text, of: record, limit: 120)
    }
}
