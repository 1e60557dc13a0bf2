import Addressing
import Conversations
import Packets
import Sockets

/// Puts a two-host diagram together: arrows from crossings, rows in the order of their times.
struct TwoHostBuilder {
    typealias Side = SequenceDiagram.Side

    private let conversation: Conversation
    /// The other host's view of it, which may have seen numbers that never came here.
    private let counterpart: Conversation?
    private let clientPlace: Crossing.Place
    /// The state that a packet put its host's end in, by the packet's number there.
    private var states: [Side: [Int: TCPState]] = [:]
    private var arrows: [TwoHostDiagram.Arrow] = []
    private var moments: [Moment] = []
    /// Each arrow's numbers, where it left and where it arrived.
    private var numbers: [Set<Int>] = []

    private struct Moment {
        let time: Timestamp
        /// Sorts events of one time: calls begin, packets arrive, packets leave, calls return.
        let rank: Int
        let side: Side
        let state: TCPState?
        var what: What

        enum What {
            case began(SocketCall)
            case returned(SocketCall)
            case left(Int)
            case arrived(Int, copy: Int)
        }
    }

    private let isOneRecording: Bool

    init(
        _ conversation: Conversation, _ counterpart: Conversation?, _ clientPlace: Crossing.Place, isOneRecording: Bool
    ) {
        self.counterpart = counterpart
        self.isOneRecording = isOneRecording
        self.conversation = conversation
        self.clientPlace = clientPlace
    }

    /// Each host's own capture tells the states of its end: a packet counts there when it leaves or arrives.
    mutating func noteStates(
        _ conversation: Conversation?, _ side: Side, _ pairing: PacketPairing, _ place: Crossing.Place
    ) {
        guard let conversation else { return }
        for (packet, change) in zip(conversation.packets, conversation.changes) {
            if let state = side == .client ? change.client : change.server {
                states[side, default: [:]][packet.number] = state
            }
        }
    }

    mutating func add(_ crossing: Crossing, _ pairing: PacketPairing, _ wireNotes: [Int: [String]]) {
        let side: Side = crossing.from == clientPlace ? .client : .server
        let place = crossing.departure == nil ? crossing.from.other : crossing.from
        guard let position = crossing.departure ?? crossing.arrivals.first else { return }
        let packet = pairing.sightings(place)[position].packet
        let index = arrows.count
        var arrow = TwoHostDiagram.Arrow(
            packet: packet, error: nil, number: isOneRecording ? packet.number : index + 1, from: side,
            left: crossing.departure.map { pairing.time(crossing.from, $0) },
            arrived: crossing.arrivals.map { pairing.time(crossing.from.other, $0) }.sorted(),
            sequence: relative { $0.relativeSequence(packet, from: side) } ?? TCPConnection.firstSequence(of: packet),
            acknowledgment: relative { $0.relativeAcknowledgment(packet, from: side) })
        if crossing.departure != nil { arrow.notes += (wireNotes[packet.number] ?? []).map { .wire($0) } }
        if crossing.isDamaged { arrow.notes.append(.damaged) }
        arrows.append(arrow)
        numbers.append(
            Set([packet.number] + crossing.arrivals.map { pairing.sightings(crossing.from.other)[$0].packet.number }))
        if let left = arrow.left {
            moments.append(
                Moment(time: left, rank: 2, side: side, state: states[side]?[packet.number], what: .left(index)))
        }
        let other: Side = side == .client ? .server : .client
        let order = crossing.arrivals.sorted {
            pairing.time(crossing.from.other, $0) < pairing.time(crossing.from.other, $1)
        }
        for (copy, arrival) in order.enumerated() {
            let number = pairing.sightings(crossing.from.other)[arrival].packet.number
            let time = pairing.time(crossing.from.other, arrival)
            // Where clocks cannot tell the two moments apart, it left first.
            let rank = arrow.left == time ? 2 : 1
            moments.append(
                Moment(
                    time: time, rank: rank, side: other, state: states[other]?[number],
                    what: .arrived(index, copy: copy)))
        }
    }

    private func relative(_ number: (TCPConnection) -> UInt32?) -> UInt32? {
        conversation.connection.flatMap(number) ?? counterpart?.connection.flatMap(number)
    }

    /// ICMP errors: they come to the end whose packet they quote. Equal ones are paired in their order; one that the
    /// other host did not send comes from a router between.
    mutating func addErrors(_ atClient: Conversation?, _ atServer: Conversation?, _ pairing: PacketPairing) {
        let seen: [Side: [Seen]] = [
            .client: seen(atClient, clientPlace, pairing), .server: seen(atServer, clientPlace.other, pairing),
        ]
        for to in [Side.client, .server] {
            let from: Side = to == .client ? .server : .client
            let left = (seen[from] ?? []).filter { $0.to == to }
            var arrived = (seen[to] ?? []).filter { $0.to == to }
            for one in left {
                let place = arrived.firstIndex { $0.error.isSame(as: one.error) && $0.time >= one.time }
                add(one, place.map { arrived.remove(at: $0) }, from)
            }
            for one in arrived { add(nil, one, from) }
        }
    }

    private struct Seen {
        let error: ICMPRefusal
        let time: Timestamp
        let to: Side
    }

    private func seen(_ conversation: Conversation?, _ place: Crossing.Place, _ pairing: PacketPairing) -> [Seen] {
        (conversation?.icmpErrors ?? []).compactMap { error in
            guard let time = error.time, let quoted = error.quoted, let conversation else { return nil }
            let onFirst = place == .first ? time : pairing.clock.onFirstClock(time)
            return Seen(error: error, time: onFirst, to: quoted.source == conversation.server ? .server : .client)
        }
    }

    private mutating func add(_ departure: Seen?, _ arrival: Seen?, _ from: Side) {
        guard let error = (departure ?? arrival)?.error else { return }
        let index = arrows.count
        arrows.append(
            TwoHostDiagram.Arrow(
                packet: nil, error: error, number: isOneRecording ? error.packet : index + 1, from: from,
                left: departure?.time,
                arrived: arrival.map { [$0.time] } ?? [], sequence: nil, acknowledgment: nil))
        numbers.append(Set([departure, arrival].compactMap { $0?.error.packet }))
        let to: Side = from == .client ? .server : .client
        if let departure {
            moments.append(Moment(time: departure.time, rank: 2, side: from, state: nil, what: .left(index)))
        }
        if let arrival {
            moments.append(Moment(time: arrival.time, rank: 1, side: to, state: nil, what: .arrived(index, copy: 0)))
        }
    }

    mutating func add(_ entry: ConversationCalls.Entry) {
        moments.append(Moment(time: entry.call.start, rank: 0, side: entry.side, state: nil, what: .began(entry.call)))
        if let finish = entry.call.returned {
            moments.append(Moment(time: finish, rank: 3, side: entry.side, state: nil, what: .returned(entry.call)))
        }
    }

    /// - Parameter shown: only these packets, by their numbers where they left or arrived; nil for all.
    mutating func finish(showing shown: Set<Int>?) -> (arrows: [TwoHostDiagram.Arrow], rows: [TwoHostDiagram.Row]) {
        let ordered = moments.enumerated().sorted { a, b in
            if a.element.time != b.element.time { return a.element.time < b.element.time }
            if a.element.rank != b.element.rank { return a.element.rank < b.element.rank }
            return a.offset < b.offset
        }.map(\.element)
        noteRepairs(ordered)
        noteOvertaking(ordered)
        guard let shown else { return (arrows, Self.rows(ordered)) }
        return only(shown, ordered)
    }

    /// What is left where some packets are not to be shown.
    private func only(_ shown: Set<Int>, _ moments: [Moment]) -> (
        arrows: [TwoHostDiagram.Arrow], rows: [TwoHostDiagram.Row]
    ) {
        var places: [Int: Int] = [:]
        var kept: [TwoHostDiagram.Arrow] = []
        for index in arrows.indices where !numbers[index].isDisjoint(with: shown) {
            places[index] = kept.count
            kept.append(arrows[index])
        }
        let rows = Self.rows(
            moments.compactMap { moment in
                var moment = moment
                switch moment.what {
                case .left(let index): if let place = places[index] { moment.what = .left(place) } else { return nil }
                case .arrived(let index, let copy):
                    if let place = places[index] { moment.what = .arrived(place, copy: copy) } else { return nil }
                case .began, .returned: break
                }
                return moment
            })
        return (kept, rows)
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
                if !call.hasWaited, index < moments.count, case .returned(let other) = moments[index].what,
                    other.id == call.id
                {
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
                guard let packet = arrows[index].packet else { continue }
                if let note = senders[moment.side]?.left(packet, at: moment.time) {
                    arrows[index].notes.insert(note, at: 0)
                }
                for (mark, note) in Self.marks where packet.marks.contains(mark) { arrows[index].notes.append(note) }
            case .arrived(let index, copy: _):
                // What is damaged is thrown away.
                guard let packet = arrows[index].packet, !arrows[index].notes.contains(.damaged) else { continue }
                let duplicate = senders[moment.side]?.arrived(packet) ?? 0
                if duplicate > 0 {
                    arrows[index].notes.append(.duplicateACK(duplicate))
                    // It asks for what is missing; that its window also changed is by the way.
                    arrows[index].notes.removeAll { $0 == .windowUpdate }
                }
            default: break
            }
        }
    }

    private static let marks: [(TCPMarks, TwoHostDiagram.Note)] = [
        (.zeroWindow, .zeroWindow), (.zeroWindowProbe, .zeroWindowProbe), (.windowUpdate, .windowUpdate),
        (.keepAlive, .keepAlive),
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

extension ICMPRefusal {
    /// Whether two captures saw the same error, as far as it can be told: translation changes addresses.
    fileprivate func isSame(as other: ICMPRefusal) -> Bool {
        type == other.type && code == other.code && quoted?.sequence == other.quoted?.sequence
            && quoted?.transport == other.quoted?.transport
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
