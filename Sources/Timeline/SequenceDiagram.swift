import Addressing
import Conversations
import Packets
import Sockets

/// Socket calls and packets of one conversation in the order in which they really happened: the model that every ladder
/// is drawn from, whatever the format.
public struct SequenceDiagram: Sendable {
    /// nil where there are calls alone, which caused no packet.
    public let conversation: Conversation?
    /// The moment that the times of the rows count from: the first call or packet.
    public let start: Timestamp
    public let rows: [Row]
    /// The programs on each side, in the order of their first calls; more than one where processes share a side.
    public let clientEnds: [SocketCall.End]
    public let serverEnds: [SocketCall.End]

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
        /// Ordinary packets before it that were not kept.
        public var omittedBefore: OmittedPackets?
    }

    public enum Event: Hashable, Sendable {
        /// A call began; before it returned something else happened, or it waited.
        case began(SocketCall, Side)
        /// It returned.
        case returned(SocketCall, Side)
        /// A call that began and returned with nothing in between, and did not wait.
        case whole(SocketCall, Side)
        /// A packet, with its numbers relative to each side's first.
        case packet(ObservedPacket, from: Side, sequence: UInt32?, acknowledgment: UInt32?)
        /// An ICMP error about a packet that `to` had sent.
        case icmp(ICMPRefusal, to: Side)
    }

    /// The two ends are one socket, which is connected to itself: there is one state, the client's.
    public var isSelfConnected: Bool { conversation.map { $0.client == $0.server } ?? false }

    /// Draws one conversation with the calls that concern it; calls of other conversations are left out.
    public init(_ conversation: Conversation, calls: [SocketCall]) {
        self.init(0, of: [conversation], ConversationCalls([conversation], calls: calls))
    }

    /// Draws one of several conversations.
    ///
    /// The order is the measured one. Where a call and a packet carry the same nanosecond, the call's start comes first
    /// and its return last.
    /// - Parameters:
    ///   - calls: made from the same conversations.
    ///   - withOthers: also the calls that belong to no conversation, for the only one that there is.
    public init(_ number: Int, of conversations: [Conversation], _ calls: ConversationCalls, withOthers: Bool = false) {
        var entries = calls.entries(of: number)
        if withOthers {
            entries += Self.entries(calls.others)
            entries.sort { $0.call.id < $1.call.id }
        }
        self.init(conversations[number], entries)
    }

    /// Draws calls alone.
    public init(calls: [SocketCall]) { self.init(nil, Self.entries(calls.sorted { $0.id < $1.id })) }

    private init(_ conversation: Conversation?, _ entries: [ConversationCalls.Entry]) {
        self.conversation = conversation
        let moments = Self.moments(conversation, entries)
        start = moments.first?.time ?? .epoch
        rows = Self.rows(moments, conversation)
        clientEnds = Self.ends(entries, .client)
        serverEnds = Self.ends(entries, .server)
    }

    private static func entries(_ calls: [SocketCall]) -> [ConversationCalls.Entry] {
        calls.map { ConversationCalls.Entry(call: $0, side: ConversationCalls.side(of: $0.end)) }
    }

    private static func ends(_ entries: [ConversationCalls.Entry], _ side: Side) -> [SocketCall.End] {
        var ends: [SocketCall.End] = []
        for entry in entries where entry.side == side && !ends.contains(entry.call.end) { ends.append(entry.call.end) }
        return ends
    }

    private struct Moment {
        let time: Timestamp
        /// Sorts events of the same time.
        let rank: Int
        let what: What

        enum What {
            case began(SocketCall, Side)
            case returned(SocketCall, Side)
            case packet(Int)
            case icmp(ICMPRefusal)
        }
    }

    private static func moments(_ conversation: Conversation?, _ entries: [ConversationCalls.Entry]) -> [Moment] {
        var moments: [Moment] = []
        for entry in entries {
            moments.append(Moment(time: entry.call.start, rank: 0, what: .began(entry.call, entry.side)))
            if let finish = entry.call.returned {
                moments.append(Moment(time: finish, rank: 2, what: .returned(entry.call, entry.side)))
            }
        }
        for (position, packet) in (conversation?.packets ?? []).enumerated() {
            moments.append(Moment(time: packet.time, rank: 1, what: .packet(position)))
        }
        for error in conversation?.icmpErrors ?? [] {
            if let time = error.time { moments.append(Moment(time: time, rank: 1, what: .icmp(error))) }
        }
        // Stable: packets of one time stay in capture order, calls in theirs.
        return moments.enumerated().sorted { a, b in
            if a.element.time != b.element.time { return a.element.time < b.element.time }
            if a.element.rank != b.element.rank { return a.element.rank < b.element.rank }
            return a.offset < b.offset
        }.map(\.element)
    }

    private static func rows(_ moments: [Moment], _ conversation: Conversation?) -> [Row] {
        var rows: [Row] = []
        var index = 0
        while index < moments.count {
            let moment = moments[index]
            index += 1
            switch moment.what {
            case .packet(let position):
                if let conversation { rows.append(packetRow(moment.time, conversation, position)) }
            case .icmp(let error):
                let side: Side = error.quoted?.source == conversation?.server ? .server : .client
                rows.append(Row(time: moment.time, event: .icmp(error, to: side), clientState: nil, serverState: nil))
            case .began(let call, let side):
                if !call.hasWaited, index < moments.count, case .returned(let other, _) = moments[index].what,
                    other.id == call.id
                {
                    // The row stands where the call returned: that is when its result was there.
                    rows.append(callRow(moments[index].time, .whole(call, side), call, side))
                    index += 1
                } else {
                    rows.append(callRow(moment.time, .began(call, side), call, side))
                }
            case .returned(let call, let side):
                rows.append(callRow(moment.time, .returned(call, side), call, side))
            }
        }
        return rows
    }

    private static func packetRow(_ time: Timestamp, _ conversation: Conversation, _ position: Int) -> Row {
        let packet = conversation.packets[position]
        let change = conversation.changes[position]
        let isOwn = conversation.client == conversation.server
        return Row(
            time: time,
            event: .packet(
                packet, from: conversation.isFromClient(packet) ? .client : .server,
                sequence: conversation.connection?.relativeSequence(packet),
                acknowledgment: conversation.connection?.relativeAcknowledgment(packet)),
            clientState: change.client, serverState: isOwn ? nil : change.server,
            omittedBefore: conversation.omitted[packet.number])
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

extension SocketCall {
    /// Whether it stood still until something came, as far as its duration tells: without a reason to wait a call is
    /// back in microseconds, under strace in a tenth of a millisecond.
    var hasWaited: Bool { name.mayWait && (returned.map { $0.nanoseconds(since: start) >= 1_000_000 } ?? true) }
}
