import Timeline

/// Where the columns of a picture stand, in CSS pixels: lifelines, and the calls, states and times beside them.
struct LadderColumns {
    let laneX: [Double]
    /// Where the times of the rows end on the left; where those of the server's host begin on the right, where both
    /// ends were captured.
    let timeX: Double
    let otherTimeX: Double?
    let width: Int
    /// Whether a lane's calls and states stand left of it.
    private let standsLeft: [Bool]
    /// From a lifeline to its calls.
    private let callRoom: Double
    /// What stands over each lane, and below that.
    let headings: [(name: String, role: String)]

    /// Between a lifeline and the calls: room for the longest state.
    static let stateRoom = 92.0
    static let barWidth = 7.0
    /// The average character of the text in pixels.
    private static let character = 6.7

    init(_ scene: Scene, _ rows: LadderRows) {
        self = scene.showsPrograms ? Self(programs: scene, rows) : Self(ends: scene, rows)
    }

    /// The two ends of one conversation: calls outside, arrows between.
    private init(ends scene: Scene, _ rows: LadderRows) {
        let calls = (rows.widest(\.clientCall), rows.widest(\.serverCall))
        let hasCalls = max(calls.0, calls.1) > 0
        let exchange = scene.exchanges.first
        let names = exchange.map { ("\($0.client)", "\($0.server)") } ?? ("client", "server")
        let times = Self.times(rows)
        func room(_ widest: Int) -> Double { hasCalls ? max(90, Self.pixels(widest) + 16) : 20 }
        let label = Self.pixels(rows.widest { $0.arrow?.label ?? "" })
        let words = Self.pixels(rows.widest { cells in cells.arrow.map { "\($0.label); \($0.note)" } ?? "" })
        let wire = max(
            scene.hasBothEnds ? 420 : 300, label + 110, Self.half(names.0) + Self.half(names.1),
            scene.hasBothEnds ? min(760, words + 70) : 0)
        let clientX = max(times + room(calls.0) + Self.stateRoom, Self.half(names.0))
        let serverX = clientX + wire
        laneX = [clientX, serverX]
        timeX = times
        // A socket that is connected to itself has the label beside its one lifeline.
        let right = serverX + max(Self.stateRoom + room(calls.1), Self.half(names.1))
        otherTimeX = scene.hasBothEnds ? right : nil
        width = Int(scene.hasBothEnds ? right + times : right)
        standsLeft = [true, false]
        callRoom = Self.stateRoom
        if exchange?.isSelfConnected ?? false {
            headings = [(names.0, "connected to itself")]
        } else {
            headings = exchange == nil ? [("", "client"), ("", "server")] : [(names.0, "client"), (names.1, "server")]
        }
    }

    /// A lane for each program: calls right of its lifeline, over the arrows that cross.
    private init(programs scene: Scene, _ rows: LadderRows) {
        let times = Self.times(rows)
        let names = scene.lanes.indices.map { LaneText.name($0, in: scene) }
        let hosts = scene.lanes.map { lane in
            scene.hosts.count < 2 ? "" : scene.hosts[lane.host].addresses.map { "\($0)" }.joined(separator: ", ")
        }
        let calls = Self.pixels(rows.widest(\.call)) + 40
        let labels = Self.pixels(rows.widest { $0.arrow?.title(in: scene) ?? "" }) + 40
        let heads = zip(names, hosts).map { max(Self.half($0), Self.half($1)) }
        let gap = max(200, min(380, max(calls, labels)), 2 * (heads.max() ?? 0))
        let first = times + Self.stateRoom
        laneX = scene.lanes.indices.map { first + Double($0) * gap }
        timeX = times
        otherTimeX = nil
        width = Int((laneX.last ?? first) + max(calls, heads.last ?? 0) + 16)
        standsLeft = scene.lanes.map { _ in false }
        callRoom = 20
        headings = Array(zip(names, hosts))
    }

    private static func pixels(_ count: Int) -> Double { Double(count) * character }
    private static func times(_ rows: LadderRows) -> Double { max(46, pixels(rows.widest(\.time)) + 16) }
    /// Headings are bold, and stand over the middle of their lifelines.
    private static func half(_ heading: String) -> Double { Double(heading.count) * character * 0.55 + 10 }

    // MARK: Places

    func callX(_ lane: Int) -> (x: Double, anchor: String) {
        standsLeft[lane] ? (laneX[lane] - callRoom, " end") : (laneX[lane] + callRoom, "")
    }

    func stateX(_ lane: Int) -> (x: Double, anchor: String) {
        // Between programs, calls stand on the right.
        if standsLeft[lane] || callRoom < Self.stateRoom { return (laneX[lane] - 16, " end") }
        return (laneX[lane] + 16, "")
    }

    func barX(_ bar: LadderPicture.Bar) -> Double {
        let away = 5.0 + Double(min(bar.depth, 6)) * (Self.barWidth + 2)
        return standsLeft[bar.lane] ? laneX[bar.lane] - away - Self.barWidth : laneX[bar.lane] + away
    }
}
