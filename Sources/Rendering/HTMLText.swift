import Addressing
import Packets

/// The one door for text into an HTML or SVG page: the characters that mean something there are spelled out, in
/// attributes too.
extension OutputBuffer {
    /// Appends text that others wrote; what would not be seen or turns the direction of text is escaped as everywhere
    /// else.
    public mutating func append(html text: String) { append(markup: text.escapedForDisplay) }

    /// Appends text that is already fit for a terminal.
    public mutating func append(markup text: String) {
        for byte in text.utf8 {
            switch byte {
            case 0x26: append("&amp;")
            case 0x3c: append("&lt;")
            case 0x3e: append("&gt;")
            case 0x22: append("&quot;")
            case 0x27: append("&#39;")
            default: append(ascii: byte)
            }
        }
    }
}
