import Addressing
import Conversations
import Packets
import Sockets
import Timeline

/// Draws a sequence diagram as text.
///
/// Four lanes, keyed by address and port, so that loopback's two ends are two: the client's calls, its end of the wire, the
/// server's end, its calls. One row an event, in the measured order, times in microseconds since the first one.
/// Where the terminal is too narrow for four lanes, calls stand in the same columns as the arrows.
public struct LadderText {
    /// Columns that are there; nil when the text goes to a file or a pipe.
    private let columns: Int?

    public init(columns: Int?) { self.columns = columns }

    /// Writes the ladder with its heading.
    public func write(_ diagram: SequenceDiagram, to out: inout OutputBuffer) {
        let cells = diagram.rows.map { LadderCells($0, diagram) }
        let layout = Layout(diagram, cells, columns: columns)
        layout.writeHeading(diagram, &out)
        for row in cells { layout.write(row, &out) }
    }
}

/// One row's texts, before they have a place: what every format shows.
struct LadderCells {
    var time = ""
    var clientCall = ""
    var serverCall = ""
    var clientState = ""
    var serverState = ""
    /// The arrow's label; nil on a call's row.
    var arrow: String?
    var number = ""
    var direction = Direction.right
    /// A call that failed.
    var failed = false
    /// A packet that is remarkable: sent again, behind a gap, a reset, an error.
    var remarkable = false

    enum Direction {
        case right, left
        /// From a socket to itself.
        case back
    }

    init(_ row: SequenceDiagram.Row, _ diagram: SequenceDiagram) {
        time = String(row.time.nanoseconds(since: diagram.start) / 1000)
        clientState = row.clientState?.rawValue ?? ""
        serverState = row.serverState?.rawValue ?? ""
        switch row.event {
        case .began(let call, let side): set(CallText.began(call), call, side, diagram)
        case .returned(let call, let side):
            set(CallText.returned(call), call, side, diagram)
            if case .failed = call.result { failed = true }
        case .whole(let call, let side):
            set(CallText.whole(call), call, side, diagram)
            if case .failed = call.result { failed = true }
        case .packet(let packet, let side, let sequence, let acknowledgment):
            number = String(packet.number)
            arrow = SegmentText.label(packet, sequence: sequence, acknowledgment: acknowledgment, in: diagram.conversation)
            direction = diagram.isSelfConnected ? .back : side == .client ? .right : .left
            remarkable = !packet.marks.isDisjoint(with: Self.alarming) && !diagram.isSelfConnected || packet.tcp?.flags.contains(.rst) ?? false
        case .icmp(let error, let side):
            number = String(error.packet)
            arrow = SegmentText.label(error, in: diagram.conversation)
            direction = side == .client ? .left : .right
            remarkable = true
        }
    }

    private static let alarming: TCPMarks = [
        .lostSegment, .fastRetransmission, .spuriousRetransmission, .retransmission, .outOfOrder, .acknowledgesLostSegment, .duplicateACK,
        .zeroWindow, .windowFull,
    ]

    /// Where several programs share a side, each call says whose it is.
    private mutating func set(_ text: String, _ call: SocketCall, _ side: SequenceDiagram.Side, _ diagram: SequenceDiagram) {
        let ends = side == .client ? diagram.clientEnds : diagram.serverEnds
        let shown = ends.count > 1 ? "[\(call.end.rawValue.escapedForDisplay)] \(text)" : text
        if side == .client { clientCall = shown } else { serverCall = shown }
    }
}
