import Conversations
import Diagnosis
import Packets
import Rendering
import Sockets

/// Everything that the commands for conversations make of packets: flows, stories, statistics, plots, the page.
final class StreamShow {
    private var tracker = FlowTracker(seed: 1)
    private var report = ReportCollector(
        Set((0..<8 as Range<UInt32>).flatMap { [ConversationName(.tcp, $0), ConversationName(.udp, $0)] }))
    private var book = StoryBook()
    private var trace = TraceCollector(stream: nil, listed: 8, limit: 32, alpha: 0.3)
    private var calls: [CapturedCall] = []

    func take(
        _ bytes: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, _ comments: [String]
    ) {
        if !tracker.takePlain(
            bytes, linkType: facts.linkType, wireLength: facts.wireLength, number: facts.number, time: facts.timestamp)
        {
            tracker.take(
                bytes, dissection, wireLength: facts.wireLength, number: facts.number, time: facts.timestamp)
        }
        report.take(bytes, dissection, facts)
        book.take(bytes, dissection, facts)
        trace.take(bytes, dissection, facts)
        calls += comments.compactMap { SocketCallComment($0).map { CapturedCall(packet: 1, comment: $0) } }
    }

    func finish(_ text: TextCheck, small: Bool) throws(FuzzFinding) {
        var out = text.buffer(small: small)
        let flows = (0..<tracker.count).filter { tracker[$0].record.packets > 0 }
        for columns in [nil, 80] as [Int?] {
            let lines = FlowText(tracker, flows, columns: columns)
            for number in flows { lines.write(tracker[number].key, tracker[number].record, to: &out) }
        }
        for number in flows {
            FlowData.writeCSV(tracker[number].key, tracker[number].record, to: &out)
            FlowData.writeJSON(tracker[number].key, tracker[number].record, to: &out)
        }
        try text.check("flows", &out)
        var json = StoryJSON(calls: calls.map(\.comment.call))
        for story in book.stories.map(CallEvidence(calls).added) {
            StoryText(columns: 80, calls: calls.map(\.comment.call)).write(story, to: &out)
            json.write(story, to: &out)
        }
        try text.check("stories", &out)
        StatsText(columns: 80).write(report.statistics, to: &out)
        var numbers = StatsJSON()
        numbers.write(report.statistics, trace: trace.trace, stream: trace.number, to: &out)
        if let found = trace.trace {
            StatsText(columns: 80).write(found, stream: 0, fromClient: found.busier.isFromClient, to: &out)
            for kind in TracePlot.allCases {
                let plot = kind.plot(found, fromClient: found.busier.isFromClient, name: "x")
                PlotText(columns: 80).write(plot, to: &out)
                PlotSVG(isWhole: true).write(plot, to: &out)
            }
        }
        try text.check("statistics", &out)
        ReportPage(name: "x", calls: calls).write(report, flows: tracker, to: &out)
        try text.check("page", &out)
    }
}
