import Addressing
import Conversations
import Packets
import Sockets
import Text
import Timeline

/// One row's texts, before they have a place: what every format shows.
struct LadderCells {
    let time: String
    /// The lane that it happened in, and that of the packet's other end.
    let lane: Int
    private(set) var otherLane: Int
    /// The conversation that it belongs to; nil for a call that concerns several, or none.
    let exchange: Int?
    /// The call, with whose it is where several share the lane; empty on a packet's row.
    private(set) var call = ""
    /// The state that this lane's end is in from now on, and the other end's.
    let state: String
    let otherState: String
    /// nil on a call's row.
    private(set) var arrow: Arrow?
    /// A call that failed.
    private(set) var failed = false
    /// A call that returned some time after it began.
    private(set) var returns = false

    /// A packet's part of a row.
    struct Arrow {
        let part: Part
        let exchange: Int
        let fromLane: Int
        let toLane: Int
        let number: String
        /// `PSH+ACK seq 1 ack 1 len 12`
        let briefLabel: String
        /// The same with what the packet carries: `… len 12 "Hello, world"`.
        let label: String
        private let packet: Scene.Packet
        let direction: Direction
        /// What is to be said of it at this place.
        let note: String
        let isLost: Bool
        /// Whether it arrives more than once: as copies, or in pieces.
        let isForked: Bool
        /// Whether it is lost, sent again, behind a gap, a reset or an error.
        let isRemarkable: Bool
    }

    /// What a row shows of a packet's way.
    enum Part {
        /// All of it, as seen at one place.
        case passed
        case left
        case arrived(copy: Int)
    }

    enum Direction {
        case right, left
        /// From a socket to itself.
        case back
    }

    init(_ row: Scene.Row, _ scene: Scene, _ clock: LadderClock) {
        time = clock.text(row.time)
        lane = row.lane
        otherLane = row.lane
        exchange = row.exchange
        state = row.state?.rawValue ?? ""
        otherState = row.otherState?.rawValue ?? ""
        switch row.event {
        case .began(let made): call = Self.text(CallText.began(made), of: made, row.lane, scene)
        case .returned(let made):
            call = Self.text(CallText.returned(made), of: made, row.lane, scene)
            failed = Self.failed(made)
            returns = true
        case .whole(let made):
            call = Self.text(CallText.whole(made), of: made, row.lane, scene)
            failed = Self.failed(made)
        case .passed(let index):
            arrow = Arrow(scene.packets[index], .passed)
            otherLane = scene.packets[index].toLane
        case .left(let index): arrow = Arrow(scene.packets[index], .left)
        case .arrived(let index, let copy): arrow = Arrow(scene.packets[index], .arrived(copy: copy))
        }
    }

    private static func failed(_ call: SocketCall) -> Bool { if case .failed = call.result { true } else { false } }

    /// Where several programs or threads share a lane, each call says whose it is; where the lanes are two ends, those
    /// of both.
    private static func text(_ text: String, of call: SocketCall, _ lane: Int, _ scene: Scene) -> String {
        let isShared =
            scene.showsPrograms
            ? scene.lanes[lane].programs.count > 1 : scene.lanes.contains { $0.programs.count > 1 }
        return isShared ? "[\(call.end.rawValue.escapedForDisplay)] \(text)" : text
    }

    // MARK: Two lanes

    var clientCall: String { lane == 0 ? call : "" }
    var serverCall: String { lane == 0 ? "" : call }
    var clientState: String { lane == 0 ? state : otherState }
    var serverState: String { lane == 0 ? otherState : state }
}

extension LadderCells.Arrow {
    /// The same in a picture of many lanes, where columns are few: number, the conversation's mark, and what is told.
    func title(fitting room: Int, mark: String) -> String {
        let head = mark.isEmpty ? number : "\(number) \(mark)"
        return SegmentText.told(packet, fitting: room - head.count - 1).map { "\(head) \($0)" } ?? head.fitted(room)
    }

    /// As much of the label as so many columns take.
    func label(fitting room: Int) -> String { label.count <= room ? label : SegmentText.label(packet, fitting: room) }

    /// What a packet's arrow says where it is seen.
    init(_ packet: Scene.Packet, _ part: LadderCells.Part) {
        self.part = part
        (exchange, fromLane, toLane) = (packet.exchange, packet.fromLane, packet.toLane)
        number = packet.name
        self.packet = packet
        briefLabel = SegmentText.label(packet)
        label = SegmentText.labelWithData(packet)
        direction = packet.fromLane == packet.toLane ? .back : packet.fromLane < packet.toLane ? .right : .left
        switch part {
        case .passed: note = ""
        case .left: note = PassageText.leaving(packet)
        case .arrived(let copy): note = PassageText.arriving(packet, copy: copy)
        }
        isLost = packet.isLost
        isForked = packet.arrived.count > 1
        let isReset = packet.segment?.tcp?.flags.contains(.rst) ?? false
        // To the analysis both directions of a socket that is connected to itself are one.
        let isAlarming = direction != .back && !(packet.segment?.marks ?? []).isDisjoint(with: Self.alarming)
        isRemarkable =
            isLost || packet.notes.contains(where: \.isRepair) || isReset || isAlarming || packet.error != nil
    }

    private static let alarming: TCPMarks = [
        .lostSegment, .fastRetransmission, .spuriousRetransmission, .retransmission, .outOfOrder,
        .acknowledgesLostSegment, .duplicateACK, .zeroWindow, .windowFull,
    ]
}

/// A scene as text: its steps from top to bottom, each with its texts.
struct LadderRows {
    enum Row {
        case cells(LadderCells, Scene.Row)
        /// A line that stands for rows that are not there, in parts that belong together.
        case note([String], isSilence: Bool)
    }

    let rows: [Row]
    let clock: LadderClock

    init(_ scene: Scene, abridged: Bool) {
        let clock = LadderClock(scene)
        self.clock = clock
        rows = scene.steps(abridged: abridged).map { step in
            switch step {
            case .row(let row): .cells(LadderCells(row, scene, clock), row)
            case .silence(let gap): .note([OmissionText.silence(gap)], isSilence: true)
            case .clockSet: .note([OmissionText.clockSet], isSilence: true)
            case .omitted(let omission): .note(OmissionText.parts(omission, in: scene), isSilence: false)
            }
        }
    }

    var cells: [LadderCells] { rows.compactMap { if case .cells(let cells, _) = $0 { cells } else { nil } } }

    /// The most characters of a text in any row.
    func widest(_ text: (LadderCells) -> String) -> Int {
        rows.reduce(0) { longest, row in
            if case .cells(let cells, _) = row { max(longest, text(cells).count) } else { longest }
        }
    }
}
