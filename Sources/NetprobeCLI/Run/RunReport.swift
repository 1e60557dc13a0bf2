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
    private let stream: Int?

    /// So many conversations are drawn unless one is asked for.
    private static let mostLadders = 10

    /// - Parameter showingData: whether lines and ladders say what the packets carry.
    init(_ recording: RunRecording, stream: Int?, showingData: Bool) {
        self.recording = recording
        self.stream = stream
        traffic = RecordedTraffic(recording.records, recording.wire, calls: recording.calls, showingData: showingData)
        failures = traffic.failures(ended: recording.ended)
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
            && recording.endings.allSatisfy { program in
                switch program.ending {
                case .exited(0), .leftRunning: true
                case .stopped: program.isServer
                default: false
                }
            }
    }

    func write(ladder: Bool, columns: Int?, to out: inout OutputBuffer) {
        let chosen = chosenConversations
        // Above stands what the programs wrote.
        if !recording.records.isEmpty { out.append(ascii: 10) }
        traffic.writePackets(of: stream, to: &out)
        if report.calls.contains(where: { $0.transport == .unix }) {
            out.append(
                """
                AF_UNIX sockets send no packets: the kernel copies from process to process, without a \
                network. Their calls are below.\n
                """
            )
        }
        if ladder { traffic.writeLadders(of: stream, atMost: Self.mostLadders, columns: columns, to: &out) }
        writeCards(chosen, &out)
        if stream == nil, report.conversations.count > chosen.count {
            out.append(
                text:
                    """
                    \n\(report.conversations.count) conversations; the first \(chosen.count) are drawn. \
                    --stream N draws number N (from 0).\n
                    """
            )
        }
        traffic.writeWire(to: &out)
        writeFailures(&out)
        writeEndings(&out)
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
        for program in recording.endings {
            json.writeProgram(program.end.rawValue, Self.text(program.ending, isServer: program.isServer), to: &out)
        }
    }

    /// The one that was asked for, or all.
    private var askedConversations: [Int] {
        report.conversations.indices.filter { stream == nil || stream == $0 }
    }

    /// Those that are drawn.
    private var chosenConversations: [Int] { Array(askedConversations.prefix(Self.mostLadders)) }

    private func writeCards(_ chosen: [Int], _ out: inout OutputBuffer) {
        let scenes = report.scenes
        for index in chosen where report.conversations[index].transport == .tcp {
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

    /// One sentence a call that failed, and one a call that still waited; the same one many times is told once, with
    /// its number.
    private func writeFailures(_ out: inout OutputBuffer) {
        write(failures.filter { !$0.isStillWaiting }, "Calls that failed, and why", &out)
        write(failures.filter(\.isStillWaiting), "Calls that still waited at the end", &out)
    }

    private func write(_ failures: [CallFailure], _ title: String, _ out: inout OutputBuffer) {
        if failures.isEmpty { return }
        RecordedTraffic.writeHeading(title, to: &out)
        for line in FindingLines.lines(failures.map(\.finding)) { out.append(text: line + "\n") }
    }

    private func writeEndings(_ out: inout OutputBuffer) {
        RecordedTraffic.writeHeading("Programs", to: &out)
        let width = (recording.endings.map(\.end.rawValue.count).max() ?? 0) + 2
        for program in recording.endings {
            out.append(escaping: program.end.rawValue)
            out.append(spaces: max(1, width - program.end.rawValue.count))
            out.append(text: Self.text(program.ending, isServer: program.isServer) + "\n")
        }
    }

    private static func text(_ ending: ProgramEnding, isServer: Bool) -> String {
        switch ending {
        case .exited(let status): "ended with status \(status)"
        case .killed(let signal): "was killed by signal \(signal)"
        case .notStarted(let errno): "could not be started (\(errno.escapedForDisplay))"
        case .stopped: isServer ? "was ended: it would have gone on" : "was ended"
        case .leftRunning: "goes on"
        case .neverStarted: "was not started: a server did not listen by then"
        }
    }
}
