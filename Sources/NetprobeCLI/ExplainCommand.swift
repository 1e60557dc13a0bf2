import ArgumentParser
import Capture
import Conversations
import Diagnosis
import Packets
import Rendering
import Sockets
import Text
import Timeline

/// `netprobe explain`
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell in plain sentences what happened in each conversation, and why it ended as it did.",
        usage: "netprobe explain [options] FILE [FILTER …]",
        discussion: """
            Who connected, what was agreed, how much was sent, what was lost and how it was repaired, why it ended. Each sentence \
            begins with the packets that it rests on, and says no more than they show. Where the capture keeps socket calls (netprobe \
            demo --write), the call behind an event stands below it. FILTER is tcpdump's language. The first turns and the first \
            events of a kind are told one by one, the rest in one sentence.

            The file is read once, and a conversation is kept while it is open: stories come in the order in which conversations \
            began, but one that stays open for long does not hold up more than a thousand others. UDP knows no end: a UDP exchange is told \
            at the end of the file, or when 16,384 others had a packet after it; what comes of it after that is told apart.

            With --ndjson "event" names what happened: opened, opened_at_once (both ends sent a SYN before they had the other's), \
            joined (the capture begins later), refused, unanswered, data, retransmission, gap, closed, reset, still_open, total and so on; \
            "text" is the sentence.

            Exit status: 0 told; 1 no conversation; 2 the file is damaged (what comes before is told) or cannot be opened; 64 wrong \
            usage.

            Examples:
              netprobe explain echo.pcapng
              netprobe explain --stream 3 big.pcap
              netprobe explain --stream udp:0 big.pcap
              netprobe explain --ndjson big.pcap tcp port 443
            """)

    @Option(
        help: ArgumentHelp("Only this conversation: 3 or tcp:3 for tcp.stream, udp:3 for udp.stream.", valueName: "n"))
    var stream: String?

    @Flag(help: "JSON, a line an event.")
    var ndjson = false

    @OptionGroup var colour: ColourOption

    @OptionGroup var capture: CaptureArguments

    func validate() throws {
        if let stream { _ = try StreamName(stream) }
    }

    func run() throws {
        let only = try stream.map { try StreamName($0) }
        var book = StoryBook(only: only.map { Set([ConversationName($0.transport, $0.number)]) }, releasing: true)
        let output = StandardOutput()
        var out = output.buffer(colour: colour.choice)
        var writer = StoryWriter(isJSON: ndjson)
        var calls: [CapturedCall] = []
        /// Stories that ended before the file did. With calls they wait: the call behind an event may stand further on.
        var held: [Story] = []
        let damage = try StreamReading.read(capture.file, capture.filter, calls: &calls) {
            bytes, dissection, facts, hasCalls in
            guard out.isOpen else { return }
            book.take(bytes, dissection, facts)
            while let story = book.next() { if hasCalls { held.append(story) } else { writer.write(story, to: &out) } }
        }
        try writer.setCalls(calls, failures: failures(calls.map(\.comment.call)))
        for story in held + book.finish() where out.isOpen { writer.write(story, to: &out) }
        try output.finish(&out)
        if let damage { throw CommandFailure("\(damage)") }
        if writer.count == 0 {
            Diagnostics.write(
                "\(capture.file): \(only.map { "has no \($0.text)" } ?? "no TCP or UDP conversation")\(capture.filter.isEmpty ? "" : " that passes the filter")"
            )
            throw Status.no
        }
    }

    /// Why calls failed stands in the packets: they are read once more where one did.
    private func failures(_ calls: [SocketCall]) throws -> [CallFailure] {
        let someFailed = calls.contains { if case .failed = $0.result { true } else { false } }
        guard someFailed, capture.file != "-" else { return [] }
        var packets: [ObservedPacket] = []
        var errors: [ICMPRefusal] = []
        _ = try StreamReading.read(capture.file, [], isRepeated: true) { bytes, dissection, facts in
            if let packet = ObservedPacket(bytes, dissection, facts) {
                packets.append(packet)
            } else if let error = ICMPRefusal(bytes, dissection, number: facts.number) {
                errors.append(error)
            }
        }
        return CallFailure.all(of: calls, packets: packets, icmpErrors: errors)
    }
}

/// Writes stories one after the other, as text with a blank line between, or as JSON.
private struct StoryWriter: ~Copyable {
    private let isJSON: Bool
    private var text = StoryText(columns: Terminal.columns)
    private var json = StoryJSON(calls: [])
    private var evidence = CallEvidence([])
    private(set) var count = 0

    init(isJSON: Bool) { self.isJSON = isJSON }

    mutating func setCalls(_ calls: [CapturedCall], failures: [CallFailure]) {
        guard !calls.isEmpty else { return }
        evidence = CallEvidence(calls)
        text = StoryText(columns: Terminal.columns, calls: calls.map(\.comment.call), failures: failures)
        json = StoryJSON(calls: calls.map(\.comment.call))
    }

    mutating func write(_ story: Story, to out: inout OutputBuffer) {
        count += 1
        let story = evidence.added(to: story)
        if isJSON { return json.write(story, to: &out) }
        if count > 1 { out.append(ascii: 10) }
        text.write(story, to: &out)
    }
}
