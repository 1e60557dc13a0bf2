import Addressing
import Packets

/// Sorts the packets of a capture into conversations, by the stream numbers that `TransportAnalyzer` gave them.
///
/// Every packet is to be handed in, also those that are not to be kept: states and relative numbers count from the
/// first. What is kept grows with the packets that are kept and the conversations that are chosen; where it may
/// condense and let go of what is over, with the open conversations alone.
public struct ConversationCollector: Sendable {
    /// Which conversations are wanted.
    public enum Choice: Sendable {
        case all
        case tcp(UInt32)
        case udp(UInt32)
    }

    private let choice: Choice
    private let isCondensing: Bool
    private let isReleasing: Bool
    private let opensTunnels: Bool
    private let keepsWords: Bool
    private var kept: [ConversationName: Conversation] = [:]
    /// The latest conversation of each pair: ICMP errors quote too little for more.
    private var latest: [FlowKey: ConversationName] = [:]
    private var order = ReleaseOrder()
    /// Of how many conversations packets were kept so far.
    public private(set) var count = 0

    /// - Parameters:
    ///   - condensing: whether of long runs of ordinary packets the first and last ones are enough.
    ///   - releasing: whether conversations are taken out by `next` as they end.
    ///   - opensTunnels: whether conversations inside of a tunnel count besides the tunnel's own; then a packet may
    ///     be in several.
    ///   - keepingWords: whether it is kept in a few words what each packet carries.
    public init(
        _ choice: Choice = .all, condensing: Bool = false, releasing: Bool = false, opensTunnels: Bool = true,
        keepingWords: Bool = false
    ) {
        self.choice = choice
        isCondensing = condensing
        isReleasing = releasing
        self.opensTunnels = opensTunnels
        keepsWords = keepingWords
    }

    /// The chosen conversations of which packets were kept, in the order in which they began; without those that were
    /// taken out.
    public var conversations: [Conversation] {
        var copy = order
        return copy.finish().compactMap { kept[$0] }.filter { !$0.packets.isEmpty }
    }

    /// The next conversation that has been over for long.
    public mutating func next() -> Conversation? {
        while let name = order.next() {
            guard let conversation = kept.removeValue(forKey: name) else { continue }
            let key = conversation.flowKey
            if latest[key] == name { latest[key] = nil }
            if !conversation.packets.isEmpty { return conversation }
        }
        return nil
    }

    /// Takes a dissected record. `facts.transport` must have been filled in.
    /// - Parameter keeping: whether the packet is to be among its conversation's `packets`.
    public mutating func take(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, keeping: Bool = true
    ) {
        var isOwn = false
        for (name, layer) in facts.transport.conversations {
            guard let ends = TransportEnds(record, dissection, at: layer) else { continue }
            isOwn = true
            if isChosen(name), var packet = ObservedPacket(record, ends, facts) {
                if keepsWords { packet.words = PayloadWords(record, dissection, of: ends.layer) }
                take(packet, of: name, keeping)
            }
            if !opensTunnels { return }
        }
        // Of a tunnel's packets, too, an error inside is one.
        guard !isOwn || opensTunnels,
            let error = ICMPRefusal(record, dissection, number: facts.number, time: facts.timestamp),
            let key = error.quoted?.flowKey, let name = latest[key]
        else { return }
        kept[name]?.add(error)
    }

    private mutating func take(_ packet: ObservedPacket, of name: ConversationName, _ keeping: Bool) {
        let wasOver = kept[name].map { $0.connection?.isOver == true }
        let wasAttempt = kept[name]?.connection?.isUnanswered == true
        if wasOver != nil {
            kept[name]?.add(packet, keeping: keeping)
        } else {
            if order.isGone(name) { return }
            order.begin(name)
            latest[packet.flowKey] = name
            kept[name] = Conversation(
                first: packet, stream: name.stream, keepingFirst: keeping, condensing: isCondensing)
        }
        if packet.answers > 0, packet.answersStream != name.stream {
            kept[ConversationName(.tcp, packet.answersStream)]?.noteChallenge(packet, of: name.stream)
        }
        if keeping, kept[name]?.packets.count == 1 { count += 1 }
        guard isReleasing else { return }
        if name.transport == .udp {
            order.noteDatagram(name)
        } else {
            let isAttempt = kept[name]?.connection?.isUnanswered == true
            order.noteSegment(name, isAttempt: isAttempt, was: wasAttempt)
            if wasOver != true, kept[name]?.connection?.isOver == true { order.close(name, at: packet.time) }
        }
        order.advance(to: packet.time)
    }

    private func isChosen(_ name: ConversationName) -> Bool {
        switch choice {
        case .all: true
        case .tcp(let number): name == ConversationName(.tcp, number)
        case .udp(let number): name == ConversationName(.udp, number)
        }
    }
}
