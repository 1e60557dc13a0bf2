import Analysis
import Capture
import Conversations
import Lab
import Packets
import Sockets
import Text
import Timeline

/// Conversations and socket calls of a capture.
struct ConversationReport {
    let conversations: [Conversation]
    let calls: [SocketCall]

    /// - Parameter conversations: those that are to be reported.
    init(_ conversations: [Conversation], calls: [SocketCall]) {
        self.conversations = conversations
        self.calls = calls.sorted { $0.id < $1.id }
    }

    /// Dissects and analyses the records of a short exchange.
    ///
    /// - Parameter keepingWords: whether it is kept in a few words what each packet carries.
    init(_ records: [CapturedRecord], calls: [SocketCall], keepingWords: Bool = true) {
        var collector = ConversationCollector(keepingWords: keepingWords)
        var packet = PacketAnalyzer(needs: .analysis, joins: true, seed: .random(in: .min ... .max))
        packet.forEach(in: records) { bytes, dissection, facts, _ in collector.take(bytes, dissection, facts) }
        self.init(collector.conversations, calls: calls)
    }

    /// What their ladders are drawn from.
    var scenes: SceneBuilder { SceneBuilder(conversations, calls: calls) }
}
