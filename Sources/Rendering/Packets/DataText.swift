import Conversations
import Packets
import Text

/// How packet lines and ladders spell what was sent: a known message by its summary, a text in quotation marks. Nothing
/// of it can act on a terminal.
enum DataText {
    /// `"Hello, world"`, `HTTP GET /`; `"The beginning"…` of a text that goes on.
    static func text(_ words: PayloadWords) -> String {
        switch words {
        case .message(let message): message
        case .text(let text): quoted(spellings(text.text), isCut: text.isCut)
        }
    }

    /// The same in so many columns, cut off at its end where it has to be; nil where too little would be left to
    /// recognise it by.
    static func text(_ words: PayloadWords, fitting room: Int) -> String? {
        let whole = text(words)
        if whole.count <= room { return whole }
        if room < leastRoom { return nil }
        switch words {
        case .message(let message): return message.fitted(room)
        case .text(let text):
            var kept: [String] = []
            // Two quotation marks and the ellipsis.
            var left = room - 3
            for spelling in spellings(text.text) {
                left -= spelling.count
                if left < 0 { break }
                kept.append(spelling)
            }
            return quoted(kept, isCut: true)
        }
    }

    private static let leastRoom = 10

    /// Writes the text that a packet carries, where none of its protocols has said what that is.
    static func write(_ record: RawSpan, _ dissection: borrowing Dissection, to out: inout OutputBuffer) {
        guard let ends = TransportEnds(record, dissection),
            let words = PayloadWords(record, dissection, of: ends.layer), case .text = words
        else { return }
        out.append(ascii: 32)
        out.append(text: text(words))
    }

    private static func quoted(_ spellings: [String], isCut: Bool) -> String {
        "\"\(spellings.joined())\"\(isCut ? "…" : "")"
    }

    /// Each character as it is shown: ends of lines and quotation marks as programming languages spell them.
    private static func spellings(_ text: String) -> [String] {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\n": "\\n"
            case "\r": "\\r"
            case "\t": "\\t"
            case "\"": "\\\""
            default: String(scalar).escapedForDisplay
            }
        }
    }
}
