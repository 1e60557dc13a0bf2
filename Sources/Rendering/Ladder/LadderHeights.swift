import Addressing
import Timeline

/// How far down the rows of a picture stand. Distances grow with the time between rows, but not without limit; a
/// silence is cut, and so are rows that are left out.
struct LadderHeights {
    private(set) var rows: [(cells: LadderCells, y: Double)] = []
    /// The rows that are drawn, in the order of `rows`.
    private(set) var drawn: [Scene.Row] = []
    private(set) var notes: [(text: String, y: Double)] = []
    private(set) var bars: [LadderPicture.Bar] = []
    /// Where the last row or note stands.
    private(set) var bottom: Double

    private static let closest = 24.0
    private static let farthest = 56.0
    private static let cut = 46.0

    init(_ ladder: LadderRows) {
        var y = LadderPicture.headingHeight + 14
        drawn = ladder.rows.compactMap { if case .cells(_, let row) = $0 { row } else { nil } }
        let scale = Self.scale(drawn)
        var last: (time: Timestamp, y: Double)?
        for row in ladder.rows {
            switch row {
            case .cells(let cells, let row):
                if let last {
                    let gap = Double(row.time.nanoseconds(since: last.time))
                    // After a note the distance is the note's.
                    y += y > last.y ? Self.closest : min(Self.farthest, max(Self.closest, gap * scale))
                }
                rows.append((cells, y))
                last = (row.time, y)
            case .note(let parts, let isSilence):
                let text = parts.joined(separator: ", ")
                notes.append((isSilence ? "≈ \(text) ≈" : "⋮ \(text)", y + Self.cut / 2))
                y += Self.cut - Self.closest / 2
            }
        }
        bottom = y
        addBars()
    }

    /// Pixels a nanosecond: the median gap takes a little more than the closest distance.
    private static func scale(_ rows: [Scene.Row]) -> Double {
        let gaps = zip(rows, rows.dropFirst()).compactMap { $1.time.elapsed(since: $0.time) }.filter { $0 > 0 }.sorted()
        guard !gaps.isEmpty else { return 0 }
        return closest * 1.2 / Double(gaps[gaps.count / 2])
    }

    /// The height of any moment: between two rows in proportion.
    func height(of time: Timestamp) -> Double {
        guard let first = drawn.first, let last = drawn.last else { return LadderPicture.headingHeight }
        if time <= first.time { return rows[0].y - min(12, max(0, Double(first.time.nanoseconds(since: time)) / 1000)) }
        if time >= last.time {
            return rows[rows.count - 1].y + min(14, max(0, Double(time.nanoseconds(since: last.time)) / 1000))
        }
        var (low, high) = (0, drawn.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if drawn[middle].time <= time { low = middle } else { high = middle }
        }
        let span = Double(drawn[high].time.nanoseconds(since: drawn[low].time))
        guard span > 0 else { return rows[low].y }
        return rows[low].y
            + (rows[high].y - rows[low].y) * Double(time.nanoseconds(since: drawn[low].time)) / span
    }

    private mutating func addBars() {
        var open: [Int: [(returned: Timestamp, depth: Int)]] = [:]
        for (row, place) in zip(drawn, rows) {
            guard case .began(let call) = row.event else { continue }
            let others = (open[row.lane] ?? []).filter { $0.returned > call.start }
            let depth = (0...others.count).first { depth in !others.contains { $0.depth == depth } } ?? 0
            let end = call.returned.map { height(of: $0) } ?? (rows.last?.y ?? place.y) + 16
            bars.append(LadderPicture.Bar(lane: row.lane, top: place.y, bottom: max(place.y + 6, end), depth: depth))
            open[row.lane] = others + [(call.returned ?? Timestamp(seconds: .max, nanoseconds: 0), depth)]
        }
    }
}
