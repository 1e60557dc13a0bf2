import Addressing
import Text
import Timeline

/// Where everything stands in the picture of a two-host ladder, in CSS pixels.
struct TwoHostPicture {
    struct Arrow {
        /// Position in the diagram's arrows.
        let index: Int
        let start: Double
        /// Where each copy arrives.
        let ends: [Double]
        /// How far down an arrow usually goes.
        let slant: Double
    }

    let clientX, serverX, clientTimeX, serverTimeX: Double
    let width: Int
    let height: Int
    /// Rows that are drawn, by position.
    let rows: [(index: Int, y: Double)]
    let arrows: [Arrow]
    /// Cuts: a silence, or rows that are left out.
    let notes: [(text: String, y: Double)]
    /// Calls from where they began to where they returned.
    let bars: [(side: TwoHostDiagram.Side, top: Double, bottom: Double)]

    static let headingHeight = 44.0
    /// Between a lifeline and the calls: room for the longest state.
    static let stateRoom = 92.0
    private static let closest = 20.0
    private static let farthest = 60.0
    private static let cut = 40.0
    /// The average character of the text in pixels.
    private static let character = 6.7

    init(_ diagram: TwoHostDiagram, abridged: Bool) {
        func widest(_ texts: [String?]) -> Double { Double(texts.compactMap { $0?.count }.max() ?? 0) * Self.character }
        let times = max(40, widest(diagram.rows.last.map { [TwoHostLadderText.time($0.time, diagram)] } ?? []))
        func calls(_ side: TwoHostDiagram.Side) -> Double {
            let widest = widest(diagram.rows.map { $0.side == side ? TwoHostLadderText.call($0, in: diagram) : nil })
            return widest == 0 ? 0 : widest + 16
        }
        clientTimeX = times + 8
        clientX = clientTimeX + calls(.client) + Self.stateRoom + 10
        let label = widest(diagram.arrows.map { TwoHostLadderText.label($0) })
        let words = widest(
            diagram.arrows.map { ([TwoHostLadderText.label($0)] + TwoHostNotes.texts(of: $0)).joined(separator: "; ") })
        serverX = clientX + max(420, label + 110, min(760, words + 70))
        serverTimeX = serverX + Self.stateRoom + calls(.server) + 10
        width = Int(serverTimeX + times + 16)

        let layout = Self.rows(of: diagram, abridged: abridged)
        (rows, notes) = (layout.rows, layout.notes)
        arrows = Self.arrows(of: diagram, layout.rows)
        bars = Self.bars(of: diagram, layout.rows)
        height = Int((layout.rows.last?.y ?? Self.headingHeight) + 40)
    }

    private static func rows(of diagram: TwoHostDiagram, abridged: Bool) -> (
        rows: [(index: Int, y: Double)], notes: [(text: String, y: Double)]
    ) {
        let gaps = zip(diagram.rows, diagram.rows.dropFirst()).map { $1.time.nanoseconds(since: $0.time) }.filter {
            $0 > 0
        }.sorted()
        let scale = gaps.isEmpty ? 0 : closest * 1.2 / Double(gaps[gaps.count / 2])
        // Much longer than what a packet takes: nothing happened.
        let silence = max(200_000_000, 4 * (diagram.arrows.compactMap(Self.flight).max() ?? 0))
        var rows: [(index: Int, y: Double)] = []
        var notes: [(text: String, y: Double)] = []
        var y = headingHeight + 14
        for part in LadderExcerpt.parts(of: diagram, abridged: abridged) {
            switch part {
            case .row(let index):
                if let last = rows.last {
                    let gap = diagram.rows[index].time.nanoseconds(since: diagram.rows[last.index].time)
                    if last.index + 1 == index, gap > silence {
                        notes.append(("≈ \(DurationText.text(nanoseconds: gap)) ≈", y + cut / 2 + 4))
                        y += cut
                    } else {
                        y += min(farthest, max(closest, Double(gap) * scale))
                    }
                }
                rows.append((index, y))
            case .gap(let count, let packets):
                notes.append(("⋮ \(count) rows without anything remarkable, \(packets) packets sent", y + cut / 2 + 4))
                y += cut - closest
            }
        }
        return (rows, notes)
    }

    private static func flight(_ arrow: TwoHostDiagram.Arrow) -> Int64? {
        arrow.left.flatMap { left in arrow.arrived.first?.nanoseconds(since: left) }
    }

    private static func arrows(of diagram: TwoHostDiagram, _ rows: [(index: Int, y: Double)]) -> [Arrow] {
        var starts: [Int: Double] = [:]
        var ends: [Int: [Double]] = [:]
        for (index, y) in rows {
            switch diagram.rows[index].event {
            case .left(let arrow): starts[arrow] = y
            case .arrived(let arrow, copy: _): ends[arrow, default: []].append(y)
            default: break
            }
        }
        let slants = starts.compactMap { arrow, y in ends[arrow]?.first.map { $0 - y } }.sorted()
        let slant = slants.isEmpty ? closest : slants[slants.count / 2]
        return diagram.arrows.indices.compactMap { index in
            guard starts[index] != nil || ends[index] != nil else { return nil }
            let arrived = ends[index] ?? []
            let start = starts[index] ?? (arrived.first ?? 0) - slant
            // Where the row of its arrival is left out, it is drawn as far as others go.
            let missing = !diagram.arrows[index].isLost && arrived.isEmpty
            return Arrow(index: index, start: start, ends: missing ? [start + slant] : arrived, slant: slant)
        }
    }

    private static func bars(of diagram: TwoHostDiagram, _ rows: [(index: Int, y: Double)]) -> [(
        side: TwoHostDiagram.Side, top: Double, bottom: Double
    )] {
        var began: [Int: (side: TwoHostDiagram.Side, y: Double)] = [:]
        var bars: [(side: TwoHostDiagram.Side, top: Double, bottom: Double)] = []
        for (index, y) in rows {
            switch diagram.rows[index].event {
            case .began(let call): began[call.id] = (diagram.rows[index].side, y)
            case .returned(let call):
                if let start = began.removeValue(forKey: call.id) {
                    bars.append((start.side, start.y, max(start.y + 6, y)))
                }
            default: break
            }
        }
        for open in began.values { bars.append((open.side, open.y, (rows.last?.y ?? open.y) + 16)) }
        return bars
    }
}
