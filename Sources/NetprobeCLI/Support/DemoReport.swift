import Addressing
import Analysis
import Capture
import Conversations
import Lab
import Packets
import Rendering
import Sockets
import Text

/// What a demo prints.
struct DemoReport {
    private let demo: any Demo
    private let recording: DemoRecording
    private let traffic: RecordedTraffic
    private var report: ConversationReport { traffic.report }

    /// - Parameter showingData: whether lines and ladders say what the packets carry.
    init(demo: any Demo, recording: DemoRecording, showingData: Bool) {
        self.demo = demo
        self.recording = recording
        traffic = RecordedTraffic(recording.records, recording.wire, calls: recording.calls, showingData: showingData)
    }

    /// Why a run on a wire came to no good end, a sentence a call: what failed at last, or what had not returned when
    /// it was given up.
    var reasons: [String] {
        guard recording.wire != nil else { return [] }
        switch recording.ending {
        case .failed:
            return FindingLines.lines(traffic.failures().suffix(1).map(\.finding))
        case .stalled:
            guard let end = (recording.calls.map(\.start) + recording.records.compactMap(\.header.timestamp)).max()
            else { return [] }
            let waiting = traffic.failures(ended: [.client: end, .server: end]).filter(\.isStillWaiting)
            return FindingLines.lines(waiting.map(\.finding))
        case .finished, .interrupted, .captureFailed:
            return []
        }
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
        traffic.writePackets(to: &out)
        if ladder { traffic.writeLadders(columns: columns, to: &out) }
        // Between two hosts each packet is recorded twice, and the stream would say so.
        if demo.showsRuler, recording.wire == nil { writeStreams(&out) }
        if demo.showsCards {
            for conversation in report.conversations {
                RecordedTraffic.writeHeading(
                    conversation.transport == .tcp ? "TCP handshake and teardown" : "UDP", to: &out)
                HandshakeCard.write(conversation, isClientsView: recording.wire != nil, to: &out)
                ChecksumNote.write(conversation, to: &out)
            }
            RecordedTraffic.writeHeading("Account", to: &out)
            writeAccount(&out)
        }
        traffic.writeWire(to: &out)
        writeVerdicts(columns, &out)
    }

    /// The bytes of each TCP stream, with rulers for segments and calls, as "netprobe follow --ruler" has them.
    private func writeStreams(_ out: inout OutputBuffer) {
        for conversation in report.conversations where conversation.transport == .tcp {
            guard let stream = conversation.stream else { continue }
            RecordedTraffic.writeHeading("Stream: where segments and calls begin", to: &out)
            var follower = StreamFollower(
                StreamName(.tcp, stream), style: .ruler, calls: report.calls, showsClient: true, showsServer: true)
            var packet = PacketAnalyzer(needs: .analysis, seed: .random(in: .min ... .max))
            packet.forEach(in: recording.records) { bytes, dissection, facts, _ in
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
            for (index, text) in texts.enumerated() where texts.firstIndex(of: text) == index {
                out.append(text: "answer              \(text)\n")
            }
        } else {
            RecordedTraffic.writeHeading("What happened", to: &out)
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
        let accounts = report.conversations.map {
            (name: $0.transport == .tcp ? "TCP" : "UDP", account: ConversationAccount($0.packets))
        }
        if accounts.count == 1, let only = accounts.first {
            AccountText.write(only.account, to: &out)
        } else {
            AccountText.writeComparison(accounts, to: &out)
        }
    }

    // MARK: NDJSON

    func writeNDJSON(to out: inout OutputBuffer) {
        var json = RecordingJSON()
        for (stream, conversation) in report.conversations.enumerated() {
            for packet in conversation.packets { json.write(packet, stream, conversation, to: &out) }
        }
        if let both = traffic.bothEnds { CrossingJSON.write(both.scenes, to: &out) }
        if let wire = recording.wire { WireReport.writeNDJSON(wire, to: &out) }
        for call in report.calls { json.write(call, to: &out) }
        for (stream, conversation) in report.conversations.enumerated() {
            json.writeHandshake(conversation, stream, to: &out)
            json.write(ConversationAccount(conversation.packets), stream, to: &out)
        }
        for verdict in recording.verdicts { json.writeVerdict(verdict.word, verdict.text, to: &out) }
    }
}
