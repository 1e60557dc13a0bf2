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

    /// - Parameters:
    ///   - needs: of which `stream`, `analysis` and `applications` are looked at.
    ///   - seed: a random number, so that nobody can prepare a capture whose conversations all collide.
    init(needs: FieldNeeds, seed: UInt64) {
        self.needs = needs
        if needs.contains(.stream) { numbers = RelativeNumbers(seed: seed) }
        if !needs.isDisjoint(with: [.analysis, .applications]) { analyzer = TransportAnalyzer(seed: seed) }
    }

    /// Whether every packet has to be dissected, also one that nobody sees.
    var wantsEveryPacket: Bool { !needs.isDisjoint(with: [.stream, .analysis, .applications]) }

    /// Fills in what is needed of the facts. Reads again what a segment carries where its connection tells more of it.
    mutating func note(
        _ bytes: RawSpan, _ dissection: inout Dissection, _ facts: inout PacketFacts, number: Int, time: Timestamp?
    ) {
        if needs.contains(.stream) { facts.stream = numbers?.facts(of: bytes, dissection) ?? StreamFacts() }
        guard analyzer != nil else { return }
        facts.transport =
            analyzer?.facts(of: bytes, dissection, number: number, time: time) ?? TransportFacts()
        if needs.contains(.applications) {
            analyzer?.settleApplication(&dissection, bytes, &facts.transport, number: number, time: time)
        }
    }
}
