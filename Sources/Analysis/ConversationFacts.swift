import Addressing
import Capture
import Conversations
import Packets

/// What the packets before it say of a packet, as far as somebody needs it: its place in its conversation, TCP
/// analysis, and what the connection carries. What nobody needs takes neither time nor memory.
struct ConversationFacts: Sendable {
    private let needs: FieldNeeds
    private var numbers: RelativeNumbers?
    private var analyzer: TransportAnalyzer?
    private var messages: MessageJoiner?

    /// - Parameters:
    ///   - needs: of which `stream`, `analysis`, `applications` and `messages` are looked at.
    ///   - seed: a random number, so that nobody can prepare a capture whose conversations all collide.
    init(needs: FieldNeeds, seed: UInt64) {
        self.needs = needs
        if !needs.isDisjoint(with: [.analysis, .applications]) { analyzer = TransportAnalyzer(seed: seed) }
        if needs.contains(.messages) { messages = MessageJoiner() }
        if needs.contains(.stream) || messages != nil && analyzer == nil { numbers = RelativeNumbers(seed: seed) }
    }

    /// Whether every packet has to be dissected, also one that nobody sees.
    var wantsEveryPacket: Bool { !needs.isDisjoint(with: [.stream, .analysis, .applications, .messages]) }

    /// Messages that were given up because too much of them waited.
    var givenUp: Int { messages?.givenUp ?? 0 }

    /// Fills in what is needed of the facts. Reads again what a segment carries where its connection tells more of it.
    /// - Parameters:
    ///   - bytes: the packet's, as far as they are known.
    ///   - whole: gets them all, where the packet completes a message.
    mutating func note(
        _ bytes: RawSpan, _ dissection: inout Dissection, _ facts: inout PacketFacts, _ whole: inout PacketBytes
    ) {
        if numbers != nil { facts.stream = numbers?.facts(of: bytes, dissection) ?? StreamFacts() }
        if analyzer != nil {
            facts.transport =
                analyzer?.facts(of: bytes, dissection, number: facts.number, time: facts.timestamp) ?? TransportFacts()
        }
        let sources = dissection.sources.count
        let isSettled = messages?.join(bytes, &dissection, &facts, &whole) ?? false
        guard analyzer != nil else { return }
        if dissection.sources.count > sources {
            let all = whole.all
            noteApplications(all.rawSpan, &dissection, &facts, isSettled: isSettled)
        } else {
            noteApplications(bytes, &dissection, &facts, isSettled: isSettled)
        }
    }

    private mutating func noteApplications(
        _ bytes: RawSpan, _ dissection: inout Dissection, _ facts: inout PacketFacts, isSettled: Bool
    ) {
        let (number, time) = (facts.number, facts.timestamp)
        analyzer?.noteApplications(bytes, dissection, &facts.transport, number: number, time: time)
        if needs.contains(.applications), !isSettled {
            analyzer?.settleApplication(&dissection, bytes, &facts.transport, number: number, time: time)
        }
    }
}
