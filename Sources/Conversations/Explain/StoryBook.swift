import Addressing
import Packets

/// The stories of all conversations of a capture. Fed packet by packet; what it keeps grows with conversations, not with packets.
public struct StoryBook: Sendable {
    /// A conversation as `flows` numbers it: `tcp.stream` or `udp.stream`.
    public struct Name: Hashable, Sendable {
        public let transport: Transport
        public let stream: UInt32

        public init(_ transport: Transport, _ stream: UInt32) {
            self.transport = transport
            self.stream = stream
        }
    }

    /// One conversation and what happened in it.
    public struct Story: Sendable {
        public let name: Name
        public let client: Endpoint
        public let server: Endpoint
        public let events: [StoryEvent]
    }

    private let only: Set<Name>?
    private var tcp: [UInt32: TCPStory] = [:]
    private var udp: [UInt32: UDPStory] = [:]
    private var order: [Name] = []

    /// - Parameter only: the conversations that are wanted; nil for all.
    public init(only: Set<Name>? = nil) { self.only = only }

    /// Takes a packet, dissected and analysed.
    public mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        let transport = facts.transport
        let name: Name, layer: Int32
        if transport.tcpLayer >= 0, transport.has.contains(.stream) {
            (name, layer) = (Name(.tcp, transport.tcpStream), transport.tcpLayer)
        } else if transport.udpLayer >= 0 {
            (name, layer) = (Name(.udp, transport.udpStream), transport.udpLayer)
        } else {
            return
        }
        guard only?.contains(name) ?? true else { return }
        guard let ends = TransportEnds(record, dissection), ends.layer.start == layer else {
            return takeError(record, dissection, facts, name)
        }
        guard let packet = ObservedPacket(record, dissection, facts) else { return }
        let words = StoryWords(record, dissection, behind: layer)
        if name.transport == .tcp {
            let isFirst = tcp[name.stream] == nil
            if isFirst {
                tcp[name.stream] = TCPStory(first: packet)
                order.append(name)
            }
            tcp[name.stream]?.take(packet, transport, isFirst: isFirst, words: words)
        } else {
            if udp[name.stream] == nil {
                udp[name.stream] = UDPStory(first: packet)
                order.append(name)
            }
            udp[name.stream]?.take(packet, words: words)
        }
    }

    /// A packet quoted by an ICMP error, of a conversation that was seen.
    private mutating func takeError(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, _ name: Name) {
        guard let time = facts.timestamp, let refusal = ICMPRefusal(record, dissection, number: facts.number) else { return }
        if name.transport == .tcp { tcp[name.stream]?.take(refusal, at: time) } else { udp[name.stream]?.take(refusal, at: time) }
    }

    /// The stories in the order in which the conversations began.
    public var stories: [Story] {
        order.compactMap { name in
            if name.transport == .tcp {
                guard let story = tcp[name.stream] else { return nil }
                return Story(name: name, client: story.conversation.client, server: story.conversation.server, events: story.events)
            }
            guard let story = udp[name.stream] else { return nil }
            return Story(name: name, client: story.client, server: story.server, events: story.events)
        }
    }
}
