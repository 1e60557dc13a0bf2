import Addressing
import Capture
import Conversations
import Lab
import Packets
import Rendering
import Sockets

/// What a demo prints.
struct DemoReport {
    private let demo: any Demo
    private let recording: DemoRecording
    private let report: ConversationReport
    /// Both hosts' view; nil on loopback.
    private let twoHosts: TwoHostReport?

    init(demo: any Demo, recording: DemoRecording) {
        self.demo = demo
        self.recording = recording
        let twoHosts = recording.wire.flatMap {
            TwoHostReport(recording.records, client: $0.client, server: $0.server, calls: recording.calls)
        }
        self.twoHosts = twoHosts
        // Cards and accounts are the client's view where there are two.
        report = ConversationReport(twoHosts?.firstHost(recording.records) ?? recording.records, calls: recording.calls)
    }

    /// The demos by group, with what each shows.
    static func writeCatalogue(to out: inout OutputBuffer) {
        let width = (DemoCatalogue.all.map(\.name.count).max() ?? 0) + 2
        for (index, group) in DemoGroup.allCases.enumerated() {
            let demos = DemoCatalogue.all.filter { $0.group == group }
            if demos.isEmpty { continue }
            if index > 0 { out.append(ascii: 10) }
            out.append(style: .bold)
            out.append(text: group.rawValue + "\n")
            out.append(style: .plain)
            for demo in demos {
                out.append(text: "  " + demo.name)
                out.append(spaces: width - demo.name.count)
                out.append(text: demo.summary + "\n")
            }
        }
    }

    // MARK: Text

    /// Lines, ladders, for some demos cards and account, and the verdict: in this order.
    func writeText(ladder: Bool, columns: Int?, to out: inout OutputBuffer) {
        if let wire = recording.wire { WireReport.writePackets(recording.records, wire, to: &out) } else { writePackets(&out) }
        if ladder, let twoHosts {
            heading("Ladder: each host's calls and packets at its own times", &out)
            twoHosts.writeLadders(columns: columns, to: &out)
        } else if ladder, !report.calls.isEmpty || !report.conversations.isEmpty {
            heading(report.conversations.isEmpty ? "Calls" : "Ladder: calls and packets in the order in which they happened", &out)
            report.writeLadders(columns: columns, to: &out)
        }
        // Between two hosts each packet is recorded twice, and the stream would say so.
        if demo.showsRuler, recording.wire == nil { writeStreams(&out) }
        if demo.showsCards {
            for conversation in report.conversations {
                heading(conversation.transport == .tcp ? "TCP handshake and teardown" : "UDP", &out)
                HandshakeCard.write(conversation, to: &out)
                ChecksumNote.write(conversation, to: &out)
            }
            heading("Account", &out)
            writeAccount(&out)
        }
        if let wire = recording.wire {
            heading("Wire", &out)
            WireReport.write(wire, to: &out)
        }
        writeVerdicts(columns, &out)
    }

    private func writePackets(_ out: inout OutputBuffer) {
        heading("Packets", &out)
        var lines = RecordPrinter()
        for record in recording.records { lines.write(record.header, record.bytes.rawSpan, to: &out) }
        if recording.records.isEmpty { out.append("none\n") }
    }

    /// The bytes of each TCP stream, with rulers for segments and calls, as "netprobe follow --ruler" has them.
    private func writeStreams(_ out: inout OutputBuffer) {
        for conversation in report.conversations where conversation.transport == .tcp {
            guard let stream = conversation.stream else { continue }
            heading("Stream: where segments and calls begin", &out)
            var follower = StreamFollower(
                StreamName(.tcp, stream), style: .ruler, calls: report.calls, showsClient: true, showsServer: true)
            var analyzer = TransportAnalyzer(seed: .random(in: .min ... .max))
            var dissection = Dissection()
            for record in recording.records {
                let bytes = record.bytes.rawSpan
                Dissector().dissect(bytes, linkType: record.header.linkType, wireLength: record.header.wireLength, into: &dissection)
                var facts = PacketFacts(record.header)
                facts.transport = analyzer.facts(of: bytes, dissection, number: facts.number, time: facts.timestamp)
                follower.take(bytes, dissection, facts, to: &out)
            }
            follower.finish(to: &out)
        }
    }

    private func writeVerdicts(_ columns: Int?, _ out: inout OutputBuffer) {
        guard !recording.verdicts.isEmpty else { return }
        if demo.showsCards {
            // Parts that say the same say it once.
            let texts = recording.verdicts.map(\.text)
            for (index, text) in texts.enumerated() where texts.firstIndex(of: text) == index { out.append(text: "answer              \(text)\n") }
        } else {
            heading("What happened", &out)
            for verdict in recording.verdicts {
                for line in Self.lines(of: verdict.text, columns) { out.append(text: line + "\n") }
            }
        }
    }

    /// Breaks a text between words where it goes to a terminal, at 100 columns at the most; elsewhere it is one line.
    static func lines(of text: String, _ columns: Int?) -> [String] {
        guard let columns else { return [text] }
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= min(columns, 100) {
                lines[lines.count - 1] += " \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    private func writeAccount(_ out: inout OutputBuffer) {
        let accounts = report.conversations.map { (name: $0.transport == .tcp ? "TCP" : "UDP", account: ConversationAccount($0.packets)) }
        if accounts.count == 1, let only = accounts.first {
            AccountText.write(only.account, to: &out)
        } else {
            AccountText.writeComparison(accounts, to: &out)
        }
    }

    private func heading(_ text: String, _ out: inout OutputBuffer) {
        if text != "Packets" { out.append(ascii: 10) }
        out.append(style: .bold)
        out.append(text: text)
        out.append(style: .plain)
        out.append(ascii: 10)
    }

    // MARK: NDJSON

    func writeNDJSON(to out: inout OutputBuffer) {
        var json = DemoJSON()
        for (stream, conversation) in report.conversations.enumerated() {
            for packet in conversation.packets { json.write(packet, stream, conversation, to: &out) }
        }
        if let twoHosts { WireJSON.write(twoHosts.diagrams, to: &out) }
        if let wire = recording.wire { WireJSON.write(wire, to: &out) }
        for call in report.calls { json.write(call, to: &out) }
        for (stream, conversation) in report.conversations.enumerated() {
            json.writeHandshake(conversation, stream, to: &out)
            json.write(ConversationAccount(conversation.packets), stream, to: &out)
        }
        for verdict in recording.verdicts { json.write(verdict, to: &out) }
    }
}
