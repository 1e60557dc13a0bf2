import Capture
import Conversations
import Lab
import Packets
import Rendering
import Sockets
import Timeline

/// Conversations and socket calls of a capture, and their ladders.
struct ConversationReport {
    let conversations: [Conversation]
    let calls: [SocketCall]

    /// - Parameter conversations: those that are to be reported.
    init(_ conversations: [Conversation], calls: [SocketCall]) {
        self.conversations = conversations
        self.calls = calls.sorted { $0.id < $1.id }
    }

    /// Dissects and analyses the records of a short exchange.
    init(_ records: [CapturedRecord], calls: [SocketCall]) {
        var collector = ConversationCollector()
        var analyzer = TransportAnalyzer(seed: .random(in: .min ... .max))
        var dissection = Dissection()
        for record in records {
            let bytes = record.bytes.rawSpan
            Dissector().dissect(bytes, linkType: record.header.linkType, wireLength: record.header.wireLength, into: &dissection)
            var facts = PacketFacts(record.header)
            facts.transport = analyzer.facts(of: bytes, dissection, number: facts.number, time: facts.timestamp)
            collector.take(bytes, dissection, facts)
        }
        self.init(collector.conversations, calls: calls)
    }

    /// The conversations' ladders, with a blank line between, and the calls that belong to none.
    /// - Parameters:
    ///   - chosen: which conversations, by position; nil draws all.
    ///   - isWhole: whether these are all conversations of the capture. Then other calls are drawn, too: into the
    ///     only ladder, or in one of their own.
    func writeLadders(of chosen: [Int]? = nil, columns: Int?, isWhole: Bool = true, to out: inout OutputBuffer) {
        let assigned = ConversationCalls(conversations, calls: calls)
        let isOnly = isWhole && conversations.count == 1
        for (index, number) in (chosen ?? Array(conversations.indices)).enumerated() {
            if index > 0 { out.append(ascii: 10) }
            LadderText(columns: columns).write(SequenceDiagram(number, of: conversations, assigned, withOthers: isOnly), to: &out)
        }
        guard isWhole, !isOnly, !assigned.others.isEmpty else { return }
        if !conversations.isEmpty { out.append("\nCalls that belong to no conversation:\n") }
        LadderText(columns: columns).write(SequenceDiagram(calls: assigned.others), to: &out)
    }
}
