/// The one way for text that others wrote to a terminal, a log or an error message: packets, comments, names, banners.
///
/// What goes through here can neither move a cursor nor hide: control characters (C0, DEL, C1), escape sequences,
/// bidirectional marks and other invisible format characters, line and paragraph separators, unassigned code points and
/// bytes that are no UTF-8 are written as `\xNN`, a backslash as `\\`. Everything else stays readable.
extension TextSink where Self: ~Copyable {
    /// Appends bytes as escaped text.
    @inlinable
    public mutating func append(escaping bytes: RawSpan) {
        append(escaping: Span<UInt8>(_bytes: bytes), keepsBackslashes: false)
    }

    /// Appends bytes as escaped text.
    @inlinable
    public mutating func append(escaping bytes: Span<UInt8>) { append(escaping: bytes, keepsBackslashes: false) }

    /// Appends text that somebody else wrote, escaped.
    @inlinable
    public mutating func append(escaping text: String) {
        append(escaping: text.utf8Span.span, keepsBackslashes: false)
    }

    /// Appends a message that may quote what is escaped already: as `append(escaping:)`, but a backslash stays single.
    @inlinable
    public mutating func append(guarding message: String) {
        append(escaping: message.utf8Span.span, keepsBackslashes: true)
    }

    @inlinable
    mutating func append(escaping bytes: Span<UInt8>, keepsBackslashes: Bool) {
        var offset = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte >= 0x20, byte < 0x7f {
                if byte == UInt8(ascii: "\\"), !keepsBackslashes { append(ascii: byte) }
                append(ascii: byte)
                offset &+= 1
            } else {
                offset &+= append(escapingCharacterAt: offset, of: bytes)
            }
        }
    }

    /// Appends a character that is not printable ASCII; returns its length in bytes.
    @inlinable
    mutating func append(escapingCharacterAt offset: Int, of bytes: Span<UInt8>) -> Int {
        let character = UTF8Character(bytes, at: offset)
        let isShown = character.scalar?.isShownAsItIs ?? false
        for index in offset..<offset &+ character.length {
            if !isShown {
                append(ascii: UInt8(ascii: "\\"))
                append(ascii: UInt8(ascii: "x"))
                append(hexByte: bytes[index])
            } else {
                append(ascii: bytes[index])
            }
        }
        return character.length
    }
}

extension String {
    /// The text with everything escaped that could do harm on a terminal, as `append(escaping:)` does.
    public var escapedForDisplay: String {
        var collector = ByteCollector()
        collector.append(escaping: self)
        return collector.text
    }
}
