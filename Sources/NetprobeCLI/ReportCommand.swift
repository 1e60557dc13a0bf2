import Analysis
import ArgumentParser
import Capture
import Conversations
import Diagnosis
import Packets
import Rendering
import Sockets

/// `netprobe report`
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a capture as one HTML page: summary, protocols, conversations, stories, ladders, plots.",
        usage: "netprobe report [options] FILE [FILTER …] -o FILE.html",
        discussion: """
            The page needs no network and nothing besides itself: it can be mailed, printed, and read in ten years. \
            The conversations with the most data are told in detail; the table has the \(ReportPage.rows) largest. \
            FILTER is tcpdump's language.

            Exit status: 0 written; 1 no packet (the page says so); 2 the file is damaged (what comes before is in the \
            page) or cannot be opened; 64 wrong usage.

            Examples:
              netprobe report echo.pcapng -o echo.html
              netprobe report --details 200 big.pcap tcp port 443 -o big.html
            """)

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("The page's file; - is standard output.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("How many conversations are told in detail.", valueName: "n"))
    var details = 50

    @Argument(
        help: ArgumentHelp(
            """
            The capture file; - is standard input, of which a copy is kept for the time, because it is read three times.
            """,
            valueName: "file"))
    var file: String

    @Argument(help: ArgumentHelp("A capture filter in tcpdump's language.", valueName: "filter"))
    var filter: [String] = []

    func validate() throws {
        if details < 0 { throw ValidationError("--details must be at least 0.") }
    }

    func run() throws {
        try OutputFile.refuse(output, reading: file)
        var tracker = FlowTracker(seed: .random(in: .min ... .max))
        let capture = try RereadableCapture(file)
        // Standard input's copy has one place to read at: one reading after the other.
        let evidence = CopyEvidence(of: try capture.open())
        let warnings = try count(capture, evidence, into: &tracker)
        var report = ReportCollector(Self.largest(tracker, details))
        var calls: [CapturedCall] = []
        try StreamReading.readCalls(capture.open(), &calls)
        let damage = try collect(capture, evidence, into: &report)
        let page = ReportPage(name: capture.name, calls: calls)
        try OutputFile.write(output) {
            page.write(report, flows: tracker, notices: warnings + (damage.map { ["\($0)"] } ?? []), to: &$0)
        }
        if let damage { throw CommandFailure("\(damage)") }
        if tracker.packets == 0 {
            Diagnostics.write(
                "\(file): \(filter.isEmpty ? "has no packet" : "no packet passes the filter"), and the page says so")
            throw Status.no
        }
    }

    /// Counts the flows of a capture.
    /// - Returns: what there was to warn of.
    private func count(
        _ capture: borrowing RereadableCapture, _ evidence: CopyEvidence, into tracker: inout FlowTracker
    ) throws(CommandFailure) -> [String] {
        var packets = try PacketStream(
            capture.open(), filter, needs: [.analysis, .messages], leavingOut: .whenTelling, copyEvidence: evidence)
        while try packets.advanceOverAll() {
            let header = packets.header
            tracker.take(
                packets.bytes, packets.dissection, wireLength: header.wireLength, number: header.number,
                time: header.timestamp, isCounted: packets.passes, earlier: packets.facts.earlierFragments)
        }
        return packets.warn(file: file)
    }

    /// Collects what the page tells.
    /// - Returns: the damage that ended the file early.
    private func collect(
        _ capture: borrowing RereadableCapture, _ evidence: CopyEvidence, into report: inout ReportCollector
    ) throws(CommandFailure) -> CaptureFileError? {
        var packets = try PacketStream(
            capture.open(), filter, needs: [.analysis, .messages], leavingOut: .whenTelling, copyEvidence: evidence)
        while try packets.advance() { report.take(packets.bytes, packets.dissection, packets.facts) }
        return packets.damage
    }

    /// The TCP and UDP conversations that carried most.
    private static func largest(_ tracker: borrowing FlowTracker, _ count: Int) -> Set<ConversationName> {
        var names: [(name: ConversationName, bytes: UInt64)] = []
        for number in 0..<tracker.count {
            let (key, record) = tracker[number]
            guard record.packets > 0, key.flowProtocol == .tcp || key.flowProtocol == .udp else { continue }
            names.append((ConversationName(key.flowProtocol == .tcp ? .tcp : .udp, record.stream), record.bytes))
        }
        let largest = names.enumerated().sorted {
            $0.element.bytes != $1.element.bytes ? $0.element.bytes > $1.element.bytes : $0.offset < $1.offset
        }
        return Set(largest.prefix(count).map(\.element.name))
    }
}
