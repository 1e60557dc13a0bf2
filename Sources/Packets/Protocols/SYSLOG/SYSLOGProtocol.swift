import Text

/// A message of syslog, in the form of BSD (RFC 3164 section 4.1) or of RFC 5424 section 6:
///
///     <34>Oct 11 22:14:15 mymachine su: 'su root' failed
///     <165>1 2003-10-11T22:14:15.003Z host.example evntslog 12 ID47 [data] text
///
/// The number in front is eight times the facility and the severity.
struct SYSLOGMessage {
    /// Longest priority with its brackets.
    private static let longestPriority = 5

    let priority: UInt64
    /// Behind the priority.
    let text: Range<Int>

    /// nil where the bytes do not begin with a priority: from 0 to 191.
    init?(_ range: Range<Int>, of record: RawSpan) {
        let end = min(range.upperBound, record.byteCount)
        guard range.lowerBound >= 0, range.lowerBound < end, record.uint8(at: range.lowerBound) == 60 else {
            return nil
        }
        let first = range.lowerBound &+ 1
        var position = first
        while position < min(end, first &+ Self.longestPriority &- 1), record.uint8(at: position) != 62 {
            position &+= 1
        }
        guard position < end, record.uint8(at: position) == 62,
            let number = CommandLine.number(first..<position, record), number <= 191
        else { return nil }
        priority = number
        text = position &+ 1..<end
    }

    /// The words of the header.
    struct Header {
        var version: Range<Int>?
        var time: Range<Int>?
        var host: Range<Int>?
        var application: Range<Int>?
        var process: Range<Int>?
    }

    func header(_ record: RawSpan) -> Header {
        var header = Header()
        let first = CommandLine.split(text, record)
        if CommandLine.number(first.word, record) == 1 {
            header.version = first.word
            var rest = CommandLine.split(first.rest, record)
            header.time = rest.word
            rest = CommandLine.split(rest.rest, record)
            header.host = rest.word
            rest = CommandLine.split(rest.rest, record)
            header.application = rest.word
            header.process = CommandLine.split(rest.rest, record).word
        } else if isBSDTime(record) {
            let end = text.lowerBound &+ 15
            header.time = text.lowerBound..<end
            let rest = CommandLine.split(end &+ 1..<text.upperBound, record)
            header.host = rest.word
            var position = rest.rest.lowerBound
            while position < rest.rest.upperBound, position &- rest.rest.lowerBound < 48,
                ![32, 58, 91].contains(record.uint8(at: position))
            {
                position &+= 1
            }
            header.process = rest.rest.lowerBound..<position
        }
        return header
    }

    /// `Oct 11 22:14:15 `
    private func isBSDTime(_ record: RawSpan) -> Bool {
        guard text.count >= 16 else { return false }
        let start = text.lowerBound
        return record.uint8(at: start &+ 3) == 32 && record.uint8(at: start &+ 6) == 32
            && record.uint8(at: start &+ 9) == 58 && record.uint8(at: start &+ 12) == 58
            && record.uint8(at: start &+ 15) == 32
    }

    static let isLikely: Attachment.Acceptance = { record, cursor, _ in
        SYSLOGMessage(cursor.start..<cursor.end, of: record) != nil
    }
}

extension ProtocolDescription {
    static let syslog = ProtocolDescription(
        .syslog, "syslog", "Syslog message", role: .application,
        attachments: [.udpPort(514, accepts: SYSLOGMessage.isLikely)],
        dissect: { CommandLines.dissect(.syslog, $0, &$1, &$2) },
        fields: SYSLOGFields.all,
        line: .words(SYSLOGFields.summarize))
}

enum SYSLOGFields {
    static let all: [FieldDefinition] = [
        field("syslog.facility", .unsigned(bits: 8), "Facility", valueName: facility) { message, _ in
            .unsigned(message.priority >> 3)
        },
        field("syslog.level", .unsigned(bits: 8), "Level", valueName: level) { message, _ in
            .unsigned(message.priority & 7)
        },
        field("syslog.msg", .text, "Message") { message, _ in .text(message.text) },
        word("syslog.version", "Version") { $0.version },
        word("syslog.timestamp_rfc3164", "Time, as BSD writes it") { $0.version == nil ? $0.time : nil },
        word("syslog.hostname", "Host") { $0.host },
        word("syslog.appname", "Application") { $0.application },
        word("syslog.procid", "Process") { $0.process },
    ]

    private static func field(
        _ name: String, _ type: FieldType, _ meaning: String, valueName: ValueName? = nil,
        _ read: @escaping @Sendable (SYSLOGMessage, RawSpan) -> FieldValue?
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning, valueName: valueName) { context, values in
            guard let message = SYSLOGMessage(context.layer.range, of: context.record) else { return }
            if let value = read(message, context.record) { values.append(value) }
        }
    }

    private static func word(
        _ name: String, _ meaning: String, _ piece: @escaping @Sendable (SYSLOGMessage.Header) -> Range<Int>?
    ) -> FieldDefinition {
        field(name, .text, meaning) { message, record in
            guard let range = piece(message.header(record)), !range.isEmpty else { return nil }
            return .text(range)
        }
    }

    /// RFC 5424 section 6.2.1, in Wireshark's words.
    private static let facility: ValueName = { number in
        switch number {
        case 0: "KERN - kernel messages"
        case 1: "USER - random user-level messages"
        case 2: "MAIL - mail system"
        case 3: "DAEMON - system daemons"
        case 4: "AUTH - security/authorization messages"
        case 5: "SYSLOG - messages generated internally by syslogd"
        case 6: "LPR - line printer subsystem"
        case 7: "NEWS - network news subsystem"
        case 8: "UUCP - UUCP subsystem"
        case 9: "CRON - clock daemon (BSD, Linux)"
        case 10: "AUTHPRIV - security/authorization messages (private)"
        case 11: "FTP - ftp daemon"
        case 12: "NTP - ntp subsystem"
        case 13: "LOGAUDIT - log audit"
        case 14: "LOGALERT - log alert"
        case 15: "CRON - clock daemon (Solaris)"
        case 16: "LOCAL0 - reserved for local use"
        case 17: "LOCAL1 - reserved for local use"
        case 18: "LOCAL2 - reserved for local use"
        case 19: "LOCAL3 - reserved for local use"
        case 20: "LOCAL4 - reserved for local use"
        case 21: "LOCAL5 - reserved for local use"
        case 22: "LOCAL6 - reserved for local use"
        case 23: "LOCAL7 - reserved for local use"
        default: nil
        }
    }

    private static let level: ValueName = { number in
        switch number {
        case 0: "EMERG - system is unusable"
        case 1: "ALERT - action must be taken immediately"
        case 2: "CRIT - critical conditions"
        case 3: "ERR - error conditions"
        case 4: "WARNING - warning conditions"
        case 5: "NOTICE - normal but significant condition"
        case 6: "INFO - informational"
        case 7: "DEBUG - debug-level messages"
        default: nil
        }
    }

    /// The first word of a level's name.
    private static let shortLevels: [StaticString] = [
        "emergency", "alert", "critical", "error", "warning", "notice", "info", "debug",
    ]

    /// `SYSLOG critical "Oct 11 22:14:15 mymachine su: failed"`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("SYSLOG ")
        guard let message = SYSLOGMessage(layer.range, of: record) else { return }
        text.append(shortLevels[Int(message.priority & 7)])
        text.append(" \"")
        text.append(escaping: message.text, of: record, limit: 120)
        text.append(ascii: 34)
    }
}
