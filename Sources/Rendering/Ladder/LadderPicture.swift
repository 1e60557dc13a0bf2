import Addressing
import Timeline

/// Where everything stands in the picture of a ladder, in CSS pixels.
struct LadderPicture {
    let title: String
    /// Where lanes' lifelines stand.
    let laneX: [Double]
    /// Where the times of the rows end on the left; where those of the server's host begin on the right, where both
    /// ends were captured.
    let timeX: Double
    let otherTimeX: Double?
    let width: Int
    let height: Int
    let unit: String
    let rows: [(cells: LadderCells, y: Double)]
    let arrows: [LadderArrow]
    let notes: [(text: String, y: Double)]
    let bars: [Bar]
    let hasCalls: Bool
    let isSelfConnected: Bool
    /// Where on their arrows labels stand.
    let labels: LabelPlace

    /// A call from where it began to where it returned.
    struct Bar {
        let lane: Int
        let top: Double
        let bottom: Double
        /// How many other calls of this lane had begun and not returned.
        let depth: Int
    }

    enum LabelPlace {
        /// Where the only capture was made: there each arrow is at the height of its own row, so that no label stands
        /// on another one, however arrows cross.
        case client, middle, server
        /// Near where each packet left, with what is to be said of it below.
        case nearDeparture
    }

    static let headingHeight = 44.0
    /// Between a lifeline and the calls: room for the longest state.
    static let stateRoom = 92.0
    static let barWidth = 7.0
    /// The average character of the text in pixels.
    private static let character = 6.7

    init(_ scene: Scene, abridged: Bool) {
        let rows = LadderRows(scene, abridged: abridged)
        func pixels(_ count: Int) -> Double { Double(count) * Self.character }
        let calls = (rows.widest(\.clientCall), rows.widest(\.serverCall))
        let hasCalls = max(calls.0, calls.1) > 0
        self.hasCalls = hasCalls
        let exchange = scene.exchanges.first
        isSelfConnected = exchange?.isSelfConnected ?? false
        unit = rows.clock.unit
        let ends = exchange.map { ("\($0.client)", "\($0.server)") } ?? ("client", "server")
        title =
            exchange == nil
            ? "Socket calls without packets"
            : "Ladder of \(ends.0) and \(ends.1)" + (scene.hasBothEnds ? ", each with its own times" : "")
        let times = max(46, pixels(rows.widest(\.time)) + 16)
        func callRoom(_ widest: Int) -> Double { hasCalls ? max(90, pixels(widest) + 16) : 20 }
        // Headings are bold, and stand over the middle of their lifelines.
        func half(_ heading: String) -> Double { Double(heading.count) * Self.character * 0.55 + 10 }
        let label = pixels(rows.widest { $0.arrow?.label ?? "" })
        let words = pixels(rows.widest { cells in cells.arrow.map { "\($0.label); \($0.note)" } ?? "" })
        let wire = max(
            scene.hasBothEnds ? 420 : 300, label + 110, half(ends.0) + half(ends.1),
            scene.hasBothEnds ? min(760, words + 70) : 0)
        let clientX = max(times + callRoom(calls.0) + Self.stateRoom, half(ends.0))
        let serverX = clientX + wire
        laneX = [clientX, serverX]
        timeX = times
        // A socket that is connected to itself has the label beside its one lifeline.
        let right = serverX + max(Self.stateRoom + callRoom(calls.1), half(ends.1))
        otherTimeX = scene.hasBothEnds ? right : nil
        width = Int(scene.hasBothEnds ? right + times : right)

        let heights = LadderHeights(rows)
        self.rows = heights.rows
        notes = heights.notes
        bars = heights.bars
        if scene.hasBothEnds {
            labels = .nearDeparture
            arrows = LadderArrow.crossing(scene, heights)
        } else {
            let flight = Flight(scene, heights.drawn)
            labels = flight.labels
            arrows = LadderArrow.passing(scene, heights, flight)
        }
        let lowest = arrows.map { max($0.start + max(0, $0.slant), $0.ends.max() ?? 0) }.max() ?? 0
        height = Int(max(heights.bottom + 34, lowest + 18))
    }

    func barX(_ bar: Bar) -> Double {
        let away = 5.0 + Double(min(bar.depth, 6)) * (Self.barWidth + 2)
        return bar.lane == 0 ? laneX[0] - away - Self.barWidth : laneX[bar.lane] + away
    }
}
