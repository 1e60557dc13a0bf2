import Addressing
import Conversations
import Packets

/// The stories of the conversations of a capture. Fed packet by packet; what it keeps grows with open conversations,
/// not with packets, where it may let go of those that are over:
///
///     book.take(bytes, dissection, facts)
///     while let story = book.next() { … }         // of a connection that is over
///     for story in book.finish() { … }            // of those that are left
///
/// Without `releasing`, `stories` has all of them at the end. `ReleaseOrder` says when one is let go of.
public struct StoryBook: Sendable {
    private let only: Set<ConversationName>?
    private var tcp: [UInt32: TCPStory] = [:]
    /// How far each of them has come: asked with every segment, where a story would be copied to be asked.
    private var stages: [UInt32: TCPStory.Stage] = [:]
    private var udp: [UInt32: UDPStory] = [:]
    /// The youngest TCP connection of each pair of endpoints, for ICMP errors that quote it.
    private var latest: [FlowKey: UInt32] = [:]
    /// The connection before each on its ports, while nobody has answered it.
    private var predecessors: [UInt32: UInt32] = [:]
    private var order = ReleaseOrder()
    /// Segments of connections that were let go of before, and so are not told.
    private(set) var late = LateSegments()
    private let isReleasing: Bool

    /// - Parameters:
    ///   - only: the conversations that are wanted; nil for all.
    ///   - releasing: whether stories are taken out by `next` as they end.
    public init(only: Set<ConversationName>? = nil, releasing: Bool = false) {
        self.only = only
        isReleasing = releasing
    }

    /// Takes a packet, dissected and analysed.
    public mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        var quoted: ConversationName?
        var isOwn = false
        for (name, layer) in facts.transport.conversations {
            guard let ends = TransportEnds(record, dissection, at: layer) else {
                quoted = name
                continue
            }
            isOwn = true
            guard only?.contains(name) ?? true, let packet = ObservedPacket(record, ends, facts) else { continue }
            take(packet, facts.transport, name, StoryWords(record, dissection, behind: layer))
        }
        if let quoted { return takeError(record, dissection, facts, quoted) }
        if !isOwn || dissection.layers.contains(where: { $0.kind == .icmp || $0.kind == .icmpv6 }) {
            takeShortError(record, dissection, facts)
        }
    }

    private mutating func take(
        _ packet: ObservedPacket, _ facts: TransportFacts, _ name: ConversationName, _ words: borrowing StoryWords
    ) {
        if name.transport == .tcp { return takeSegment(packet, facts, name, words) }
        if udp[name.stream] == nil {
            udp[name.stream] = UDPStory(first: packet, words: words)
            order.begin(name)
        }
        udp[name.stream]?.take(packet, words: words)
        if isReleasing { order.noteDatagram(name) }
    }

    private mutating func takeSegment(
        _ packet: ObservedPacket, _ facts: TransportFacts, _ name: ConversationName, _ words: borrowing StoryWords
    ) {
        let before = stages[name.stream]
        if before == nil {
            if order.isGone(name) { return late.add(packet) }
            tcp[name.stream] = TCPStory(first: packet, stream: name.stream)
            predecessors[name.stream] = latest[packet.flowKey]
            latest[packet.flowKey] = name.stream
            order.begin(name)
        }
        let stage = tcp[name.stream]?.take(packet, facts, isFirst: before == nil, words: words)
        stages[name.stream] = stage
        if stage != .attempt { settle(name.stream) }
        if packet.answers > 0, packet.answersStream != name.stream {
            tcp[packet.answersStream]?.noteChallenge(packet, of: name.stream)
        }
        guard isReleasing else { return }
        order.noteSegment(name, isAttempt: stage == .attempt, was: before == .attempt)
        if before != .over, stage == .over { order.close(name, at: packet.time) }
        order.advance(to: packet.time)
    }

    /// A connection was answered: the one before it on its ports is over.
    private mutating func settle(_ stream: UInt32) {
        guard !predecessors.isEmpty, let old = predecessors.removeValue(forKey: stream),
            let conversation = tcp[stream]?.conversation
        else { return }
        tcp[old]?.noteSuccessor(conversation, stream)
    }

    /// A packet quoted by an ICMP error, of a conversation that was seen.
    private mutating func takeError(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, _ name: ConversationName
    ) {
        guard only?.contains(name) ?? true, let time = facts.timestamp,
            let refusal = ICMPRefusal(record, dissection, number: facts.number)
        else { return }
        if name.transport == .tcp {
            tcp[name.stream]?.take(refusal, at: time)
        } else {
            udp[name.stream]?.take(refusal, at: time)
        }
    }

    /// An ICMP error that quotes no more of a segment than the eight bytes it has to (RFC 792): too few for TCP
    /// analysis to number its stream, but the ports are among them.
    private mutating func takeShortError(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts
    ) {
        guard let time = facts.timestamp, let refusal = ICMPRefusal(record, dissection, number: facts.number),
            let quoted = refusal.quoted, quoted.transport == .tcp, let stream = latest[quoted.flowKey]
        else { return }
        tcp[stream]?.take(refusal, at: time)
    }

    /// The next story of a conversation that has been over, or idle, for long.
    public mutating func next() -> Story? {
        while let name = order.next() {
            if name.transport == .udp {
                guard let story = udp.removeValue(forKey: name.stream) else { continue }
                return Self.story(name, story)
            }
            guard let story = tcp.removeValue(forKey: name.stream) else { continue }
            stages[name.stream] = nil
            let key = story.conversation.flowKey
            if latest[key] == name.stream { latest[key] = nil }
            predecessors[name.stream] = nil
            return Self.story(name, story)
        }
        return nil
    }

    /// The stories that are left, in the order in which the conversations began.
    public mutating func finish() -> [Story] {
        let left = stories
        (tcp, stages, udp, latest, predecessors, order) = ([:], [:], [:], [:], [:], ReleaseOrder())
        return left
    }

    /// The stories that are kept, in the order in which the conversations began.
    public var stories: [Story] {
        var copy = order
        return copy.finish().compactMap { name in
            if name.transport == .tcp { return tcp[name.stream].map { Self.story(name, $0) } }
            return udp[name.stream].map { Self.story(name, $0) }
        }
    }

    private static func story(_ name: ConversationName, _ story: UDPStory) -> Story {
        Story(name, client: story.client, server: story.server, events: story.events)
    }

    private static func story(_ name: ConversationName, _ story: TCPStory) -> Story {
        Story(name, client: story.conversation.client, server: story.conversation.server, events: story.events)
    }
}
