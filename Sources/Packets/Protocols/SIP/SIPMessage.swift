import Text

/// A message of the Session Initiation Protocol (RFC 3261 section 7): a request line or a status line, header fields, a
/// line each, an empty line, and a body, which mostly describes a session (SDP).
///
///     INVITE sip:bob@example.com SIP/2.0        SIP/2.0 180 Ringing
///     Call-ID: 12@host                          Call-ID: 12@host
struct SIPMessage {
    enum Start {
        case request(method: Range<Int>, target: Range<Int>)
        case response(code: Range<Int>)
    }

    let start: Start
    /// The first line without its end.
    let line: Range<Int>
    /// Where the header fields begin.
    let headers: Int

    /// Longest first line that is looked at, in bytes.
    private static let longestLine = 4096

    /// nil where the bytes do not begin with a request line or a status line of SIP's version 2.
    init?(_ range: Range<Int>, of record: RawSpan) {
        let end = min(range.upperBound, record.byteCount)
        guard range.lowerBound >= 0, end &- range.lowerBound >= 12 else { return nil }
        // A word in capitals begins it, so that other bytes cost nothing.
        guard 65...90 ~= record.uint8(at: range.lowerBound) else { return nil }
        var lines = CommandLines(range.lowerBound..<min(end, range.lowerBound &+ Self.longestLine), of: record)
        guard let first = lines.next(record) else { return nil }
        line = first.text
        headers = first.whole.upperBound
        if CommandLine.isWord("SIP/2.0", first.word, record) {
            let code = CommandLine.split(first.rest, record).word
            guard let number = CommandLine.number(code, record), 100...699 ~= number else { return nil }
            start = .response(code: code)
        } else {
            let target = CommandLine.split(first.rest, record)
            guard CommandLine.isWord("SIP/2.0", target.rest, record) else { return nil }
            start = .request(method: first.word, target: target.word)
        }
    }

    static let isLikely: Attachment.Acceptance = { record, cursor, _ in
        SIPMessage(cursor.start..<cursor.end, of: record) != nil
    }

    /// The head is the header; the body is what a description of a session is expected in.
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard let message = SIPMessage(cursor.start..<cursor.end, of: record) else { return .data }
        var lines = CommandLines(message.headers..<cursor.end, of: record)
        var body = cursor.end
        var isDescription = false
        while let line = lines.next(record) {
            guard !line.text.isEmpty else {
                body = line.whole.upperBound
                break
            }
            guard let field = line.field(record) else { continue }
            if CommandLine.isWord("CONTENT-TYPE", field.name, record) || CommandLine.isWord("C", field.name, record) {
                isDescription = CommandLine.begins(with: "APPLICATION/SDP", field.value, record)
            }
        }
        cursor.add(.sip, header: body &- cursor.start, to: &layers)
        return isDescription && cursor.has(1) ? .frame(.sessionDescription) : .claimed
    }
}
