import Text

extension ProtocolDescription {
    /// The control connection of the File Transfer Protocol (RFC 959): command lines of the client, replies of the
    /// server that begin with a code of three digits. Files go over connections of their own.
    static let ftp = ProtocolDescription(
        .ftp, "ftp", "File Transfer Protocol (FTP)", role: .application,
        attachments: [.tcpPort(21, accepts: CommandLines.acceptsText)],
        traits: [.followsConnection],
        dissect: { CommandLines.dissect(.ftp, $0, &$1, &$2) },
        asks: { message in
            guard let line = FTPLine(0..<message.byteCount, of: message) else { return nil }
            return line.code == nil
        },
        fields: FTPFields.all,
        line: .words(FTPFields.summarize))
}

/// The first line of a segment, where it is a command or a reply.
struct FTPLine {
    let line: CommandLine
    /// nil for a command.
    let code: UInt64?

    init?(_ range: Range<Int>, of record: RawSpan) {
        var lines = CommandLines(range, of: record)
        guard let line = lines.next(record) else { return nil }
        self.line = line
        code = line.replyCode(record)
        if code == nil, !Self.isCommand(line.word, record) { return nil }
    }

    /// A command has three or four letters (RFC 959 section 5.3; the extensions keep to that).
    private static func isCommand(_ word: Range<Int>, _ record: RawSpan) -> Bool {
        guard 3...4 ~= word.count else { return false }
        for position in word {
            switch record.uint8(at: position) {
            case 65...90, 97...122: continue
            default: return false
            }
        }
        return true
    }

    var argument: Range<Int> { code == nil ? line.rest : line.replyText }
}
