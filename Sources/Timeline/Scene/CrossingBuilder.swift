import Addressing
import Conversations
import Packets

/// Puts the packets of one conversation together that was captured at both of its ends: each as it left and as it
/// arrived.
struct CrossingBuilder {
    private let pairing: PacketPairing
    private let conversation: Conversation
    /// The other host's view of it, which may have seen numbers that never came here.
    private let counterpart: Conversation?
    private let clientPlace: Crossing.Place
    private let lanes: (client: Int, server: Int)
    private let isOneRecording: Bool
    /// The state that a packet put its host's end in, by the packet's number there.
    private var states: [Scene.Side: [Int: TCPState]] = [:]
    private var assembly = SceneAssembly()
    /// Each packet's numbers, where it left and where it arrived.
    private var numbers: [Set<Int>] = []

    /// What is known of two captures besides their packets, the same for all conversations.
    struct Known {
        /// What is known of a packet's fate, by its number in the capture where it left.
        var wireNotes: [Int: [String]] = [:]
        /// Whether both captures' packets are numbered together.
        var isOneRecording = false
        /// Only these packets are shown, by their numbers where they left or arrived; nil for all.
        var shown: Set<Int>?
    }

    /// - Parameters:
    ///   - atClient: the conversation as captured at the client's host; `atServer`, at the server's. One of them at
    ///     least.
    ///   - clientPlace: which capture is the client's host's.
    /// - Returns: nil where neither is there.
    static func assembly(
        atClient: Conversation?, atServer: Conversation?, _ crossings: [Crossing], _ pairing: PacketPairing,
        clientPlace: Crossing.Place, lanes: (client: Int, server: Int), _ known: Known
    ) -> SceneAssembly {
        guard let main = atClient ?? atServer else { return SceneAssembly() }
        var builder = CrossingBuilder(
            pairing: pairing, conversation: main, counterpart: atClient == nil ? nil : atServer,
            clientPlace: clientPlace, lanes: lanes, isOneRecording: known.isOneRecording)
        builder.noteStates(atClient, .client)
        builder.noteStates(atServer, .server)
        for crossing in crossings { builder.add(crossing, known.wireNotes) }
        builder.addErrors(atClient, atServer)
        builder.assembly.sort()
        builder.assembly.noteRepairs()
        builder.assembly.noteOvertaking()
        if let shown = known.shown {
            let numbers = builder.numbers
            builder.assembly.keep { !numbers[$0].isDisjoint(with: shown) }
        }
        return builder.assembly
    }

    private init(
        pairing: PacketPairing, conversation: Conversation, counterpart: Conversation?, clientPlace: Crossing.Place,
        lanes: (client: Int, server: Int), isOneRecording: Bool
    ) {
        self.pairing = pairing
        self.conversation = conversation
        self.counterpart = counterpart
        self.clientPlace = clientPlace
        self.lanes = lanes
        self.isOneRecording = isOneRecording
    }

    /// Each host's own capture tells the states of its end: a packet counts there when it leaves or arrives.
    private mutating func noteStates(_ conversation: Conversation?, _ side: Scene.Side) {
        guard let conversation else { return }
        for (packet, change) in zip(conversation.packets, conversation.changes) {
            if let state = side == .client ? change.client : change.server {
                states[side, default: [:]][packet.number] = state
            }
        }
    }

    private func lane(_ side: Scene.Side) -> Int { side == .client ? lanes.client : lanes.server }

    // MARK: Packets

    private mutating func add(_ crossing: Crossing, _ wireNotes: [Int: [String]]) {
        let side: Scene.Side = crossing.from == clientPlace ? .client : .server
        let place = crossing.departure == nil ? crossing.from.other : crossing.from
        guard let position = crossing.departure ?? crossing.arrivals.first else { return }
        let packet = self.packet(at: position, of: place)
        let there = crossing.from.other
        let arrivals = crossing.arrivals.map { (time: pairing.time(there, $0), packet: self.packet(at: $0, of: there)) }
            .sorted { $0.time < $1.time }
        var drawn = Scene.Packet(
            segment: packet, number: packet.number, from: side,
            fromLane: lane(side), toLane: lane(side.other),
            left: crossing.departure.map { pairing.time(crossing.from, $0) }, arrived: arrivals.map(\.time),
            sequence: relative { $0.relativeSequence(packet, from: side) } ?? TCPConnection.firstSequence(of: packet),
            acknowledgment: relative { $0.relativeAcknowledgment(packet, from: side) })
        if crossing.departure != nil { drawn.notes += (wireNotes[packet.number] ?? []).map { .wire($0) } }
        if crossing.isDamaged { drawn.notes.append(.damaged) }
        drawn.capture = isOneRecording ? nil : place
        if let division = crossing.division {
            drawn.missingBytes = division.missing
            drawn.pieces = arrivals.map { arrival in
                Scene.Packet.Piece(
                    sequence: relative { $0.relativeSequence(arrival.packet, from: side) },
                    length: arrival.packet.payloadLength)
            }
        }
        numbers.append(Set([packet.number] + arrivals.map(\.packet.number)))
        assembly.add(
            crossing: drawn, leaving: crossing.departure == nil ? nil : states[side]?[packet.number],
            arriving: arrivals.map { states[side.other]?[$0.packet.number] })
    }

    private func packet(at position: Int, of place: Crossing.Place) -> ObservedPacket {
        pairing.sightings(place)[position].packet
    }

    private func relative(_ number: (TCPConnection) -> UInt32?) -> UInt32? {
        conversation.connection.flatMap(number) ?? counterpart?.connection.flatMap(number)
    }

    // MARK: ICMP errors

    /// ICMP errors: they come to the end whose packet they quote. Equal ones are paired in their order; one that the
    /// other host did not send comes from a router between.
    private mutating func addErrors(_ atClient: Conversation?, _ atServer: Conversation?) {
        let seen: [Scene.Side: [Seen]] = [
            .client: seen(atClient, clientPlace), .server: seen(atServer, clientPlace.other),
        ]
        for to in [Scene.Side.client, .server] {
            let left = (seen[to.other] ?? []).filter { $0.to == to }
            var arrived = (seen[to] ?? []).filter { $0.to == to }
            for one in left {
                let place = arrived.firstIndex { $0.error.isSame(as: one.error) && $0.time >= one.time }
                add(one, place.map { arrived.remove(at: $0) }, from: to.other)
            }
            for one in arrived { add(nil, one, from: to.other) }
        }
    }

    private struct Seen {
        let error: ICMPRefusal
        let time: Timestamp
        let to: Scene.Side
    }

    private func seen(_ conversation: Conversation?, _ place: Crossing.Place) -> [Seen] {
        (conversation?.icmpErrors ?? []).compactMap { error in
            guard let time = error.time, let quoted = error.quoted, let conversation else { return nil }
            let onFirst = place == .first ? time : pairing.clock.onFirstClock(time)
            return Seen(error: error, time: onFirst, to: quoted.source == conversation.server ? .server : .client)
        }
    }

    private mutating func add(_ departure: Seen?, _ arrival: Seen?, from: Scene.Side) {
        guard let error = (departure ?? arrival)?.error else { return }
        var drawn = Scene.Packet(
            error: error, number: error.packet, from: from,
            fromLane: lane(from), toLane: lane(from.other), left: departure?.time,
            arrived: arrival.map { [$0.time] } ?? [], sequence: nil, acknowledgment: nil)
        // An error was numbered where it left, or where that missed it, where it came.
        let side = departure == nil ? from.other : from
        drawn.capture = isOneRecording ? nil : side == .client ? clientPlace : clientPlace.other
        numbers.append(Set([departure, arrival].compactMap { $0?.error.packet }))
        assembly.add(crossing: drawn)
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
    fileprivate func relativeSequence(_ packet: ObservedPacket, from side: Scene.Side) -> UInt32? {
        guard let tcp = packet.tcp else { return nil }
        return (side == .client ? client : server).initialSequence.map { tcp.sequence.relative(to: $0) }
    }

    fileprivate func relativeAcknowledgment(_ packet: ObservedPacket, from side: Scene.Side) -> UInt32? {
        guard let tcp = packet.tcp, tcp.flags.contains(.ack) else { return nil }
        return (side == .client ? server : client).initialSequence.map { tcp.acknowledgment.relative(to: $0) }
    }
}
