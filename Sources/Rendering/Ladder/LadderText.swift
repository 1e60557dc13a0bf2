import Addressing
import Conversations
import Packets
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
        let cells = diagram.rows.map { Cells($0, diagram) }
        let layout = Layout(diagram, cells, columns: columns)
        layout.writeHeading(diagram, &out)
        for row in cells { layout.write(row, &out) }
    }

    /// One row's texts, before they have a place.
    struct Cells {
        let time: String
        var clientCall = ""
        var serverCall = ""
        var clientState = ""
        var serverState = ""
        /// The arrow's label; nil on a call's row.
        var arrow: String?
        var number = ""
        var rightwards = true
        var failed = false

        init(_ row: SequenceDiagram.Row, _ diagram: SequenceDiagram) {
            time = String(row.time.nanoseconds(since: diagram.start) / 1000)
            clientState = row.clientState?.rawValue ?? ""
            serverState = row.serverState?.rawValue ?? ""
            switch row.event {
            case .began(let call, let side): set(CallText.began(call), side)
            case .returned(let call, let side):
                set(CallText.returned(call), side)
                if case .failed = call.result { failed = true }
            case .whole(let call, let side):
                set(CallText.whole(call), side)
                if case .failed = call.result { failed = true }
            case .packet(let packet, let side, let sequence, let acknowledgment):
                number = String(packet.number)
                arrow = SegmentText.label(
                    packet, sequence: sequence, acknowledgment: acknowledgment, offloaded: diagram.conversation.isOffloaded(packet))
                rightwards = side == .client
            }
        }

        private mutating func set(_ text: String, _ side: SequenceDiagram.Side) {
            if side == .client { clientCall = text } else { serverCall = text }
        }
    }
}
