/// The one way for text into XML, HTML and SVG: the characters that mean something there become entities, in attributes
/// too.
extension TextSink where Self: ~Copyable {
    /// Appends text that others wrote; what would not be seen or turns the direction of text is escaped as for a
    /// terminal. (XML cannot hold most control characters at all: XML 1.0 section 2.2.)
    public mutating func append(html text: String) { append(markup: text.escapedForDisplay) }

    /// Appends text that is already fit for a terminal.
    public mutating func append(markup text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): append(entity: "&amp;")
            case UInt8(ascii: "<"): append(entity: "&lt;")
            case UInt8(ascii: ">"): append(entity: "&gt;")
            case UInt8(ascii: "\""): append(entity: "&quot;")
            case UInt8(ascii: "'"): append(entity: "&#39;")
            default: append(ascii: byte)
            }
        }
    }

    private mutating func append(entity: String) {
        for byte in entity.utf8 { append(ascii: byte) }
    }
}

extension String {
    /// Text that is fit for a terminal, with its markup characters as entities, as `append(markup:)` writes it.
    public var escapedForMarkup: String {
        var collector = ByteCollector()
        collector.append(markup: self)
        return collector.text
    }
}
