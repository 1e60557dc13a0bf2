import Text

/// The lines of a conversation in which a client sends commands and a server answers with replies, a line each: the
/// manner of TELNET's network virtual terminal that FTP, SMTP, POP and IMAP share (RFC 959 section 5.3, RFC 5321
/// section 2.4, RFC 1939 section 3, RFC 9051 section 2.2).
///
/// Lines end in CR LF; a bare LF is taken too. The last line of a segment may lack its end: it is taken as far as it
/// goes.
struct CommandLines {
    private var position: Int
    private let end: Int

    /// The lines of a layer, of which as many bytes are read as the record has.
    init(_ range: Range<Int>, of record: RawSpan) {
        end = max(0, min(range.upperBound, record.byteCount))
        position = max(0, min(range.lowerBound, end))
    }

    /// The next line; nil at the end.
    mutating func next(_ record: RawSpan) -> CommandLine? {
        guard position < end else { return nil }
        let start = position
        while position < end, record.uint8(at: position) != 10 { position &+= 1 }
        var last = position
        position = min(position &+ 1, end)
        if last > start, record.uint8(at: last &- 1) == 13 { last &-= 1 }
        return CommandLine(text: start..<last, whole: start..<position, record)
    }

    /// Whether bytes begin as text does, by the first sixteen: letters in any character set, and of the control
    /// characters only tabulators and line ends. TLS behind STARTTLS does not.
    static func isText(_ record: RawSpan, _ cursor: LayerCursor) -> Bool {
        for position in cursor.start..<min(cursor.end, cursor.start &+ 16) {
            switch record.uint8(at: position) {
            case 9, 10, 13, 0x20...0x7e, 0x80...0xff: continue
            default: return false
            }
        }
        return true
    }

    /// For ports where what is no text belongs to somebody else.
    static let acceptsText: Attachment.Acceptance = { record, cursor, _ in isText(record, cursor) }

    /// A segment is one layer: a line that begins in it may end in another.
    static func dissect(
        _ kind: LayerKind, _ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]
    ) -> Handoff {
        cursor.add(kind, header: cursor.available, to: &layers)
        return .data
    }
}

/// One line, cut into its first word and what stands behind that. All places count from the record's first byte.
struct CommandLine {
    /// Without the line's end.
    let text: Range<Int>
    /// With it.
    let whole: Range<Int>
    /// Up to the first space.
    let word: Range<Int>
    /// Behind the spaces after the word.
    let rest: Range<Int>

    fileprivate init(text: Range<Int>, whole: Range<Int>, _ record: RawSpan) {
        self.text = text
        self.whole = whole
        (word, rest) = Self.split(text, record)
    }

    /// The first word of a text, and what stands behind it.
    static func split(_ text: Range<Int>, _ record: RawSpan) -> (word: Range<Int>, rest: Range<Int>) {
        var end = text.lowerBound
        while end < text.upperBound, record.uint8(at: end) != 32 { end &+= 1 }
        var next = end
        while next < text.upperBound, record.uint8(at: next) == 32 { next &+= 1 }
        return (text.lowerBound..<end, next..<text.upperBound)
    }

    /// Whether the word is one of those, in any case; `words` in capitals.
    func isOneOf(_ words: [StaticString], _ record: RawSpan) -> Bool {
        for candidate in words where Self.isWord(candidate, word, record) { return true }
        return false
    }

    /// Whether a text is the word, in any case; `wanted` in capitals.
    static func isWord(_ wanted: StaticString, _ range: Range<Int>, _ record: RawSpan) -> Bool {
        range.count == wanted.utf8CodeUnitCount && begins(with: wanted, range, record)
    }

    /// Whether a text begins like that, in any case; `wanted` in capitals.
    static func begins(with wanted: StaticString, _ range: Range<Int>, _ record: RawSpan) -> Bool {
        let letters = wanted.bytes
        guard range.count >= letters.byteCount else { return false }
        for offset in 0..<letters.byteCount {
            let byte = record.uint8(at: range.lowerBound &+ offset)
            guard (97...122 ~= byte ? byte & 0xdf : byte) == letters.uint8(at: offset) else { return false }
        }
        return true
    }

    /// The reply code that the line begins with: three digits, of which the first says how it went, then a space, a
    /// hyphen where more lines belong to the reply, or nothing (RFC 959 section 4.2, RFC 5321 section 4.2).
    func replyCode(_ record: RawSpan) -> UInt64? {
        guard text.count >= 3, let code = Self.number(text.lowerBound..<text.lowerBound &+ 3, record),
            100...599 ~= code
        else { return nil }
        guard text.count > 3 else { return code }
        switch record.uint8(at: text.lowerBound &+ 3) {
        case 32, 45: return code
        default: return nil
        }
    }

    /// What stands behind a reply code.
    var replyText: Range<Int> { min(text.lowerBound &+ 4, text.upperBound)..<text.upperBound }

    /// The line as a header field, `name: value`, without the white space around the value (RFC 5322 section 2.2); nil
    /// for one without a name.
    func field(_ record: RawSpan) -> (name: Range<Int>, value: Range<Int>)? {
        var colon = text.lowerBound
        while colon < text.upperBound, record.uint8(at: colon) != 58 { colon &+= 1 }
        guard colon > text.lowerBound, colon < text.upperBound else { return nil }
        var start = colon &+ 1
        var end = text.upperBound
        while start < end, Self.isSpace(record.uint8(at: start)) { start &+= 1 }
        while end > start, Self.isSpace(record.uint8(at: end &- 1)) { end &-= 1 }
        var nameEnd = colon
        while nameEnd > text.lowerBound, Self.isSpace(record.uint8(at: nameEnd &- 1)) { nameEnd &-= 1 }
        return (text.lowerBound..<nameEnd, start..<end)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

    /// Decimal digits and nothing else, as many as fit.
    static func number(_ range: Range<Int>, _ record: RawSpan) -> UInt64? {
        guard !range.isEmpty, range.count <= 18 else { return nil }
        var value: UInt64 = 0
        for position in range {
            let byte = record.uint8(at: position)
            guard 48...57 ~= byte else { return nil }
            value = value &* 10 &+ UInt64(byte &- 48)
        }
        return value
    }
}

extension FieldDefinition {
    /// A field that is text: a piece of each part of one kind.
    static func textInParts(
        _ kind: UInt32, foundBy finder: @escaping PartFinder, _ name: String, _ meaning: String,
        _ piece: @escaping @Sendable (LayerPart) -> Range<Int>
    ) -> FieldDefinition {
        .inParts(PartKinds(kind), foundBy: finder, name, .text, meaning) { _, part, values in
            let range = piece(part)
            if !range.isEmpty { values.append(.text(range)) }
        }
    }
}
