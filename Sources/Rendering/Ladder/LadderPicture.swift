import Addressing
import Timeline

/// Where everything stands in the picture of a ladder, in CSS pixels.
struct LadderPicture {
    let scene: Scene
    let title: String
    let columns: LadderColumns
    let height: Int
    /// Below the ladder, what the letters of conversations mean.
    let legendHeight: Int
    let unit: String
    let rows: [(cells: LadderCells, y: Double)]
    let arrows: [LadderArrow]
    let notes: [(text: String, y: Double)]
    let bars: [Bar]
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
    init(_ scene: Scene, abridged: Bool) {
        let rows = LadderRows(scene, abridged: abridged)
        self.scene = scene
        columns = LadderColumns(scene, rows)
        unit = rows.clock.unit
        let exchange = scene.exchanges.first
        isSelfConnected = !scene.showsPrograms && exchange?.isSelfConnected ?? false
        title = Self.title(scene)
        let heights = LadderHeights(rows)
        self.rows = heights.rows
        notes = heights.notes
        bars = heights.bars
        if scene.hasBothEnds {
            labels = .nearDeparture
            arrows = LadderArrow.crossing(scene, heights)
        } else {
            let flight = scene.showsPrograms ? Flight() : Flight(scene, heights.drawn)
            labels = flight.labels
            arrows = LadderArrow.passing(scene, heights, flight)
        }
        let lowest = arrows.map { max($0.start + max(0, $0.slant), $0.ends.max() ?? 0) }.max() ?? 0
        let legend = LaneText.legend(scene).count
        legendHeight = legend == 0 || !scene.showsPrograms ? 0 : legend * 15 + 16
        height = Int(max(heights.bottom + 34, lowest + 18)) + legendHeight
    }

    private static func title(_ scene: Scene) -> String {
        guard let first = scene.exchanges.first else { return "Socket calls without packets" }
        let times = scene.hasBothEnds ? ", each with its own times" : ""
        if !scene.showsPrograms { return "Ladder of \(first.client) and \(first.server)\(times)" }
        let lanes = scene.lanes.indices.map { LaneText.name($0, in: scene) }
        return "Ladder of \(lanes.joined(separator: ", "))"
    }
}
