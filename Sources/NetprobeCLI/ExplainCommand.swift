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
        abstract: "Tell in plain sentences what happened in a capture, and why.",
        usage: "netprobe explain [options] FILE [FILTER …]",
        discussion: """
            Who connected, what was agreed, how much was sent, what was lost and how it was repaired, why it ended. \
            Each sentence begins with the packets that it rests on, and says no more than they show. Where the capture \
            keeps socket calls (netprobe demo --write), the call behind an event stands below it. FILTER is tcpdump's \
            language. The first turns and the first events of a kind are told one by one, the rest in one sentence. \
            Then it tells what is of no one conversation: ARP and neighbour discovery, DHCP, pings, traces, packets \
            that were too big, fragments, DNS; of what is left over how much there is of each protocol. Of a capture \
            with more than three stories what matters most stands in front.

            The file is read once, and a conversation is kept while it is open: stories come in the order in which \
            conversations began, but one that stays open for long does not hold up more than a thousand others. UDP \
            knows no end: a UDP exchange is told at the end of the file, or when 16,384 others had a packet after it; \
            what comes of it after that is told apart. Of attempts to connect that nobody answers 16,384 are kept, \
            too; many that came to nothing are told together, whether a scan, a sweep over hosts, or a flood.

            With --ndjson "event" names what happened: opened, opened_at_once (both ends sent a SYN before they had \
            the other's), joined (the capture begins later), refused, unanswered, data, retransmission, gap, \
            one_direction (the other is not in the capture), closed, reset, still_open, total and so on; "text" is \
            the sentence. What is of no conversation has "topic" (arp, neighbours, dhcp, echo, traceroute, path_mtu, \
            fragments, dns, vain_attempts, late_segments, others) in place of "transport", "stream", "client" and \
            "server".

            What a capture cannot tell is said first: gaps, a clock that was set back, packets that were captured \
            twice and are told once.

            Exit status: 0 told; 1 nothing to tell; 2 the file is damaged (what comes before is told) or cannot be \
            opened; 64 wrong usage.

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
        var diagnosis = CaptureDiagnosis(only: only.map { Set([ConversationName($0.transport, $0.number)]) })
        let output = StandardOutput()
        var out = output.buffer(colour: colour.choice)
        var writer = StoryWriter(isJSON: ndjson, colour: colour.choice)
        var calls: [CapturedCall] = []
        /// Stories that ended before the file did. With calls they wait: the call behind an event may stand further on.
        var held: [Story] = []
        let damage = try StreamReading.read(capture.file, capture.filter, calls: &calls) {
            bytes, dissection, facts, hasCalls in
            guard out.isOpen else { return }
            diagnosis.take(bytes, dissection, facts)
            if hasCalls { diagnosis.tellsEach = true }
            while let story = diagnosis.next() {
                if hasCalls { held.append(story) } else { writer.write(story, to: &out) }
            }
        }
        try writer.setCalls(calls, failures: failures(calls.map(\.comment.call)))
        for story in held where out.isOpen { writer.write(story, to: &out) }
        diagnosis.finish()
        while out.isOpen, let story = diagnosis.next() { writer.write(story, to: &out) }
        for story in diagnosis.topics() where out.isOpen { writer.write(story, to: &out) }
        try writer.finish(diagnosis.foremost, to: &out)
        try output.finish(&out)
        if let damage { throw CommandFailure("\(damage)") }
        if writer.count == 0 {
            let missing = only.map { "has no \($0.text)" } ?? "nothing to explain"
            Diagnostics.write("\(capture.file): \(missing)\(capture.filter.isEmpty ? "" : " that passes the filter")")
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

/// Writes stories one after the other, as text with a blank line between, or as JSON. Text waits in a spool until it is
/// known what matters most in the whole capture: that stands in front.
private struct StoryWriter: ~Copyable {
    /// Of so few stories each can be read at a glance: nothing stands in front.
    private static let fewStories = 3

    private let isJSON: Bool
    private var text = StoryText(columns: Terminal.columns)
    private var json = StoryJSON(calls: [])
    private var evidence = CallEvidence([])
    private let spool = OutputSpool()
    private var spooled: OutputBuffer
    private(set) var count = 0

    init(isJSON: Bool, colour: ColourChoice) {
        self.isJSON = isJSON
        spooled = spool.buffer(colour: colour)
    }

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
        if count > 1 { spooled.append(ascii: 10) }
        text.write(story, to: &spooled)
    }

    mutating func write(_ story: TopicStory, to out: inout OutputBuffer) {
        count += 1
        if isJSON { return json.write(story, to: &out) }
        if count > 1 { spooled.append(ascii: 10) }
        text.write(story, to: &spooled)
    }

    /// Writes what waited, behind what matters most.
    mutating func finish(_ foremost: Foremost, to out: inout OutputBuffer) throws(CommandFailure) {
        if isJSON { return }
        if count > Self.fewStories, !foremost.all.isEmpty {
            text.write(foremost, to: &out)
            out.append(ascii: 10)
        }
        spooled.flush()
        try spool.copy(to: &out)
    }
}
