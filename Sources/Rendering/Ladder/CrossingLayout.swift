import Text
import Timeline

/// A ladder of what was captured at both ends.
///
/// On the left the client's host with its times, on the right the server's with its own; every row is one thing that
/// one host did or saw. A packet has two: where it leaves its arrow goes out to a bend, where it arrives it comes from
/// there.
///
///      0.000  1 ── SYN seq 0 ────────────────────────╲
///                                                     ╲── 1 ──▶  SYN-RECEIVED  40.112
///
/// Between them stands whatever happened meanwhile. A packet that was lost ends in a cross half-way.
struct CrossingLayout: LadderLayout {
    private let exchange: Scene.Exchange?
    private let knowsTransit: Bool
    private let unit: String
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

    init(_ scene: Scene, _ rows: LadderRows, columns: Int?) {
        exchange = scene.exchanges.first
        knowsTransit = scene.knowsTransit
        unit = rows.clock.unit
        limit = columns
        timeWidth = max(5, scene.rows.last.map { rows.clock.text($0.time).count } ?? 0)
        stateWidth = scene.rows.map { $0.state?.rawValue.count ?? 0 }.max() ?? 0
        numberWidth = scene.packets.map(\.name.count).max() ?? 1
        let usualTip = max(12, numberWidth + 9)
        let around = numberWidth + 8 + usualTip
        let wanted = max(44, rows.widest { $0.arrow?.briefLabel ?? "" } + around)
        // What the packets carry takes the room that is left.
        let wantedWithData = max(44, rows.widest { $0.arrow?.label ?? "" } + around)
        let calls = rows.widest(\.call)
        let fixed = 2 * (timeWidth + 2) + 2 * (stateWidth + 1)
        if let columns, fixed + wanted + 2 * (calls + 2) > columns {
            // Too narrow for columns of their own: calls stand over the wire, which takes what there is.
            callWidth = 0
            wireWidth = max(30, min(wantedWithData, columns - fixed))
            isNarrow = wireWidth < wanted
            tipWidth = isNarrow ? numberWidth + 5 : usualTip
        } else {
            let callRoom = calls == 0 ? 0 : calls + 2
            callWidth = callRoom
            isNarrow = false
            // What is said of the server's packets stands left of their bend.
            let note = scene.packets.map { $0.from == .server ? PassageText.leaving($0).count : 0 }.max() ?? 0
            let room = timeWidth + 2 + callRoom + stateWidth + 1
            let more = max(0, note + 1 - room - usualTip)
            let isRoomy = columns.map { fixed + wanted + more + 2 * callRoom <= $0 } ?? true
            tipWidth = usualTip + (isRoomy ? more : 0)
            let spare = columns.map { max(0, $0 - fixed - wanted - 2 * callRoom) } ?? wantedWithData
            wireWidth = min(wanted + spare, wantedWithData) + (isRoomy ? more : 0)
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

    func writeHeading(_ out: inout OutputBuffer) {
        var line = TextPieces()
        line.put(at: timeWidth - unit.count, unit, .bold)
        if let exchange {
            let names = exchange.transport.endNames(to: exchange.server)
            let (client, server) = ("\(names.client) \(exchange.client)", "\(names.server) \(exchange.server)")
            line.put(at: left, client, .bold)
            line.put(at: max(left + client.count + 2, right - server.count), server, .bold)
        }
        line.put(at: right + 2, unit, .bold)
        line.write(limit: limit, to: &out)
        if let text = exchange.flatMap(PassageText.translation) { out.append(text: "(\(text))\n") }
        if !knowsTransit {
            out.append("(how the clocks stand is not known: the quickest packet is drawn as if it had taken no time)\n")
        }
    }

    func write(note parts: [String], isSilence: Bool, _ out: inout OutputBuffer) {
        var line = TextPieces()
        if isSilence {
            let text = "··· \(parts.joined(separator: ", ")) ···"
            line.put(at: wireStart + max(0, (wireWidth - text.count) / 2), text, .yellow)
            return line.write(limit: limit, to: &out)
        }
        let room = limit.map { $0 - left } ?? .max
        var text = ""
        for part in parts {
            if !text.isEmpty, text.count + 2 + part.count > room - 1 {
                line.put(at: left, text + ",", .yellow)
                line.write(limit: limit, to: &out)
                (line, text) = (TextPieces(), "  " + part)
            } else {
                text += (text.isEmpty ? "⋮ " : ", ") + part
            }
        }
        line.put(at: left, text, .yellow)
        line.write(limit: limit, to: &out)
    }

    func write(_ row: LadderCells, _ out: inout OutputBuffer) {
        var line = TextPieces()
        let isClient = row.lane == 0
        line.put(at: isClient ? timeWidth - row.time.count : right + 2, row.time, .dim)
        if !row.state.isEmpty {
            line.put(at: isClient ? wireStart - 1 - row.state.count : wireEnd + 1, row.state, .green)
        }
        if let arrow = row.arrow {
            switch arrow.part {
            case .passed, .left: putDeparture(arrow, &line)
            case .arrived: putArrival(arrow, isClient, &line)
            }
        } else {
            putCall(row, isClient, &line)
        }
        line.write(limit: limit, to: &out)
    }

    /// A call stands on its host's side; where it has no column of its own, on the wire's columns.
    private func putCall(_ row: LadderCells, _ isClient: Bool, _ line: inout TextPieces) {
        let style: OutputBuffer.Style = row.failed ? .red : .plain
        let (call, state) = (row.call, row.state)
        if isClient {
            line.put(at: left, call, style)
            if callWidth == 0, !state.isEmpty { line.move(state, to: left + call.count + 1) }
        } else if callWidth > 0 {
            line.put(at: wireEnd + stateWidth + 2, call, style)
        } else {
            line.put(at: max(left, right - call.count - (state.isEmpty ? 0 : state.count + 1)), call, style)
            if !state.isEmpty { line.move(state, to: max(left + call.count + 1, right - state.count)) }
        }
    }

    /// `1 ── SYN seq 0 ────────╲` or, from the right, `╱──────── SYN+ACK seq 0 ack 1 ── 2`; with what is to be said
    /// of it in the room beyond the bend.
    private func putDeparture(_ arrow: LadderCells.Arrow, _ line: inout TextPieces) {
        let width = wireWidth - tipWidth
        let gap = isNarrow ? " " : " ── "
        let room = width - numberWidth - gap.count - 2
        let label = arrow.label(fitting: room)
        let dashes = String(repeating: "─", count: max(0, room - label.count))
        let count = arrow.number.padded(left: numberWidth)
        let noteStyle: OutputBuffer.Style = arrow.isLost ? .red : .yellow
        let style: OutputBuffer.Style = arrow.isLost ? .red : .cyan
        if arrow.direction == .right {
            line.put(at: wireStart, "\(count)\(gap)\(label) \(dashes)", .cyan)
            line.put(at: wireStart + width - 1, arrow.isLost ? "✗" : arrow.isForked ? "╤" : "╲", style)
            let start = wireStart + width + 1
            if !arrow.note.isEmpty { line.put(at: start, arrow.note.fitted(noteEnd - start), noteStyle) }
        } else {
            line.put(at: wireStart + tipWidth, arrow.isLost ? "✗" : arrow.isForked ? "╤" : "╱", style)
            line.put(at: wireStart + tipWidth + 1, "\(dashes) \(label)\(gap)\(count)", .cyan)
            if !arrow.note.isEmpty {
                let text = arrow.note.fitted(wireStart + tipWidth - 1)
                line.put(at: max(0, wireStart + tipWidth - 1 - text.count), text, noteStyle)
            }
        }
    }

    /// `╲── 1 ──▶` or `◀── 2 ──╱`, from where the departure's row has its bend.
    private func putArrival(_ arrow: LadderCells.Arrow, _ isClient: Bool, _ line: inout TextPieces) {
        let dashes = String(repeating: "─", count: max(1, tipWidth - numberWidth - 8))
        let count = arrow.number.padded(left: numberWidth)
        if isClient {
            line.put(at: wireStart, isNarrow ? "◀ \(count) ─╱" : "◀─\(dashes) \(count) ──╱", .cyan)
            if !arrow.note.isEmpty {
                line.put(at: wireStart + tipWidth + 1, arrow.note.fitted(end - wireStart - tipWidth - 1), .yellow)
            }
        } else {
            line.put(at: wireEnd - tipWidth, isNarrow ? "╲─ \(count) ▶" : "╲── \(count) \(dashes)─▶", .cyan)
            let text = arrow.note.fitted(wireEnd - tipWidth - 1 - left)
            if !text.isEmpty { line.put(at: wireEnd - tipWidth - 1 - text.count, text, .yellow) }
        }
    }
}
