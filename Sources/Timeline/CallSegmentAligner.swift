import Addressing
import Conversations
import Packets
import Sockets

/// Finds for every socket call the packets that it caused, or those that made it return.
///
/// Addresses tie a call to a conversation; inside it bytes do, not times: what `send()` was given is a range of the
/// stream, and the segments that carry it are its own, whenever they left. Where a packet belongs by its nature (SYN,
/// FIN, a datagram in order), that decides. Only a call without any packet is placed by the clock, in the conversation
/// of its socket where it has one. The cost grows with calls and packets, not with their product.
public struct CallSegmentAligner {
    /// What a call has to do with packets; numbers are positions in the list of packets that was given.
    public enum Relation: Hashable, Sendable {
        /// The call made these leave.
        case caused([Int])
        /// The call returned because of these.
        case causedBy([Int])
        /// Neither: this one is next to it in time.
        case nearest(Int)
        /// There are no packets at all.
        case none
    }

    /// One call and its packets.
    public struct Placement: Hashable, Sendable {
        /// The call.
        public let call: SocketCall
        /// How it stands to packets.
        public let relation: Relation
    }

    private let packets: [ObservedPacket]
    private let conversations: [Conversation]
    private let assignment: ConversationCalls
    /// From the client and from the server, for each conversation.
    private var flows: [(client: PacketFlow, server: PacketFlow)] = []
    /// The packets of each conversation, and all, by time.
    private var byTime: [[Int]] = []
    private var all: [Int] = []
    /// The FIN or RST that each closing call sent, by the call's id.
    private var closingSegments: [Int: Int] = [:]

    private init(_ packets: [ObservedPacket], _ calls: [SocketCall]) {
        self.packets = packets
        conversations = Conversation.all(in: packets)
        assignment = ConversationCalls(conversations, calls: calls)
        var positions: [Int: Int] = [:]
        for (position, packet) in packets.enumerated() { positions[packet.number] = position }
        all = sortedByTime(Array(packets.indices))
        for conversation in conversations {
            var client = PacketFlow(initial: conversation.connection?.client.initialSequence)
            var server = PacketFlow(initial: conversation.connection?.server.initialSequence)
            var own: [Int] = []
            for packet in conversation.packets {
                guard let position = positions[packet.number] else { continue }
                own.append(position)
                if conversation.isFromClient(packet) {
                    client.add(packet, at: position)
                } else {
                    server.add(packet, at: position)
                }
            }
            client.sort()
            server.sort()
            flows.append((client, server))
            byTime.append(sortedByTime(own))
        }
        matchClosingSegments(calls)
    }

    private func sortedByTime(_ positions: [Int]) -> [Int] {
        let isSorted = zip(positions, positions.dropFirst()).allSatisfy { packets[$0].time <= packets[$1].time }
        return isSorted
            ? positions
            : positions.sorted { packets[$0].time != packets[$1].time ? packets[$0].time < packets[$1].time : $0 < $1 }
    }

    /// Places every call, in the order of their ids.
    public static func place(_ calls: [SocketCall], on packets: [ObservedPacket]) -> [Placement] {
        var aligner = CallSegmentAligner(packets, calls)
        return calls.sorted { $0.id < $1.id }.map { Placement(call: $0, relation: aligner.relation(of: $0)) }
    }

    private mutating func relation(of call: SocketCall) -> Relation {
        if packets.isEmpty { return .none }
        if let conversation = assignment.conversationOfCall[call.id] ?? closedConversation(of: call) {
            let found =
                call.transport == .udp
                ? datagramRelation(of: call, conversation) : segmentRelation(of: call, conversation)
            if let found { return found }
        }
        return .nearest(nearest(to: call))
    }

    /// `close` may have no addresses any more: its socket had.
    private func closedConversation(of call: SocketCall) -> Int? {
        Self.isClosing(call) ? assignment.conversationOfSocket[call.id] : nil
    }

    // MARK: Which way

    private func isFromClient(_ call: SocketCall, _ conversation: Int) -> Bool {
        guard let local = call.local?.onTheWire else { return call.counterpart != conversations[conversation].client }
        return SocketHistory.covers(local, conversations[conversation].client)
    }

    /// Works on the flow that left the caller, or on the one that came to it. A socket connected to itself has one.
    private mutating func with<Result>(
        _ call: SocketCall, _ conversation: Int, incoming: Bool, _ body: (inout PacketFlow) -> Result
    ) -> Result {
        let what = conversations[conversation]
        if what.client == what.server || isFromClient(call, conversation) != incoming {
            return body(&flows[conversation].client)
        }
        return body(&flows[conversation].server)
    }

    // MARK: TCP

    private mutating func segmentRelation(of call: SocketCall, _ conversation: Int) -> Relation? {
        switch (call.name, call.result) {
        case (.connect, _):
            return caused(with(call, conversation, incoming: false) { $0.syns })
        case (_, .accepted):
            // The client's ACK that ended the handshake of the connection that was accepted.
            return causedBy(with(call, conversation, incoming: true) { $0.handshakeEnd.map { [$0] } ?? [] })
        case _ where Self.isClosing(call):
            return closingSegments[call.id].map { .caused([$0]) }
        case ("sendmmsg", .value):
            return caused(
                Self.messages(call).flatMap { size in with(call, conversation, incoming: false) { $0.send(size) } })
        case ("recvmmsg", .value):
            return causedBy(
                Self.messages(call).flatMap { size in with(call, conversation, incoming: true) { $0.receive(size) } })
        case (_, .value(let count)) where count >= 0 && Self.sends(call.name):
            return caused(with(call, conversation, incoming: false) { $0.send(count) })
        case (_, .received) where call.has("MSG_PEEK"):
            return nil
        case (_, .received(0, _)):
            return causedBy(with(call, conversation, incoming: true) { $0.finish.map { [$0] } ?? [] })
        case (_, .received(let count, _)) where count > 0:
            return causedBy(with(call, conversation, incoming: true) { $0.receive(count) })
        case (_, .failed(_, "ECONNRESET")), (_, .failed(_, "EPIPE")):
            return causedBy(with(call, conversation, incoming: true) { Array($0.resets.prefix(1)) })
        default:
            return nil
        }
    }

    private static func sends(_ name: SocketCall.Name) -> Bool {
        ["send", "sendto", "sendmsg", "write", "writev", "sendfile", "splice"].contains(name.rawValue)
    }

    /// The sizes of the messages that a call moved at once, as its arguments have them: `2 messages`, `5 bytes`, `7
    /// bytes`. Those to others than the first one's peer are of other conversations.
    private static func messages(_ call: SocketCall) -> [Int] {
        call.arguments.dropFirst().compactMap { if case .bytes(let count) = $0 { count } else { nil } }
    }

    /// Whether a call may send a FIN: `shutdown` for reading sends nothing.
    private static func isClosing(_ call: SocketCall) -> Bool {
        call.name == .close || call.name == .shutdown && !call.has("SHUT_RD")
    }

    /// Gives the FIN or the RST of each end to the call during which it left, else to the last closing call before it:
    /// closing a descriptor that another process holds too (fork) sends nothing, and a full window delays the FIN.
    private mutating func matchClosingSegments(_ calls: [SocketCall]) {
        struct End: Hashable {
            let conversation: Int
            let isClient: Bool
        }
        var closing: [End: [SocketCall]] = [:]
        for call in calls.sorted(by: { $0.start < $1.start }) where Self.isClosing(call) && call.transport == .tcp {
            guard let conversation = assignment.conversationOfCall[call.id] ?? assignment.conversationOfSocket[call.id]
            else { continue }
            closing[End(conversation: conversation, isClient: isFromClient(call, conversation)), default: []].append(
                call)
        }
        for (end, calls) in closing {
            let flow = end.isClient ? flows[end.conversation].client : flows[end.conversation].server
            // One may have sent a FIN and, once it was closed, a RST.
            for segment in [flow.finish, flow.resets.first { packets[$0].time >= calls[0].start }].compactMap({ $0 }) {
                let time = packets[segment].time
                let during = calls.first { $0.start <= time && $0.returned.map { $0 >= time } ?? true }
                guard let call = during ?? calls.last(where: { $0.start <= time }), closingSegments[call.id] == nil
                else { continue }
                closingSegments[call.id] = segment
            }
        }
    }

    // MARK: UDP

    private mutating func datagramRelation(of call: SocketCall, _ conversation: Int) -> Relation? {
        switch call.result {
        case .value where call.name == "sendmmsg":
            return caused(
                Self.messages(call).compactMap { size in
                    with(call, conversation, incoming: false) { $0.sendDatagram(size, from: call.start) }
                })
        case .value where call.name == "recvmmsg":
            return causedBy(
                Self.messages(call).compactMap { size in
                    with(call, conversation, incoming: true) { $0.receiveDatagram(size, until: call.returned) }
                })
        case .value(let count) where Self.sends(call.name):
            return with(call, conversation, incoming: false) { $0.sendDatagram(count, from: call.start) }.map {
                .caused([$0])
            }
        case .received where call.has("MSG_PEEK"):
            return nil
        case .received(let count, _):
            return with(call, conversation, incoming: true) { $0.receiveDatagram(count, until: call.returned) }.map {
                .causedBy([$0])
            }
        default:
            return nil
        }
    }

    // MARK: The clock

    private func caused(_ positions: [Int]) -> Relation? { positions.isEmpty ? nil : .caused(positions) }
    private func causedBy(_ positions: [Int]) -> Relation? { positions.isEmpty ? nil : .causedBy(positions) }

    /// The packet nearest in time: of the call's own conversation, else of those that its socket waited for, else of
    /// all.
    private func nearest(to call: SocketCall) -> Int {
        if let own = assignment.conversationOfCall[call.id] ?? assignment.conversationOfSocket[call.id] {
            return nearest(to: call.start, among: byTime[own]) ?? 0
        }
        if let places = assignment.placeOfSocket[call.id] {
            // Conversations in the order in which they began: the nearest packet is the last one's before or the first
            // one's after.
            let next = places.firstPosition { conversations[$0].firstTime > call.start }
            let around = places[max(0, next - 1)..<min(places.count, next + 1)]
            let found = around.compactMap { nearest(to: call.start, among: byTime[$0]) }
            return found.min { distance($0, call.start) < distance($1, call.start) } ?? 0
        }
        return nearest(to: call.start, among: all) ?? 0
    }

    private func nearest(to time: Timestamp, among positions: [Int]) -> Int? {
        let next = positions.firstPosition { packets[$0].time >= time }
        let around = positions[max(0, next - 1)..<min(positions.count, next + 1)]
        return around.min { distance($0, time) < distance($1, time) }
    }

    private func distance(_ position: Int, _ time: Timestamp) -> UInt64 {
        packets[position].time.nanoseconds(since: time).magnitude
    }
}
