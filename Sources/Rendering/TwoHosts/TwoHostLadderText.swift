import Addressing
import Conversations
import Packets
import Sockets
import Text
import Timeline

/// Draws a two-host diagram as text.
///
/// On the left the client's host with its times, on the right the server's with its own; every row is one thing that
/// one host did or saw. A packet has two: where it leaves its arrow goes out to a bend, where it arrives it comes from
/// there.
///
///      0.000  1 ── SYN seq 0 ────────────────────────╲
///                                                     ╲── 1 ──▶  SYN-RECEIVED  40.112
///
/// Between them stands whatever happened meanwhile. A packet that was lost ends in a cross half-way.
public struct TwoHostLadderText {
    /// Columns that are there; nil when the text goes to a file or a pipe.
    private let columns: Int?

    private let abridged: Bool

    /// - Parameter abridged: whether long runs of ordinary rows are left out.
    public init(columns: Int?, abridged: Bool = true) {
        self.columns = columns
        self.abridged = abridged
    }

    /// Writes the ladder with its heading.
    public func write(_ diagram: TwoHostDiagram, to out: inout OutputBuffer) {
        let layout = Layout(diagram, columns: columns)
        layout.writeHeading(diagram, &out)
        for part in LadderExcerpt.parts(of: diagram, abridged: abridged) {
            switch part {
            case .row(let index): layout.write(diagram.rows[index], diagram, &out)
            case .gap(let rows, let packets): layout.writeGap(rows: rows, packets: packets, &out)
            }
        }
    }

    /// Where the columns of one ladder stand.
    struct Layout {
        private let timeWidth: Int
        private let callWidth: Int
        private let stateWidth: Int
        private let numberWidth: Int
        /// Columns between the two states, where arrows run.
        private let wireWidth: Int
        /// Columns of an arrow's shorter part, from its bend to its tip.
        private let tipWidth: Int
        /// Columns that are there; nil for as many as it takes.
        private let limit: Int?
        /// Whether arrows are as short as can be, for the labels' sake.
        private let isNarrow: Bool

        init(_ diagram: TwoHostDiagram, columns: Int?) {
            limit = columns
            let last = diagram.rows.last.map { TwoHostLadderText.time($0.time, diagram).count } ?? 0
            timeWidth = max(5, last)
            stateWidth = diagram.rows.map { $0.state?.rawValue.count ?? 0 }.max() ?? 0
            numberWidth = String(diagram.arrows.map(\.number).max() ?? 0).count
            let usualTip = max(12, numberWidth + 9)
            let label = diagram.arrows.map { TwoHostLadderText.label($0).count }.max() ?? 0
            let wanted = max(44, label + numberWidth + 8 + usualTip)
            let calls = diagram.rows.compactMap { TwoHostLadderText.call($0, in: diagram)?.count }.max() ?? 0
            let fixed = 2 * (timeWidth + 2) + 2 * (stateWidth + 1)
            if let columns, fixed + wanted + 2 * (calls + 2) > columns {
                // Too narrow for columns of their own: calls stand over the wire, which takes what there is.
                callWidth = 0
                wireWidth = max(30, min(wanted, columns - fixed))
                isNarrow = wireWidth < wanted
                tipWidth = isNarrow ? numberWidth + 5 : usualTip
            } else {
                let callRoom = calls == 0 ? 0 : calls + 2
                callWidth = callRoom
                isNarrow = false
                // What is said of the server's packets stands left of their bend.
                let note = diagram.arrows.map { $0.from == .server ? WireNoteText.leaving($0).count : 0 }.max() ?? 0
                let room = timeWidth + 2 + callRoom + stateWidth + 1
                let more = max(0, note + 1 - room - usualTip)
                let isRoomy = columns.map { fixed + wanted + more + 2 * callRoom <= $0 } ?? true
                tipWidth = usualTip + (isRoomy ? more : 0)
                wireWidth = wanted + (isRoomy ? more : 0)
            }
        }

        private var left: Int { timeWidth + 2 }
        private var right: Int { left + 2 * callWidth + 2 * (stateWidth + 1) + wireWidth }
        private var wireStart: Int { left + callWidth + stateWidth + 1 }
        private var wireEnd: Int { wireStart + wireWidth }
        /// The right end of the server's times.
        private var end: Int { right + 2 + timeWidth }
        /// Where a note at the right has to end at the latest.
        private var noteEnd: Int {
            guard let limit else { return end + 40 }
            return max(end, limit)
        }

        func writeHeading(_ diagram: TwoHostDiagram, _ out: inout OutputBuffer) {
            var line = TextPieces()
            line.put(at: timeWidth - 2, "ms", .bold)
            line.put(at: left, "client \(diagram.client)", .bold)
            let server = "server \(diagram.server)"
            line.put(at: max(left + "client \(diagram.client)".count + 2, right - server.count), server, .bold)
            line.put(at: right + 2, "ms", .bold)
            line.write(limit: limit, to: &out)
            if let translated = diagram.translated {
                out.append(
                    text:
                        "(addresses are translated on the way: the server's host sees \(translated.client) and \(translated.server))\n"
                )
            }
        }

        func writeGap(rows: Int, packets: Int, _ out: inout OutputBuffer) {
            var line = TextPieces()
            line.put(at: left, "⋮ \(rows) rows without anything remarkable, \(packets) packets sent", .dim)
            line.write(limit: limit, to: &out)
        }

        func write(_ row: TwoHostDiagram.Row, _ diagram: TwoHostDiagram, _ out: inout OutputBuffer) {
            var line = TextPieces()
            let time = TwoHostLadderText.time(row.time, diagram)
            line.put(at: row.side == .client ? timeWidth - time.count : right + 2, time, .dim)
            if let state = row.state?.rawValue {
                line.put(at: row.side == .client ? wireStart - 1 - state.count : wireEnd + 1, state, .green)
            }
            switch row.event {
            case .left(let index): putDeparture(diagram.arrows[index], &line)
            case .arrived(let index, let copy): putArrival(diagram.arrows[index], copy, row.side, &line)
            case .began, .returned, .whole: putCall(row, diagram, &line)
            }
            line.write(limit: limit, to: &out)
        }

        /// A call stands on its host's side; where it has no column of its own, on the wire's columns.
        private func putCall(_ row: TwoHostDiagram.Row, _ diagram: TwoHostDiagram, _ line: inout TextPieces) {
            guard let text = TwoHostLadderText.call(row, in: diagram) else { return }
            let style: OutputBuffer.Style = TwoHostLadderText.failed(row.event) ? .red : .plain
            let state = callWidth == 0 ? (row.state?.rawValue.count ?? -1) + 1 : 0
            if row.side == .client {
                line.put(at: left, text, style)
                if callWidth == 0, let name = row.state?.rawValue { line.move(name, to: left + text.count + 1) }
            } else if callWidth > 0 {
                line.put(at: wireEnd + stateWidth + 2, text, style)
            } else {
                line.put(at: max(left, right - text.count - state), text, style)
                if let name = row.state?.rawValue {
                    line.move(name, to: max(left + text.count + 1, right - name.count))
                }
            }
        }

        /// `1 ── SYN seq 0 ────────╲` or, from the right, `╱──────── SYN+ACK seq 0 ack 1 ── 2`; with what is to be said
        /// of it in the room beyond the bend.
        private func putDeparture(_ arrow: TwoHostDiagram.Arrow, _ line: inout TextPieces) {
            let width = wireWidth - tipWidth
            let gap = isNarrow ? " " : " ── "
            let room = width - numberWidth - gap.count - 2
            let label = TwoHostLadderText.fitted(TwoHostLadderText.label(arrow), room)
            let dashes = String(repeating: "─", count: max(0, room - label.count))
            let count = TwoHostLadderText.padLeft(String(arrow.number), numberWidth)
            let note = WireNoteText.leaving(arrow)
            let noteStyle: OutputBuffer.Style = arrow.isLost ? .red : .yellow
            if arrow.from == .client {
                let end = arrow.isLost ? "✗" : arrow.arrived.count > 1 ? "╤" : "╲"
                line.put(at: wireStart, "\(count)\(gap)\(label) \(dashes)", .cyan)
                line.put(at: wireStart + width - 1, end, arrow.isLost ? .red : .cyan)
                let start = wireStart + width + 1
                if !note.isEmpty { line.put(at: start, TwoHostLadderText.fitted(note, noteEnd - start), noteStyle) }
            } else {
                let end = arrow.isLost ? "✗" : arrow.arrived.count > 1 ? "╤" : "╱"
                line.put(at: wireStart + tipWidth, end, arrow.isLost ? .red : .cyan)
                line.put(at: wireStart + tipWidth + 1, "\(dashes) \(label)\(gap)\(count)", .cyan)
                if !note.isEmpty {
                    let text = TwoHostLadderText.fitted(note, wireStart + tipWidth - 1)
                    line.put(at: max(0, wireStart + tipWidth - 1 - text.count), text, noteStyle)
                }
            }
        }

        /// `╲── 1 ──▶` or `◀── 2 ──╱`, from where the departure's row has its bend.
        private func putArrival(
            _ arrow: TwoHostDiagram.Arrow, _ copy: Int, _ side: TwoHostDiagram.Side, _ line: inout TextPieces
        ) {
            let dashes = String(repeating: "─", count: max(1, tipWidth - numberWidth - 8))
            let count = TwoHostLadderText.padLeft(String(arrow.number), numberWidth)
            let note = WireNoteText.arriving(arrow, copy: copy)
            if side == .server {
                line.put(at: wireEnd - tipWidth, isNarrow ? "╲─ \(count) ▶" : "╲── \(count) \(dashes)─▶", .cyan)
                let text = TwoHostLadderText.fitted(note, wireEnd - tipWidth - 1 - left)
                if !text.isEmpty { line.put(at: wireEnd - tipWidth - 1 - text.count, text, .yellow) }
            } else {
                line.put(at: wireStart, isNarrow ? "◀ \(count) ─╱" : "◀─\(dashes) \(count) ──╱", .cyan)
                if !note.isEmpty {
                    line.put(
                        at: wireStart + tipWidth + 1, TwoHostLadderText.fitted(note, end - wireStart - tipWidth - 1),
                        .yellow)
                }
            }
        }
    }

    // MARK: Texts

    /// Milliseconds since the first row, to the microsecond.
    static func time(_ time: Timestamp, _ diagram: TwoHostDiagram) -> String {
        let microseconds = time.nanoseconds(since: diagram.start) / 1000
        let fraction = String(microseconds % 1000)
        return "\(microseconds / 1000)." + String(repeating: "0", count: max(0, 3 - fraction.count)) + fraction
    }

    static func label(_ arrow: TwoHostDiagram.Arrow) -> String {
        if let error = arrow.error { return SegmentText.label(error, in: nil) }
        guard var packet = arrow.packet else { return "" }
        // Notes say it better, and with times.
        packet.marks = []
        return SegmentText.label(packet, sequence: arrow.sequence, acknowledgment: arrow.acknowledgment, in: nil)
    }

    /// Where several programs share a side, each call says whose it is.
    static func call(_ row: TwoHostDiagram.Row, in diagram: TwoHostDiagram) -> String? {
        let (text, call): (String, SocketCall)
        switch row.event {
        case .began(let made): (text, call) = (CallText.began(made), made)
        case .returned(let made): (text, call) = (CallText.returned(made), made)
        case .whole(let made): (text, call) = (CallText.whole(made), made)
        case .left, .arrived: return nil
        }
        return diagram.sharedSides.contains(row.side) ? "[\(call.end.rawValue.escapedForDisplay)] \(text)" : text
    }

    static func failed(_ event: TwoHostDiagram.Event) -> Bool {
        switch event {
        case .returned(let call), .whole(let call): if case .failed = call.result { true } else { false }
        default: false
        }
    }

    private static func fitted(_ text: String, _ width: Int) -> String {
        text.count > width ? String(text.prefix(max(0, width - 1))) + "…" : text
    }

    private static func padLeft(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

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
