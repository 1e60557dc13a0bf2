import Addressing
import Conversations
import Packets
import Sockets

/// Socket calls and packets of one conversation in the order in which they really happened: the model that every ladder
/// is drawn from, whatever the format.
public struct SequenceDiagram: Sendable {
    public let conversation: Conversation
    /// The moment that the times of the rows count from: the first call or packet.
    public let start: Timestamp
    public let rows: [Row]

    public enum Side: Hashable, Sendable {
        case client
        case server
    }

    public struct Row: Hashable, Sendable {
        public let time: Timestamp
        public let event: Event
        /// The state that this row put an end in; nil where it did not change.
        public let clientState: TCPState?
        public let serverState: TCPState?
    }

    public enum Event: Hashable, Sendable {
        /// A call began, and something else happened before it returned.
        case began(SocketCall, Side)
        /// It returned.
        case returned(SocketCall, Side)
        /// A call that began and returned with nothing in between.
        case whole(SocketCall, Side)
        /// A packet, with its numbers relative to each side's first.
        case packet(ObservedPacket, from: Side, sequence: UInt32?, acknowledgment: UInt32?)
    }

    /// Draws one conversation with the calls that concern it; calls of other conversations are left out.
    ///
    /// The order is the measured one. Where a call and a packet carry the same nanosecond, the call's start comes first
    /// and its return last.
    public init(_ conversation: Conversation, calls: [SocketCall]) {
        self.conversation = conversation
        let concerned = SocketHistory.all(of: calls)
            .filter { $0.transport.rawValue == (conversation.transport == .tcp ? "tcp" : "udp") }
            .filter { $0.concerns(client: conversation.client, server: conversation.server) }
            .flatMap(\.calls)
            .filter { Self.concerns($0, conversation) }
            .sorted { $0.id < $1.id }
        let events = Self.events(conversation, concerned)
        start = events.first?.time ?? .epoch
        rows = Self.rows(events, conversation)
    }

    /// A listener and an unconnected datagram socket serve many peers: only their calls for this one belong here.
    private static func concerns(_ call: SocketCall, _ conversation: Conversation) -> Bool {
        let peer: Endpoint? = switch call.result {
        case .accepted(_, let peer): peer
        case .received(_, let sender): sender ?? call.peer
        default: call.peer
        }
        return peer.map { $0 == conversation.client || $0 == conversation.server } ?? true
    }

    private struct Moment {
        let time: Timestamp
        /// Sorts events of the same time.
        let rank: Int
        let what: What

        enum What {
            case began(SocketCall)
            case returned(SocketCall)
            case packet(Int)
        }
    }

    private static func events(_ conversation: Conversation, _ calls: [SocketCall]) -> [Moment] {
        var moments: [Moment] = []
        for call in calls {
            moments.append(Moment(time: call.start, rank: 0, what: .began(call)))
            if let finish = call.finish { moments.append(Moment(time: finish, rank: 2, what: .returned(call))) }
        }
        for (position, packet) in conversation.packets.enumerated() {
            moments.append(Moment(time: packet.time, rank: 1, what: .packet(position)))
        }
        // Stable: packets of one time stay in capture order, calls in theirs.
        return moments.enumerated().sorted { a, b in
            if a.element.time != b.element.time { return a.element.time < b.element.time }
            if a.element.rank != b.element.rank { return a.element.rank < b.element.rank }
            return a.offset < b.offset
        }.map(\.element)
    }

    private static func rows(_ moments: [Moment], _ conversation: Conversation) -> [Row] {
        var rows: [Row] = []
        var index = 0
        while index < moments.count {
            let moment = moments[index]
            index += 1
            switch moment.what {
            case .packet(let position):
                rows.append(packetRow(moment.time, conversation, position))
            case .began(let call):
                let side = side(of: call)
                if index < moments.count, case .returned(let other) = moments[index].what, other.id == call.id {
                    // The row stands where the call returned: that is when its result was there.
                    rows.append(callRow(moments[index].time, .whole(call, side), call, side))
                    index += 1
                } else {
                    rows.append(callRow(moment.time, .began(call, side), call, side))
                }
            case .returned(let call):
                let side = side(of: call)
                rows.append(callRow(moment.time, .returned(call, side), call, side))
            }
        }
        return rows
    }

    private static func side(of call: SocketCall) -> Side { call.end == .server ? .server : .client }

    private static func packetRow(_ time: Timestamp, _ conversation: Conversation, _ position: Int) -> Row {
        let packet = conversation.packets[position]
        let change = conversation.changes[position]
        return Row(
            time: time,
            event: .packet(
                packet, from: conversation.isFromClient(packet) ? .client : .server,
                sequence: conversation.connection?.relativeSequence(packet),
                acknowledgment: conversation.connection?.relativeAcknowledgment(packet)),
            clientState: change.client, serverState: change.server)
    }

    /// `listen()` is the only call that changes a state without a packet: the end waits for connections from then on.
    private static func callRow(_ time: Timestamp, _ event: Event, _ call: SocketCall, _ side: Side) -> Row {
        var listens = false
        if call.name == .listen, case .value(0) = call.result {
            if case .began = event { listens = false } else { listens = true }
        }
        return Row(
            time: time, event: event, clientState: listens && side == .client ? .listen : nil,
            serverState: listens && side == .server ? .listen : nil)
    }
}
