import Addressing
import Conversations
import Packets

extension SceneAssembly {
    /// The packets and ICMP errors of a conversation that was captured at one place, with what they did to the states
    /// of both ends as seen from there.
    /// - Parameter lanes: those of the client's and the server's end.
    init(passing conversation: Conversation, lanes: (client: Int, server: Int)) {
        self.init()
        let isOwn = conversation.client == conversation.server
        let repeated = Self.repeated(conversation)
        for (packet, change) in zip(conversation.packets, conversation.changes) {
            let from: Scene.Side = conversation.isFromClient(packet) ? .client : .server
            let (here, there) = from == .client ? (lanes.client, lanes.server) : (lanes.server, lanes.client)
            var drawn = Scene.Packet(
                segment: packet, number: packet.number, from: from, fromLane: here, toLane: isOwn ? here : there,
                left: packet.time, arrived: [packet.time],
                sequence: conversation.connection?.relativeSequence(packet),
                acknowledgment: conversation.connection?.relativeAcknowledgment(packet))
            drawn.isOffloaded = conversation.isOffloaded(packet)
            drawn.repeatedIn = repeated[packet.number]
            let states = from == .client ? (change.client, change.server) : (change.server, change.client)
            add(
                passing: drawn, at: packet.time, states: (states.0, isOwn ? nil : states.1),
                omittedBefore: conversation.omitted[packet.number])
        }
        for error in conversation.icmpErrors {
            guard let time = error.time else { continue }
            // It comes to the end whose packet it quotes.
            let to: Scene.Side = error.quoted?.source == conversation.server ? .server : .client
            let (here, there) = to == .client ? (lanes.server, lanes.client) : (lanes.client, lanes.server)
            add(
                passing: Scene.Packet(
                    error: error, number: error.packet, from: to.other, fromLane: here, toLane: there, left: time,
                    arrived: [time], sequence: nil, acknowledgment: nil),
                at: time, states: (nil, nil))
        }
    }

    /// Segments that were sent again for a reason, by the number of the one before: that or its acknowledgment was
    /// lost.
    private static func repeated(_ conversation: Conversation) -> [Int: Int] {
        // A socket that is connected to itself has both directions' numbers in one.
        if conversation.transport != .tcp || conversation.client == conversation.server { return [:] }
        struct Segment: Hashable {
            let isFromClient: Bool
            let sequence: SequenceNumber
        }
        var repeated: [Int: Int] = [:]
        var last: [Segment: Int] = [:]
        for packet in conversation.packets {
            guard let tcp = packet.tcp, packet.sequenceLength > 0 else { continue }
            let segment = Segment(isFromClient: conversation.isFromClient(packet), sequence: tcp.sequence)
            if !packet.marks.isDisjoint(with: [.retransmission, .fastRetransmission]), let first = last[segment] {
                repeated[first] = packet.number
            }
            last[segment] = packet.number
        }
        return repeated
    }
}
