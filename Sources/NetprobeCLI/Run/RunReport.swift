import Addressing
import Capture
import Conversations
import Diagnosis
import Lab
import Packets
import Rendering
import Sockets
import Text
import Timeline

/// What a run prints once the programs are gone.
struct RunReport {
    private let recording: RunRecording
    private let traffic: RecordedTraffic
    private var report: ConversationReport { traffic.report }
    private let failures: [CallFailure]
    private let programs: [ProgramEnd]
    private let verdict: RunVerdict
    private let stream: Int?

    /// - Parameters:
    ///   - showingData: whether lines and ladders say what the packets carry.
    ///   - isPrivate: whether the programs ran in a network of their own.
    init(_ recording: RunRecording, stream: Int?, showingData: Bool, isPrivate: Bool) {
        self.recording = recording
        self.stream = stream
        traffic = RecordedTraffic(recording.records, recording.wire, calls: recording.calls, showingData: showingData)
        programs = recording.endings.map { ProgramEnd($0.end, isServer: $0.isServer, $0.ending) }
        let network: RunDiagnosis.Network =
            recording.wire != nil ? .twoHosts : isPrivate ? .loopbackAlone : .host
        let diagnosis = traffic.diagnosis(ended: recording.ended, network: network)
        failures = diagnosis.failures
        verdict = RunVerdict(
            failures, found: diagnosis.findings, programs: programs, conversations: traffic.report.conversations,
            sawCalls: recording.isTraced)
    }

    /// Whether every program did what it was to: status 0, or a server that was ended after its clients.
    static func succeeded(_ recording: RunRecording) -> Bool {
        // The end of the time is that of the look alone where the program goes on.
        if recording.stop == .timeout, !recording.endings.isEmpty,
            recording.endings.allSatisfy({ $0.ending == .leftRunning })
        {
            return true
        }
        return recording.stop == nil
            && recording.endings.allSatisfy { ProgramEnd($0.end, isServer: $0.isServer, $0.ending).isGood }
    }

    /// What happened, the picture, and how the programs ended; then what else was asked for.
    func write(_ parts: ReportParts, columns: Int, to out: inout OutputBuffer) {
        // Above stands what the programs wrote.
        RecordedTraffic.writeHeading("What happened", to: &out)
        VerdictText.write(verdict, columns: columns, to: &out)
        if report.calls.contains(where: { $0.transport == .unix }) {
            let text = "AF_UNIX sockets send no packets: the kernel copies from process to process, without a network."
            for line in Paragraph.lines(of: text, width: columns) { out.append(text: line + "\n") }
        }
        if !parts.noLadder {
            traffic.writeLadders(of: stream, columns: columns, to: &out)
            if stream == nil, report.conversations.count > 1 {
                out.append(
                    text: "\(report.conversations.count) conversations: --stream N draws number N alone, from 0.\n")
            }
        }
        traffic.writeWire(to: &out)
        RecordedTraffic.writeHeading("Programs", to: &out)
        ProgramsText.write(programs, to: &out)
        if parts.showsPackets { traffic.writePackets(of: stream, to: &out) }
        if parts.showsCards { writeCards(&out) }
        if parts.showsAccount { traffic.writeAccount(of: stream, to: &out) }
    }

    /// One JSON object a line: what `demo --ndjson` writes (packets, crossings, the wire, calls, handshakes), then each
    /// failed call with its sentence, and each program's ending.
    func writeNDJSON(to out: inout OutputBuffer) {
        var json = RecordingJSON()
        for number in askedConversations {
            for packet in report.conversations[number].packets {
                json.write(packet, number, report.conversations[number], to: &out)
            }
        }
        if let both = traffic.bothEnds { CrossingJSON.write(both.scenes, of: stream, to: &out) }
        if let wire = recording.wire { WireReport.writeNDJSON(wire, to: &out) }
        for call in report.calls { json.write(call, to: &out) }
        for number in askedConversations {
            json.writeHandshake(report.conversations[number], number, to: &out)
            json.write(ConversationAccount(report.conversations[number].packets), number, to: &out)
        }
        for failure in failures { json.write(failure, to: &out) }
        for entry in verdict.entries { json.writeVerdict(entry.finding, to: &out) }
        for program in programs { json.writeProgram(program.end.rawValue, ProgramsText.text(program), to: &out) }
    }

    /// The one that was asked for, or all.
    private var askedConversations: [Int] {
        report.conversations.indices.filter { stream == nil || stream == $0 }
    }

    private func writeCards(_ out: inout OutputBuffer) {
        let scenes = report.scenes
        for index in askedConversations where report.conversations[index].transport == .tcp {
            RecordedTraffic.writeHeading("TCP handshake and teardown", to: &out)
            let lanes = scenes.scene(of: index).lanes
            let stopped = StoppedEnds(client: ended(lanes[0].programs), server: ended(lanes[1].programs))
            HandshakeCard.write(
                report.conversations[index], stopped: stopped, isClientsView: recording.wire != nil, to: &out)
        }
    }

    /// When the first of some programs was ended; nil unless all were.
    private func ended(_ ends: [SocketCall.End]) -> Timestamp? {
        let times = ends.compactMap { recording.ended[$0.program] }
        return times.count == ends.count ? times.min() : nil
    }
}
