import Analysis
import Capture
import Conversations
import Lab
import Packets
import Rendering
import Sockets
import Text
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
        var packet = PacketAnalyzer(needs: .analysis, seed: .random(in: .min ... .max))
        packet.forEach(in: records) { bytes, dissection, facts, _ in collector.take(bytes, dissection, facts) }
        self.init(collector.conversations, calls: calls)
    }

    // MARK: Ladders

    /// What one ladder shows, and what stands above it where there are several.
    private struct Drawing {
        /// nil: the calls that belong to no conversation.
        let conversation: Int?
        let title: String?
    }

    /// - Parameters:
    ///   - isWhole: whether these are all conversations of the capture. Then calls that belong to none are drawn,
    ///     too: into
    ///     the only ladder, or in one of their own.
    ///   - chosen: which conversations, by position; nil draws all.
    private func drawings(_ assigned: ConversationCalls, isWhole: Bool, of chosen: [Int]? = nil, titled: Bool = false)
        -> [Drawing]
    {
        var drawings = (chosen ?? Array(conversations.indices)).map { number in
            let conversation = conversations[number]
            let name = conversation.stream.map { "\(conversation.transport == .tcp ? "tcp" : "udp").stream \($0)" }
            return Drawing(conversation: number, title: titled || conversations.count > 1 ? name : nil)
        }
        if isWhole, conversations.count != 1, !assigned.others.isEmpty {
            drawings.append(
                Drawing(
                    conversation: nil,
                    title: conversations.isEmpty && !titled ? nil : "Calls that belong to no conversation"))
        }
        return drawings
    }

    private func diagram(_ drawing: Drawing, _ assigned: ConversationCalls, isWhole: Bool) -> SequenceDiagram {
        guard let number = drawing.conversation else { return SequenceDiagram(calls: assigned.others) }
        return SequenceDiagram(number, of: conversations, assigned, withOthers: isWhole && conversations.count == 1)
    }

    /// Every conversation's ladder, with a blank line between.
    /// - Parameters:
    ///   - chosen: which conversations, by position; nil draws all.
    ///   - abridged: whether long runs of ordinary rows are left out.
    ///   - before: how many others were written before.
    ///   - titled: whether each has a title, also an only one.
    func writeLadders(
        of chosen: [Int]? = nil, columns: Int?, isWhole: Bool = true, abridged: Bool = true, after before: Int = 0,
        titled: Bool = false,
        to out: inout OutputBuffer
    ) {
        let text = LadderText(columns: columns, abridged: abridged)
        let assigned = ConversationCalls(conversations, calls: calls)
        for (index, drawing) in drawings(assigned, isWhole: isWhole, of: chosen, titled: titled || before > 0)
            .enumerated() where out.isOpen
        {
            if index + before > 0 { out.append(ascii: 10) }
            if let title = drawing.title {
                out.append(style: .bold)
                out.append(text: title)
                out.append(style: .plain)
                out.append(ascii: 10)
            }
            text.write(diagram(drawing, assigned, isWhole: isWhole), to: &out)
        }
        LadderText.writeNote(calls, to: &out)
    }

    func writeMarkdown(
        isWhole: Bool, abridged: Bool, after before: Int = 0, titled: Bool = false, to out: inout OutputBuffer
    ) {
        let assigned = ConversationCalls(conversations, calls: calls)
        for (index, drawing) in drawings(assigned, isWhole: isWhole, titled: titled || before > 0).enumerated()
        where out.isOpen {
            if index + before > 0 { out.append(ascii: 10) }
            if let title = drawing.title { out.append(text: "## \(title)\n\n") }
            LadderMarkdown.write(diagram(drawing, assigned, isWhole: isWhole), abridged: abridged, to: &out)
        }
    }

    func writeMermaid(isWhole: Bool, abridged: Bool, to out: inout OutputBuffer) {
        let assigned = ConversationCalls(conversations, calls: calls)
        guard let first = drawings(assigned, isWhole: isWhole).first else { return }
        LadderMermaid.write(diagram(first, assigned, isWhole: isWhole), abridged: abridged, to: &out)
    }

    /// All ladders below each other in one picture.
    func writeSVG(isWhole: Bool, abridged: Bool, to out: inout OutputBuffer) {
        let assigned = ConversationCalls(conversations, calls: calls)
        let diagrams = drawings(assigned, isWhole: isWhole).map { diagram($0, assigned, isWhole: isWhole) }
        if !diagrams.isEmpty { LadderSVG.write(diagrams, abridged: abridged, to: &out) }
    }
}
