import Addressing
import Conversations
import Packets
import Sockets

/// Puts a two-host diagram together: arrows from crossings, rows in the order of their times.
struct TwoHostBuilder {
    typealias Side = SequenceDiagram.Side

    private let conversation: Conversation
    private let clientPlace: Crossing.Place
    /// The state that a packet put its host's end in, by the packet's number there.
    private var states: [Side: [Int: TCPState]] = [:]
    private var arrows: [TwoHostDiagram.Arrow] = []
    private var moments: [Moment] = []

    private struct Moment {
        let time: Timestamp
        /// Sorts events of one time: calls begin, packets arrive, packets leave, calls return.
        let rank: Int
        let side: Side
        let state: TCPState?
        let what: What

        enum What {
            case began(SocketCall)
            case returned(SocketCall)
            case left(Int)
            case arrived(Int, copy: Int)
        }
    }

    init(_ conversation: Conversation, _ clientPlace: Crossing.Place) {
        self.conversation = conversation
        self.clientPlace = clientPlace
    }

    /// Each host's own capture tells the states of its end: a packet counts there when it leaves or arrives.
    mutating func noteStates(_ conversation: Conversation?, _ side: Side, _ pairing: PacketPairing, _ place: Crossing.Place) {
        guard let conversation else { return }
        for (packet, change) in zip(conversation.packets, conversation.changes) {
            if let state = side == .client ? change.client : change.server { states[side, default: [:]][packet.number] = state }
        }
    }

    mutating func add(_ crossing: Crossing, _ pairing: PacketPairing, _ wireNotes: [Int: [String]]) {
        let side: Side = crossing.from == clientPlace ? .client : .server
        let place = crossing.departure == nil ? crossing.from.other : crossing.from
        guard let position = crossing.departure ?? crossing.arrivals.first else { return }
        let packet = pairing.sightings(place)[position].packet
        let index = arrows.count
        var arrow = TwoHostDiagram.Arrow(
            packet: packet, from: side, left: crossing.departure.map { pairing.time(crossing.from, $0) },
            arrived: crossing.arrivals.map { pairing.time(crossing.from.other, $0) }.sorted(),
            sequence: conversation.connection?.relativeSequence(packet, from: side),
            acknowledgment: conversation.connection?.relativeAcknowledgment(packet, from: side))
        if crossing.departure != nil { arrow.notes += (wireNotes[packet.number] ?? []).map { .wire($0) } }
        arrows.append(arrow)
        if let left = arrow.left {
            moments.append(Moment(time: left, rank: 2, side: side, state: states[side]?[packet.number], what: .left(index)))
        }
        let other: Side = side == .client ? .server : .client
        let order = crossing.arrivals.sorted { pairing.time(crossing.from.other, $0) < pairing.time(crossing.from.other, $1) }
        for (copy, arrival) in order.enumerated() {
            let number = pairing.sightings(crossing.from.other)[arrival].packet.number
            moments.append(Moment(
                time: pairing.time(crossing.from.other, arrival), rank: 1, side: other, state: states[other]?[number],
                what: .arrived(index, copy: copy)))
        }
    }

    mutating func add(_ entry: ConversationCalls.Entry) {
        moments.append(Moment(time: entry.call.start, rank: 0, side: entry.side, state: nil, what: .began(entry.call)))
        if let finish = entry.call.finish {
            moments.append(Moment(time: finish, rank: 3, side: entry.side, state: nil, what: .returned(entry.call)))
        }
    }

    mutating func finish() -> (arrows: [TwoHostDiagram.Arrow], rows: [TwoHostDiagram.Row]) {
        let ordered = moments.enumerated().sorted { a, b in
            if a.element.time != b.element.time { return a.element.time < b.element.time }
            if a.element.rank != b.element.rank { return a.element.rank < b.element.rank }
            return a.offset < b.offset
        }.map(\.element)
        noteRepairs(ordered)
        noteOvertaking(ordered)
        return (arrows, Self.rows(ordered))
    }

    private static func rows(_ moments: [Moment]) -> [TwoHostDiagram.Row] {
        var rows: [TwoHostDiagram.Row] = []
        var index = 0
        while index < moments.count {
            let moment = moments[index]
            index += 1
            func add(_ time: Timestamp, _ event: TwoHostDiagram.Event, _ state: TCPState?) {
                rows.append(TwoHostDiagram.Row(time: time, event: event, side: moment.side, state: state))
            }
            switch moment.what {
            case .left(let arrow): add(moment.time, .left(arrow), moment.state)
            case .arrived(let arrow, let copy): add(moment.time, .arrived(arrow, copy: copy), moment.state)
            case .returned(let call): add(moment.time, .returned(call), listens(call))
            case .began(let call):
                if index < moments.count, case .returned(let other) = moments[index].what, other.id == call.id {
                    // The row stands where the call returned: that is when its result was there.
                    add(moments[index].time, .whole(call), listens(call))
                    index += 1
                } else {
                    add(moment.time, .began(call), nil)
                }
            }
        }
        return rows
    }

    /// `listen()` is the only call that changes a state without a packet.
    private static func listens(_ call: SocketCall) -> TCPState? {
        if call.name == .listen, case .value(0) = call.result { .listen } else { nil }
    }

    // MARK: Notes

    /// Why what was sent again was sent again, and what the ACKs said.
    private mutating func noteRepairs(_ moments: [Moment]) {
        var senders: [Side: SendingNotes] = [.client: SendingNotes(), .server: SendingNotes()]
        for moment in moments {
            switch moment.what {
            case .left(let index):
                let packet = arrows[index].packet
                if let note = senders[moment.side]?.left(packet, at: moment.time) { arrows[index].notes.insert(note, at: 0) }
                for (mark, note) in Self.marks where packet.marks.contains(mark) { arrows[index].notes.append(note) }
            case .arrived(let index, copy: _):
                let duplicate = senders[moment.side]?.arrived(arrows[index].packet) ?? 0
                if duplicate > 0 { arrows[index].notes.append(.duplicateACK(duplicate)) }
            default: break
            }
        }
    }

    private static let marks: [(TCPMarks, TwoHostDiagram.Note)] = [
        (.zeroWindow, .zeroWindow), (.zeroWindowProbe, .zeroWindowProbe), (.windowUpdate, .windowUpdate), (.keepAlive, .keepAlive),
    ]

    /// Which packets came later than others that left after them.
    private mutating func noteOvertaking(_ moments: [Moment]) {
        var underWay: [Side: [Int]] = [:]
        var overtaken: [Int: Int] = [:]
        for moment in moments {
            switch moment.what {
            case .left(let index) where !arrows[index].isLost: underWay[moment.side, default: []].append(index)
            case .arrived(let index, copy: 0):
                let side = arrows[index].from
                guard let place = underWay[side]?.firstIndex(of: index) else { continue }
                for earlier in underWay[side, default: []].prefix(place) { overtaken[earlier, default: 0] += 1 }
                underWay[side]?.remove(at: place)
            default: break
            }
        }
        for (index, count) in overtaken { arrows[index].notes.append(.overtaken(by: count)) }
    }
}

extension TCPConnection {
    /// As `relativeSequence`, for a packet that the capture at the other host may show with other addresses.
    fileprivate func relativeSequence(_ packet: ObservedPacket, from side: SequenceDiagram.Side) -> UInt32? {
        guard let tcp = packet.tcp else { return nil }
        return (side == .client ? client : server).initialSequence.map { tcp.sequence.relative(to: $0) }
    }

    fileprivate func relativeAcknowledgment(_ packet: ObservedPacket, from side: SequenceDiagram.Side) -> UInt32? {
        guard let tcp = packet.tcp, tcp.flags.contains(.ack) else { return nil }
        return (side == .client ? server : client).initialSequence.map { tcp.acknowledgment.relative(to: $0) }
    }
}
