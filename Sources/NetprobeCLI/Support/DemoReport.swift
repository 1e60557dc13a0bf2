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
    static var catalogue: [GroupedList.Group] {
        DemoGroup.allCases.compactMap { group in
            let demos = DemoCatalogue.all.filter { $0.group == group }
            return demos.isEmpty ? nil : (group.rawValue, demos.map { ($0.name, $0.summary) })
        }
    }

    // MARK: Text

    /// What happened and the ladder; for some demos the streams, cards and account; then what else was asked for.
    func writeText(_ parts: ReportParts, columns: Int, to out: inout OutputBuffer) {
        writeVerdicts(columns, &out)
        if !parts.noLadder {
            traffic.writeLadders(columns: columns, isFirst: recording.verdicts.isEmpty, to: &out)
        }
        traffic.writeWire(to: &out)
        // Between two hosts each packet is recorded twice, and the stream would say so.
        if demo.showsRuler, recording.wire == nil { writeStreams(&out) }
        if demo.showsCards || parts.showsCards { writeCards(&out) }
        if demo.showsCards || parts.showsAccount { traffic.writeAccount(to: &out) }
        if parts.showsPackets { traffic.writePackets(to: &out) }
    }

    private func writeCards(_ out: inout OutputBuffer) {
        for conversation in report.conversations {
            RecordedTraffic.writeHeading(
                conversation.transport == .tcp ? "TCP handshake and teardown" : "UDP", to: &out)
            HandshakeCard.write(conversation, isClientsView: recording.wire != nil, to: &out)
            ChecksumNote.write(conversation, to: &out)
        }
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

    private func writeVerdicts(_ columns: Int, _ out: inout OutputBuffer) {
        if recording.verdicts.isEmpty { return }
        RecordedTraffic.writeHeading("What happened", isFirst: true, to: &out)
        // Parts that say the same say it once.
        let texts = recording.verdicts.map(\.text)
        for (index, verdict) in recording.verdicts.enumerated() where texts.firstIndex(of: verdict.text) == index {
            let isGood = if case .shown = verdict { true } else { false }
            VerdictText.write(verdict.text, isGood: isGood, columns: columns, to: &out)
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
