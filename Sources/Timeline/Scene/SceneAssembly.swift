import Addressing
import Conversations
import Packets
import Sockets

/// Packets and calls on their way into a scene: events with their times, which become rows once all are in.
struct SceneAssembly {
    private(set) var packets: [Scene.Packet] = []
    private var moments: [Moment] = []

    /// One event, not yet in its place.
    private struct Moment {
        let time: Timestamp
        var what: What
        let lane: Int
        /// For calls.
        var exchange: Int?
        var state: TCPState?
        var otherState: TCPState?
        var omittedBefore: OmittedPackets?
        /// Sorts packets that passed one place at one time.
        var number = 0

        enum What {
            case began(SocketCall)
            case returned(SocketCall)
            case packet(Scene.Event, of: Int)
        }

        /// Sorts events of one time: calls begin, packets arrive, packets leave, calls return.
        var rank = 2
    }

    // MARK: Taking

    /// - Parameter exchange: the only conversation that the call concerns; nil for one that concerns several, or none.
    mutating func add(_ call: SocketCall, lane: Int, exchange: Int? = nil) {
        moments.append(Moment(time: call.start, what: .began(call), lane: lane, exchange: exchange, rank: 0))
        if let finish = call.returned {
            moments.append(Moment(time: finish, what: .returned(call), lane: lane, exchange: exchange, rank: 3))
        }
    }

    /// A packet that passed the only place of capture.
    /// - Parameters:
    ///   - states: those that it put its sender and its receiver in.
    ///   - omitted: packets before it that were not kept.
    mutating func add(
        passing packet: Scene.Packet, at time: Timestamp, states: (sender: TCPState?, receiver: TCPState?),
        omittedBefore omitted: OmittedPackets? = nil
    ) {
        moments.append(
            Moment(
                time: time, what: .packet(.passed(packets.count), of: packets.count), lane: packet.fromLane,
                state: states.sender, otherState: states.receiver, omittedBefore: omitted, number: packet.number))
        packets.append(packet)
    }

    /// A packet that was to be captured at both ends.
    /// - Parameters:
    ///   - leaving: the state that leaving put its sender in.
    ///   - arriving: those that its copies put its receiver in, in the order of `packet.arrived`.
    mutating func add(crossing packet: Scene.Packet, leaving: TCPState? = nil, arriving: [TCPState?] = []) {
        let index = packets.count
        packets.append(packet)
        if let left = packet.left {
            moments.append(
                Moment(time: left, what: .packet(.left(index), of: index), lane: packet.fromLane, state: leaving))
        }
        for (copy, time) in packet.arrived.enumerated() {
            moments.append(
                Moment(
                    time: time, what: .packet(.arrived(index, copy: copy), of: index), lane: packet.toLane,
                    state: arriving.indices.contains(copy) ? arriving[copy] : nil,
                    // Where clocks cannot tell the two moments apart, it left first.
                    rank: packet.left == time ? 2 : 1))
        }
    }

    /// Takes what another assembly has, as that of the next conversation.
    mutating func append(_ other: SceneAssembly, exchange: Int) {
        let offset = packets.count
        packets += other.packets.map { packet in
            var packet = packet
            packet.exchange = exchange
            return packet
        }
        moments += other.moments.map { moment in
            guard case .packet(let event, let index) = moment.what else { return moment }
            var moment = moment
            moment.what = .packet(event.moved(to: index + offset), of: index + offset)
            return moment
        }
    }

    // MARK: Putting in order

    /// Sorts by time; what has the same time and rank stays in the order in which it was taken, but for packets that
    /// passed one place, which have numbers.
    mutating func sort() {
        moments = moments.enumerated().sorted { a, b in
            let (one, other) = (a.element, b.element)
            if one.time != other.time { return one.time < other.time }
            if one.rank != other.rank { return one.rank < other.rank }
            if one.number != other.number { return one.number < other.number }
            return a.offset < b.offset
        }.map(\.element)
    }

    /// Calls the body with every departure and arrival, in order; what it changes of packets is kept.
    mutating func forEachPassage(_ body: (Scene.Event, Timestamp, inout [Scene.Packet]) -> Void) {
        for moment in moments {
            if case .packet(let event, of: _) = moment.what { body(event, moment.time, &packets) }
        }
    }

    mutating func note(_ note: Scene.Note, of packet: Int) { packets[packet].notes.append(note) }

    /// Leaves out packets, and what was to be told of their passage.
    mutating func keep(_ isKept: (Int) -> Bool) {
        var places: [Int: Int] = [:]
        var kept: [Scene.Packet] = []
        for index in packets.indices where isKept(index) {
            places[index] = kept.count
            kept.append(packets[index])
        }
        packets = kept
        moments = moments.compactMap { moment in
            guard case .packet(let event, let index) = moment.what else { return moment }
            guard let place = places[index] else { return nil }
            var moment = moment
            moment.what = .packet(event.moved(to: place), of: place)
            return moment
        }
    }

    /// The first moment, once sorted; nil where there is none.
    var start: Timestamp? { moments.first?.time }

    /// The rows, once sorted: a call that nothing came between, and that did not wait, is one row.
    func rows() -> [Scene.Row] {
        var rows: [Scene.Row] = []
        var index = 0
        while index < moments.count {
            let moment = moments[index]
            index += 1
            switch moment.what {
            case .packet(let event, of: let packet):
                rows.append(
                    Scene.Row(
                        time: moment.time, event: event, lane: moment.lane, exchange: packets[packet].exchange,
                        state: moment.state, otherState: moment.otherState, omittedBefore: moment.omittedBefore))
            case .returned(let call):
                rows.append(row(moment, .returned(call), Self.listens(call)))
            case .began(let call):
                if !call.hasWaited, index < moments.count, case .returned(let other) = moments[index].what,
                    other.id == call.id
                {
                    // The row stands where the call returned: that is when its result was there.
                    rows.append(row(moments[index], .whole(call), Self.listens(call)))
                    index += 1
                } else {
                    rows.append(row(moment, .began(call), nil))
                }
            }
        }
        return rows
    }

    private func row(_ moment: Moment, _ event: Scene.Event, _ state: TCPState?) -> Scene.Row {
        Scene.Row(time: moment.time, event: event, lane: moment.lane, exchange: moment.exchange, state: state)
    }

    /// `listen()` is the only call that changes a state without a packet: the end waits for connections from then on.
    private static func listens(_ call: SocketCall) -> TCPState? {
        if call.name == .listen, case .value(0) = call.result { .listen } else { nil }
    }
}

extension Scene.Event {
    /// The same of a packet that stands somewhere else.
    fileprivate func moved(to index: Int) -> Self {
        switch self {
        case .passed: .passed(index)
        case .left: .left(index)
        case .arrived(_, let copy): .arrived(index, copy: copy)
        case .began, .returned, .whole: self
        }
    }
}
