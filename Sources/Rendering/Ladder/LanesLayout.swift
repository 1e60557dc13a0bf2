import Text
import Timeline

/// A ladder of everything: a lifeline for each program, packets between the lifelines that own their ends.
///
///      µs              client                client-2                server
///     445              │                     │            accept() … │
///     479              │ connect(…) …        │                       │
///     524  SYN-SENT    ├─ 1 a SYN seq 0 ─────┼──────────────────────▶│ SYN-RECEIVED
///
/// Calls stand right of their lifeline, those of the last one left of it; what is long goes over the lifelines beside
/// it. Where there are several conversations, each has a letter, and the lines above say whose it is. States stand on
/// the side of a lifeline that the arrow leaves free, where there is room for them.
struct LanesLayout: LadderLayout {
    private let scene: Scene
    private let unit: String
    private let timeWidth: Int
    /// The column of each lifeline.
    private let places: [Int]
    /// The last column.
    private let last: Int
    private let numberWidth: Int
    private let showsStates: Bool

    /// A label is longer than this in nobody's way.
    private static let widestGap = 56
    /// Where lanes are closer, states are left out.
    private static let leastGap = 24

    init(_ scene: Scene, _ rows: LadderRows, columns: Int?) {
        self.scene = scene
        unit = rows.clock.unit
        let time = max(4, rows.widest(\.time))
        timeWidth = time
        numberWidth = rows.widest { $0.arrow?.number ?? "" }
        let lanes = scene.lanes.count
        let state = max(rows.widest(\.state), rows.widest(\.otherState))
        let longest = max(
            rows.widest { $0.title(in: scene) } + 3, rows.widest { $0.arrow.map { $0.title(in: scene) } ?? "" } + 8)
        let names = scene.lanes.indices.map { LaneText.name($0, in: scene).count + 2 }.max() ?? 0
        let wanted = max(names, min(Self.widestGap, longest))
        func gap(margin: Int) -> Int {
            columns.map { ($0 - time - 3 - 2 * margin) / max(1, lanes - 1) } ?? wanted
        }
        let margin = state == 0 ? 0 : state + 1
        showsStates = margin > 0 && min(wanted, gap(margin: margin)) >= Self.leastGap
        let room = showsStates ? margin : 0
        let first = time + 2 + room
        let distance = max(8, min(wanted, gap(margin: room)))
        places = (0..<lanes).map { first + $0 * distance }
        let end = first + (lanes - 1) * distance
        last = lanes == 1 ? max(end, (columns ?? end + longest) - 1) : end + room
    }

    func writeHeading(_ out: inout OutputBuffer) {
        for line in LaneText.legend(scene) { out.append(text: line + "\n") }
        var line = LaneLine(width: last + 1)
        line.put(timeWidth - unit.count, unit, .bold)
        for (lane, place) in places.enumerated() {
            let name = LaneText.name(lane, in: scene)
            let isLast = lane > 0 && lane == places.count - 1
            let start = isLast ? max(0, min(place, last + 1 - name.count)) : place
            let room = isLast ? last + 1 - start : places.dropFirst(lane + 1).first.map { $0 - place - 1 } ?? last
            line.put(start, name.fitted(room), .bold)
        }
        line.write(to: &out)
    }

    func write(note parts: [String], isSilence: Bool, _ out: inout OutputBuffer) {
        var lines: [String] = []
        let room = last + 1 - places[0]
        for part in isSilence ? ["··· \(parts.joined(separator: ", ")) ···"] : parts {
            if let line = lines.last, line.count + part.count + 4 <= room {
                lines[lines.count - 1] = "\(line), \(part)"
            } else {
                lines.append(part)
            }
        }
        for (index, text) in lines.enumerated() {
            var line = LaneLine(width: last + 1, lifelines: isSilence ? places : [])
            let middle = places[0] + max(2, (places[places.count - 1] - places[0] - text.count) / 2)
            line.put(isSilence ? middle : places[0], (isSilence ? "" : index == 0 ? "⋮ " : "  ") + text, .yellow)
            line.write(to: &out)
        }
    }

    func write(_ row: LadderCells, _ out: inout OutputBuffer) {
        var line = LaneLine(width: last + 1, lifelines: places)
        line.put(timeWidth - row.time.count, row.time, .dim)
        if let arrow = row.arrow {
            put(arrow, &line)
        } else {
            let place = places[row.lane]
            let text = row.title(in: scene)
            let style: OutputBuffer.Style = row.failed ? .red : .plain
            let isOutside = place + 2 + text.count > last + 1
            if row.lane > 0, row.lane == places.count - 1 || isOutside && place - 2 - text.count > timeWidth {
                let shown = text.fitted(place - timeWidth - 3)
                line.put(place - 1 - shown.count, shown, style)
            } else {
                line.put(place + 2, text.fitted(last - place - 1), style)
            }
        }
        putStates(row, &line)
        line.write(to: &out)
    }

    /// States stand away from the arrow.
    private func putStates(_ row: LadderCells, _ line: inout LaneLine) {
        guard showsStates else { return }
        let goesRight = row.arrow.map { $0.fromLane <= $0.toLane } ?? (row.lane == places.count - 1)
        let isSender = if case .arrived? = row.arrow?.part { false } else { true }
        for (lane, state, isLeft) in [
            (row.lane, row.state, row.arrow == nil ? row.lane == 0 : goesRight == isSender),
            (row.otherLane, row.otherState, !goesRight),
        ] where !state.isEmpty {
            let place = places[lane]
            line.put(isLeft ? place - 1 - state.count : place + 2, state, .green)
        }
    }

    // MARK: Arrows

    private func put(_ arrow: LadderCells.Arrow, _ line: inout LaneLine) {
        let (from, to) = (places[arrow.fromLane], places[arrow.toLane])
        let style: OutputBuffer.Style = arrow.isRemarkable ? .red : .cyan
        let mark = LaneText.mark(arrow.exchange, in: scene)
        if arrow.direction == .back {
            return line.put(from + 1, "↩ \(arrow.title(fitting: last - from - 2, mark: mark))", style)
        }
        let (left, right) = (min(from, to) + 1, max(from, to) - 1)
        let isRight = arrow.direction == .right
        // A packet that arrives somewhere else than where it left has a row for each.
        let tip = min(numberWidth + 5, (right - left) / 2)
        switch arrow.part {
        case .passed:
            line.dash(left...right, style)
            // Beside the sender's lifeline.
            let title = arrow.title(fitting: right - left - 4, mark: mark)
            line.put(isRight ? left + 1 : right - 2 - title.count, " \(title) ", style)
            line.put(isRight ? right : left, isRight ? "▶" : "◀", style)
        case .left:
            let bend = isRight ? right - tip : left + tip
            line.dash(isRight ? left...bend : bend...right, style)
            let title = arrow.title(fitting: right - left - tip - 5, mark: mark)
            line.put(isRight ? left + 1 : right - 2 - title.count, " \(title) ", style)
            line.put(bend, arrow.isLost ? "✗" : arrow.isForked ? "╤" : isRight ? "╲" : "╱", style)
            guard !arrow.note.isEmpty else { return }
            let noteStyle: OutputBuffer.Style = arrow.isLost ? .red : .yellow
            if isRight {
                line.put(bend + 2, arrow.note.fitted(last - bend - 1), noteStyle)
            } else {
                let note = arrow.note.fitted(bend - timeWidth - 4)
                line.put(bend - 1 - note.count, note, noteStyle)
            }
        case .arrived:
            line.dash(isRight ? right - tip...right : left...left + tip, style)
            line.put(isRight ? right - tip : left + tip, isRight ? "╲" : "╱", style)
            line.put(isRight ? right : left, isRight ? "▶" : "◀", style)
            line.put(isRight ? right - 1 - arrow.number.count : left + 2, arrow.number, style)
            guard !arrow.note.isEmpty else { return }
            if isRight {
                let note = arrow.note.fitted(right - tip - 1 - places[0])
                line.put(right - tip - 1 - note.count, note, .yellow)
            } else {
                line.put(left + tip + 2, arrow.note.fitted(last - left - tip - 2), .yellow)
            }
        }
    }
}

/// One line of lifelines, over which other things are put, character by character.
private struct LaneLine {
    private var cells: [(character: Character, style: OutputBuffer.Style)]
    private let lifelines: [Int]

    init(width: Int, lifelines: [Int] = []) {
        cells = Array(repeating: (" ", .plain), count: max(1, width))
        self.lifelines = lifelines
        for place in lifelines where cells.indices.contains(place) { cells[place] = ("│", .dim) }
    }

    /// Puts a text over whatever stands there.
    mutating func put(_ start: Int, _ text: String, _ style: OutputBuffer.Style) {
        for (offset, character) in text.enumerated() where cells.indices.contains(start + offset) {
            cells[start + offset] = (character, style)
        }
    }

    /// An arrow's shaft; lifelines that it crosses stay to be seen.
    mutating func dash(_ range: ClosedRange<Int>, _ style: OutputBuffer.Style) {
        for place in range where cells.indices.contains(place) {
            cells[place] = (lifelines.contains(place) ? "┼" : "─", style)
        }
    }

    func write(to out: inout OutputBuffer) {
        let end = (cells.lastIndex { $0.character != " " } ?? -1) + 1
        var style = OutputBuffer.Style.plain
        for cell in cells[..<end] {
            if cell.style != style {
                if style != .plain { out.append(style: .plain) }
                if cell.style != .plain { out.append(style: cell.style) }
                style = cell.style
            }
            out.append(text: String(cell.character))
        }
        if style != .plain { out.append(style: .plain) }
        out.append(ascii: 10)
    }
}
