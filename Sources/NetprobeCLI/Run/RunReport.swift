import Addressing
import Capture
import Conversations
import Lab
import Packets
import Rendering
import Sockets
import Timeline

/// What a run prints once the programs are gone.
struct RunReport {
    private let recording: RunRecording
    private let report: ConversationReport
    private let failures: [CallFailure]
    private let stream: Int?
    /// Both hosts' view; nil on loopback.
    private let twoHosts: TwoHostReport?

    /// So many conversations are drawn unless one is asked for.
    private static let mostLadders = 10

    init(_ recording: RunRecording, stream: Int?) {
        self.recording = recording
        self.stream = stream
        let twoHosts = recording.wire.flatMap { TwoHostReport(recording.records, client: $0.client, server: $0.server, calls: recording.calls) }
        self.twoHosts = twoHosts
        // Cards are the client's view where there are two hosts; for failed calls a packet counts as it left.
        report = ConversationReport(twoHosts?.firstHost(recording.records) ?? recording.records, calls: recording.calls)
        let records = recording.wire.map { wire in recording.records.filter { wire.left($0) } } ?? recording.records
        var packets: [ObservedPacket] = []
        var errors: [ICMPRefusal] = []
        var dissection = Dissection()
        for record in records {
            let bytes = record.bytes.rawSpan
            Dissector().dissect(bytes, linkType: record.header.linkType, wireLength: record.header.wireLength, into: &dissection)
            let facts = PacketFacts(record.header)
            if let packet = ObservedPacket(bytes, dissection, facts) {
                packets.append(packet)
            } else if let error = ICMPRefusal(bytes, dissection, number: facts.number, time: facts.timestamp) {
                errors.append(error)
            }
        }
        failures = CallFailure.all(of: recording.calls, packets: packets, icmpErrors: errors)
    }

    /// Whether every program did what it was to: status 0, or a server that was ended after its clients.
    static func succeeded(_ recording: RunRecording) -> Bool {
        // The end of the time is that of the look alone where the program goes on.
        if recording.stop == .timeout, !recording.endings.isEmpty, recording.endings.allSatisfy({ $0.ending == .leftRunning }) { return true }
        return recording.stop == nil && recording.endings.allSatisfy { program in
            switch program.ending {
            case .exited(0), .leftRunning: true
            case .stopped: program.isServer
            default: false
            }
        }
    }

    func write(ladder: Bool, columns: Int?, to out: inout OutputBuffer) {
        if let wire = recording.wire, stream == nil { WireReport.writePackets(recording.records, wire, to: &out) } else { writePackets(&out) }
        let chosen = chosenConversations
        if ladder, let twoHosts {
            heading("Ladder: each host's calls and packets at its own times", &out)
            twoHosts.writeLadders(of: stream, atMost: Self.mostLadders, columns: columns, to: &out)
            LadderText.writeNote(recording.calls, to: &out)
        } else if ladder, !chosen.isEmpty || !recording.calls.isEmpty {
            heading("Ladder: calls and packets in the order in which they happened", &out)
            report.writeLadders(of: chosen, columns: columns, isWhole: stream == nil, to: &out)
        }
        for index in chosen where report.conversations[index].transport == .tcp {
            heading("TCP handshake and teardown", &out)
            HandshakeCard.write(report.conversations[index], to: &out)
        }
        if stream == nil, report.conversations.count > chosen.count {
            out.append(text: "\n\(report.conversations.count) conversations; the first \(chosen.count) are drawn. --stream N draws number N (from 0).\n")
        }
        if let wire = recording.wire {
            heading("Wire", &out)
            WireReport.write(wire, to: &out)
        }
        writeFailures(&out)
        writeEndings(&out)
    }

    /// One JSON object a line: what `demo --ndjson` writes (packets, crossings, the wire, calls, handshakes), then each failed call with its sentence, and each program's ending.
    func writeNDJSON(to out: inout OutputBuffer) {
        var json = DemoJSON()
        for number in askedConversations {
            for packet in report.conversations[number].packets { json.write(packet, number, report.conversations[number], to: &out) }
        }
        if let twoHosts { WireJSON.write(twoHosts.diagrams, of: stream, to: &out) }
        if let wire = recording.wire { WireJSON.write(wire, to: &out) }
        for call in report.calls { json.write(call, to: &out) }
        for number in askedConversations {
            json.writeHandshake(report.conversations[number], number, to: &out)
            json.write(ConversationAccount(report.conversations[number].packets), number, to: &out)
        }
        for failure in failures { json.write(failure, to: &out) }
        for program in recording.endings { json.writeProgram(program.end.rawValue, Self.text(program.ending, isServer: program.isServer), to: &out) }
    }

    /// The one that was asked for, or all.
    private var askedConversations: [Int] {
        report.conversations.indices.filter { stream == nil || stream == $0 }
    }

    /// Those that are drawn.
    private var chosenConversations: [Int] { Array(askedConversations.prefix(Self.mostLadders)) }

    private func writePackets(_ out: inout OutputBuffer) {
        heading("Packets", first: true, &out)
        var lines = RecordPrinter()
        let only = stream.map { number -> Set<Int> in
            report.conversations.indices.contains(number) ? Set(report.conversations[number].packets.map(\.number)) : []
        }
        var quiet = OutputBuffer { _ in true }
        for record in recording.records {
            // Relative numbers count from the first packet, so all go through.
            if only?.contains(record.header.number) ?? true {
                lines.write(record.header, record.bytes.rawSpan, to: &out)
            } else {
                lines.write(record.header, record.bytes.rawSpan, to: &quiet)
            }
        }
        if recording.records.isEmpty { out.append("none\n") }
    }

    /// One sentence a failed call; the same one many times is told once, with its number.
    private func writeFailures(_ out: inout OutputBuffer) {
        if failures.isEmpty { return }
        heading("Calls that failed, and why", &out)
        var counts: [String: Int] = [:]
        var order: [String] = []
        for failure in failures {
            let sentence = CallFailureText.sentence(failure)
            if counts[sentence] == nil { order.append(sentence) }
            counts[sentence, default: 0] += 1
        }
        for sentence in order {
            let count = counts[sentence] ?? 1
            out.append(text: sentence + (count > 1 ? " (\(count) times)" : "") + "\n")
        }
    }

    private func writeEndings(_ out: inout OutputBuffer) {
        heading("Programs", &out)
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

    private func heading(_ text: String, first: Bool = false, _ out: inout OutputBuffer) {
        if !first || !recording.records.isEmpty { out.append(ascii: 10) }
        out.append(style: .bold)
        out.append(text: text)
        out.append(style: .plain)
        out.append(ascii: 10)
    }
}
