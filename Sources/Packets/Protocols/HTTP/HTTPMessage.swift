import Addressing

/// The head of an HTTP/1 message (RFC 9112): a start line, then header fields, each a line, up to an empty line.
///
///     GET /index.html HTTP/1.1        HTTP/1.1 200 OK
///     Host: example.com               Content-Type: text/html
///
/// It is read as far as its own segment goes: a head that continues in the next segment is shown as far as it is here,
/// and a segment that begins in the middle of a message is a continuation, whose bytes mean nothing by themselves.
/// Lines end in CR LF; a bare LF is taken too (section 2.2).
struct HTTPMessage {
    enum StartLine {
        /// Method, request target, and version where there is one (HTTP/0.9 had none).
        case request(method: Range<Int>, target: Range<Int>, version: Range<Int>)
        /// Version, status code, reason phrase.
        case response(version: Range<Int>, code: Range<Int>, phrase: Range<Int>)
    }

    let startLine: StartLine
    /// Where the header fields begin, counted from the record's first byte.
    let headers: Int
    /// One past the message's last captured byte.
    let end: Int

    /// Longest start line that is looked at, in bytes: RFC 9112 section 3 wants 8,000 at least.
    static let maximumLine = 16_384

    /// nil where the bytes do not begin with a start line.
    init?(_ record: RawSpan, _ range: Range<Int>) {
        let end = min(range.upperBound, record.byteCount)
        guard range.lowerBound >= 0, range.lowerBound < end else { return nil }
        let line = Self.line(record, from: range.lowerBound, to: end)
        let first = Self.token(record, line.text)
        if Self.isVersion(record, first) {
            let code = Self.token(
                record, Self.afterSpaces(record, first.upperBound, line.text.upperBound)..<line.text.upperBound)
            let phrase = Self.afterSpaces(record, code.upperBound, line.text.upperBound)
            startLine = .response(version: first, code: code, phrase: phrase..<line.text.upperBound)
        } else {
            guard Self.isMethod(record, first) else { return nil }
            let rest = Self.afterSpaces(record, first.upperBound, line.text.upperBound)
            let target = Self.token(record, rest..<line.text.upperBound)
            let version = Self.afterSpaces(record, target.upperBound, line.text.upperBound)
            let trailer = version..<line.text.upperBound
            guard !target.isEmpty, trailer.isEmpty || Self.isVersion(record, trailer) else { return nil }
            startLine = .request(method: first, target: target, version: trailer)
        }
        headers = line.next
        self.end = end
    }

    /// The header fields, one after the other.
    var fields: HTTPHeaders { HTTPHeaders(position: headers, end: end) }

    // MARK: Reading lines

    /// The line from an offset on: its text without the line end, and where the next begins. A line without an end is
    /// taken as far as it goes.
    static func line(_ record: RawSpan, from start: Int, to end: Int) -> (text: Range<Int>, next: Int, ended: Bool) {
        let limit = min(end, start &+ maximumLine)
        var position = start
        while position < limit, record.uint8(at: position) != 10 { position &+= 1 }
        guard position < limit else { return (start..<limit, limit, false) }
        let last = position > start && record.uint8(at: position &- 1) == 13 ? position &- 1 : position
        return (start..<last, position &+ 1, true)
    }

    private static func token(_ record: RawSpan, _ range: Range<Int>) -> Range<Int> {
        var position = range.lowerBound
        while position < range.upperBound, record.uint8(at: position) != 32 { position &+= 1 }
        return range.lowerBound..<position
    }

    private static func afterSpaces(_ record: RawSpan, _ start: Int, _ end: Int) -> Int {
        var position = start
        while position < end, record.uint8(at: position) == 32 { position &+= 1 }
        return position
    }

    /// `HTTP/` and something; but not `HTTP/2.0`, with which a connection of HTTP/2 begins (RFC 9113 section 3.4).
    private static func isVersion(_ record: RawSpan, _ range: Range<Int>) -> Bool {
        range.count > 5 && record.uint32(at: range.lowerBound) == 0x4854_5450
            && record.uint8(at: range.lowerBound &+ 4) == 47 && record.uint8(at: range.lowerBound &+ 5) != 50
    }

    /// A word in capitals: methods are case-sensitive tokens (RFC 9110 section 9.1), and all that are registered are
    /// capitals and hyphens.
    private static func isMethod(_ record: RawSpan, _ range: Range<Int>) -> Bool {
        guard range.count >= 3, range.count <= 24 else { return false }
        for position in range {
            switch record.uint8(at: position) {
            case 65...90, 45, 95: continue
            default: return false
            }
        }
        return true
    }

    /// A request asks, a response answers; what begins with neither's start line continues one.
    static func asks(_ message: RawSpan) -> Bool? {
        guard isLikely(message, 0, message.byteCount) else { return nil }
        return !startsWithVersion(message, 0, message.byteCount)
    }

    // MARK: Dissection

    /// Whether a segment at an unknown port begins an HTTP message: its first line ends or begins with `HTTP/1.` and a
    /// digit, as Wireshark looks for it.
    static func isLikely(_ record: RawSpan, _ start: Int, _ end: Int) -> Bool {
        guard end &- start > 8 else { return false }
        switch record.uint8(at: start) {
        case 65...90: break
        default: return false
        }
        if startsWithVersion(record, start, end) {
            let line = line(record, from: start, to: end)
            return line.ended && line.text.count > 8
        }
        // Not a word in capitals and a space: no request, and no reason to search the line's end.
        var position = start
        let limit = min(end, start &+ 25)
        while position < limit {
            switch record.uint8(at: position) {
            case 65...90, 45, 95: position &+= 1
            case 32:
                let line = line(record, from: start, to: end)
                return line.ended && line.text.count > 8 && startsWithVersion(record, line.text.upperBound &- 8, end)
            default: return false
            }
        }
        return false
    }

    /// `HTTP/1.`
    private static func startsWithVersion(_ record: RawSpan, _ start: Int, _ end: Int) -> Bool {
        end &- start >= 8 && record.uint64(at: start) & ~0xff == 0x4854_5450_2f31_2e00
    }

    static func dissect(_ kind: LayerKind, _ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange])
        -> Handoff
    {
        // Where the head ends is not searched here: that would touch every byte of every packet. The layer is the
        // segment.
        cursor.add(kind, header: cursor.available, to: &layers)
        return .data
    }
}

/// The header fields of a message (RFC 9112 section 5): `name: value`, a line each.
struct HTTPHeaders {
    struct Field {
        /// The name as sent; names do not differ by case.
        var name: Range<Int>
        /// The value without the white space around it.
        var value: Range<Int>
        /// The line with its end.
        var line: Range<Int>
    }

    private var position: Int
    private let end: Int

    init(position: Int, end: Int) {
        self.position = position
        self.end = end
    }

    /// The next field; nil at the empty line that ends the head, or where the segment ends.
    mutating func next(_ record: RawSpan) -> Field? {
        while position < end {
            let line = HTTPMessage.line(record, from: position, to: end)
            position = line.next
            guard !line.text.isEmpty else {
                position = end
                return nil
            }
            var colon = line.text.lowerBound
            while colon < line.text.upperBound, record.uint8(at: colon) != 58 { colon &+= 1 }
            // A line that is no field: obsolete folding, or not HTTP at all.
            guard colon > line.text.lowerBound, colon < line.text.upperBound else { continue }
            var start = colon &+ 1
            var last = line.text.upperBound
            while start < last, Self.isSpace(record.uint8(at: start)) { start &+= 1 }
            while last > start, Self.isSpace(record.uint8(at: last &- 1)) { last &-= 1 }
            return Field(
                name: line.text.lowerBound..<colon, value: start..<last, line: line.text.lowerBound..<line.next)
        }
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

    /// Whether a name is the wanted one, in any case; `wanted` in small letters.
    static func isNamed(_ record: RawSpan, _ range: Range<Int>, _ wanted: StaticString) -> Bool {
        let letters = wanted.bytes
        guard range.count == letters.byteCount else { return false }
        for offset in 0..<letters.byteCount {
            let byte = record.uint8(at: range.lowerBound &+ offset)
            guard (byte >= 65 && byte <= 90 ? byte | 0x20 : byte) == letters.uint8(at: offset) else { return false }
        }
        return true
    }
}
