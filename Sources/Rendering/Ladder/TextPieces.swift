import Text

/// Texts at columns of one line, written from left to right.
struct TextPieces {
    private var pieces: [(column: Int, text: String, style: OutputBuffer.Style)] = []

    mutating func put(at column: Int, _ text: String, _ style: OutputBuffer.Style) {
        pieces.append((max(0, column), text, style))
    }

    /// Puts a text that is there already somewhere else.
    mutating func move(_ text: String, to column: Int) {
        if let index = pieces.firstIndex(where: { $0.text == text }) { pieces[index].column = max(0, column) }
    }

    /// Where two meet, the right one moves on; what goes beyond the limit is cut.
    func write(limit: Int?, to out: inout OutputBuffer) {
        var column = 0
        for piece in pieces.sorted(by: { $0.column < $1.column }) {
            let start = max(piece.column, column == 0 ? 0 : column + (piece.column < column ? 1 : 0))
            if let limit, start >= limit { break }
            var text = piece.text
            if let limit, start + text.count > limit { text = String(text.prefix(limit - start - 1)) + "…" }
            out.append(spaces: start - column)
            if piece.style != .plain { out.append(style: piece.style) }
            out.append(text: text)
            if piece.style != .plain { out.append(style: .plain) }
            column = start + text.count
        }
        out.append(ascii: 10)
    }
}
