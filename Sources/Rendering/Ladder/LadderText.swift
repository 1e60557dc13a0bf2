import Addressing
import Conversations
import Packets
import Sockets
import Text
import Timeline

/// Draws a sequence diagram as text.
///
/// Four lanes, keyed by address and port, so that loopback's two ends are two: the client's calls, its end of the wire,
/// the server's end, its calls. One row an event, in the measured order, times since the first one. Where the terminal
/// is too narrow for four lanes, or where there are no calls, calls stand in the same columns as the arrows.
public struct LadderText {
    /// Columns that are there; nil when the text goes to a file or a pipe.
    private let columns: Int?
    private let abridged: Bool

    /// - Parameter abridged: whether long runs of ordinary rows are left out.
    public init(columns: Int?, abridged: Bool = true) {
        self.columns = columns
        self.abridged = abridged
    }

    /// Writes what the marks in the ladders of these calls mean; nothing where there are none.
    public static func writeNote(_ calls: [SocketCall], to out: inout OutputBuffer) {
        guard calls.contains(where: CallText.isEarly) else { return }
        out.append(style: .dim)
        out.append(text: CallText.note)
        out.append(style: .plain)
        out.append(ascii: 10)
    }

    /// Writes the ladder with its heading.
    public func write(_ diagram: SequenceDiagram, to out: inout OutputBuffer) {
        let clock = LadderClock(diagram)
        let steps = diagram.steps(abridged: abridged)
        let cells = steps.map { step -> LadderCells? in
            guard case .row(let row) = step else { return nil }
            return LadderCells(row, diagram, clock)
        }
        let layout = Layout(diagram, cells.compactMap { $0 }, unit: clock.unit, columns: columns)
        layout.writeHeading(diagram, &out)
        for (step, row) in zip(steps, cells) {
            switch step {
            case .row: if let row { layout.write(row, &out) }
            case .silence(let gap): layout.writeNote(["··· \(OmissionText.silence(gap)) ···"], centred: true, &out)
            case .omitted(let omission):
                layout.writeNote(
                    OmissionText.parts(omission, isTCP: diagram.conversation?.transport != .udp), centred: false, &out)
            }
        }
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
    /// The label to be cut off on the right where there is no room for it: numbers first.
    var cutArrow: String?
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

    init(_ row: SequenceDiagram.Row, _ diagram: SequenceDiagram, _ clock: LadderClock) {
        time = clock.text(row.time)
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
            arrow = SegmentText.label(
                packet, sequence: sequence, acknowledgment: acknowledgment, in: diagram.conversation)
            if !packet.marks.isEmpty {
                cutArrow = SegmentText.label(
                    packet, sequence: sequence, acknowledgment: acknowledgment, in: diagram.conversation,
                    marksFirst: false)
            }
            direction = diagram.isSelfConnected ? .back : side == .client ? .right : .left
            remarkable =
                !packet.marks.isDisjoint(with: Self.alarming) && !diagram.isSelfConnected
                || packet.tcp?.flags.contains(.rst) ?? false
        case .icmp(let error, let side):
            number = String(error.packet)
            arrow = SegmentText.label(error, in: diagram.conversation)
            direction = side == .client ? .left : .right
            remarkable = true
        }
    }

    private static let alarming: TCPMarks = [
        .lostSegment, .fastRetransmission, .spuriousRetransmission, .retransmission, .outOfOrder,
        .acknowledgesLostSegment, .duplicateACK,
        .zeroWindow, .windowFull,
    ]

    /// Where several processes or threads share a side, each call says whose it is.
    private mutating func set(
        _ text: String, _ call: SocketCall, _ side: SequenceDiagram.Side, _ diagram: SequenceDiagram
    ) {
        let shown =
            diagram.clientEnds.count > 1 || diagram.serverEnds.count > 1
            ? "[\(call.end.rawValue.escapedForDisplay)] \(text)" : text
        if side == .client { clientCall = shown } else { serverCall = shown }
    }
}
