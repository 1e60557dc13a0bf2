import Text

enum FTPFields {
    static let all: [FieldDefinition] = commands + active + replies + passive

    private static let commands: [FieldDefinition] = [
        ofLine("ftp.request", .boolean, "Request") { line, _ in .boolean(line.code == nil) },
        ofLine("ftp.request.command", .text, "Request command") { line, _ in
            line.code == nil ? .text(line.line.word) : nil
        },
        ofLine("ftp.request.arg", .text, "Request argument") { line, _ in
            line.code == nil && !line.argument.isEmpty ? .text(line.argument) : nil
        },
    ]

    private static let active = address(
        "ftp.active.cip", "ftp.active.port", "data connection, as the client asks"
    ) { line, record in
        line.code == nil && CommandLine.isWord("PORT", line.line.word, record)
    }

    private static let replies: [FieldDefinition] = [
        ofLine("ftp.response", .boolean, "Response") { line, _ in .boolean(line.code != nil) },
        ofLine("ftp.response.code", .unsigned(bits: 32), "Response code", valueName: meaning) { line, _ in
            line.code.map { .unsigned($0) }
        },
        ofLine("ftp.response.arg", .text, "Response argument") { line, _ in
            line.code != nil && !line.argument.isEmpty ? .text(line.argument) : nil
        },
        ofLine("ftp.epsv.port", .unsigned(bits: 16), "Port of the data connection") { line, record in
            guard line.code == 229 else { return nil }
            return FTPAddress.extendedPort(line.argument, record).map { .unsigned($0) }
        },
    ]

    private static let passive = address(
        "ftp.passive.ip", "ftp.passive.port", "data connection, as the server offers"
    ) { line, _ in
        line.code == 227
    }

    private static func ofLine(
        _ name: String, _ type: FieldType, _ meaning: String, valueName: ValueName? = nil,
        _ read: @escaping @Sendable (FTPLine, RawSpan) -> FieldValue?
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning, valueName: valueName) { context, values in
            guard let line = FTPLine(context.layer.range, of: context.record) else { return }
            if let value = read(line, context.record) { values.append(value) }
        }
    }

    private static func address(
        _ host: String, _ port: String, _ meaning: String, where has: @escaping @Sendable (FTPLine, RawSpan) -> Bool
    ) -> [FieldDefinition] {
        [
            ofLine(host, .ipv4, "Address of the \(meaning)") { line, record in
                has(line, record) ? FTPAddress(line.argument, record).map { .ipv4($0.host) } : nil
            },
            ofLine(port, .unsigned(bits: 16), "Port of the \(meaning)") { line, record in
                has(line, record) ? FTPAddress(line.argument, record).map { .unsigned(UInt64($0.port)) } : nil
            },
        ]
    }

    /// RFC 959 section 4.2.1, RFC 2228 and RFC 2428, in Wireshark's words.
    private static let meaning: ValueName = { code in
        switch code {
        case 110: "Restart marker reply"
        case 120: "Service ready in nnn minutes"
        case 125: "Data connection already open; transfer starting"
        case 150: "File status okay; about to open data connection"
        case 200: "Command okay"
        case 202: "Command not implemented, superfluous at this site"
        case 211: "System status, or system help reply"
        case 212: "Directory status"
        case 213: "File status"
        case 214: "Help message"
        case 215: "NAME system type"
        case 220: "Service ready for new user"
        case 221: "Service closing control connection"
        case 225: "Data connection open; no transfer in progress"
        case 226: "Closing data connection"
        case 227: "Entering Passive Mode"
        case 229: "Entering Extended Passive Mode"
        case 230: "User logged in, proceed"
        case 234: "Security data exchange complete"
        case 250: "Requested file action okay, completed"
        case 257: "PATHNAME created"
        case 331: "User name okay, need password"
        case 332: "Need account for login"
        case 350: "Requested file action pending further information"
        case 421: "Service not available, closing control connection"
        case 425: "Can't open data connection"
        case 426: "Connection closed; transfer aborted"
        case 450: "Requested file action not taken"
        case 451: "Requested action aborted: local error in processing"
        case 452: "Requested action not taken. Insufficient storage space in system"
        case 500: "Syntax error, command unrecognized"
        case 501: "Syntax error in parameters or arguments"
        case 502: "Command not implemented"
        case 503: "Bad sequence of commands"
        case 504: "Command not implemented for that parameter"
        case 530: "Not logged in"
        case 532: "Need account for storing files"
        case 550: "Requested action not taken: File unavailable"
        case 551: "Requested action aborted: page type unknown"
        case 552: "Requested file action aborted: Exceeded storage allocation"
        case 553: "Requested action not taken: File name not allowed"
        default: nil
        }
    }

    /// `FTP USER anonymous`, `FTP 227 Entering Passive Mode (10,0,0,2,100,5)`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("FTP ")
        guard let line = FTPLine(layer.range, of: record) else {
            text.append("reply text")
            return
        }
        text.append(escaping: line.line.text, of: record, limit: 120)
    }
}
