import ArgumentParser
import Capture
import Conversations
import Lab
import Packets
import Rendering
import Sockets
import SystemPackage

/// `netprobe ladder FILE`
struct LadderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ladder",
        abstract: "Draw the packets of a capture as a sequence diagram, with the socket calls that it keeps.",
        discussion: """
            Reads pcap and pcapng. A file that `netprobe demo --write` made has every socket call as a comment on its packet; \
            the ladder shows them beside the segments. Times are microseconds since the first row.
            """)

    @Argument(help: "The capture file; - is standard input.")
    var file: String

    @Argument(help: ArgumentHelp("Only packets that pass a capture filter in tcpdump's language.", valueName: "filter"))
    var filter: [String] = []

    @Option(help: ArgumentHelp("Colour: auto, always or never.", valueName: "when"))
    var color = ColourChoice.auto

    func run() throws {
        let reader = try CaptureFiles.open(file)
        let bpf = filter.isEmpty ? nil : try CaptureFilterSet(filter.joined(separator: " "), for: reader.interfaces.first?.linkType)
        // The filter chooses packets to draw: states and relative numbers count from every packet, and calls stay with their
        // conversation whatever packet they were kept on.
        var source = PacketPipeline(reader, needs: [.notes, .analysis])
        var filterSet = bpf
        var collector = ConversationCollector()
        var calls: [SocketCall] = []
        while try source.next() {
            let isShown = try filterSet?.matches(source.header, source.reader.bytes) ?? true
            collector.take(source.reader.bytes, source.dissection, source.facts, keeping: isShown)
            if !source.notes.comments.isEmpty { calls += CallComments.calls(in: source.notes.comments) }
        }
        let report = ConversationReport(collector.conversations, calls: calls)
        let output = StandardOutput()
        var out = output.buffer(colour: color)
        report.writeLadders(columns: Terminal.columns, isWhole: filter.isEmpty, to: &out)
        try output.finish(&out)
        if let damage = source.damage { throw CommandFailure("\(damage)") }
        if report.conversations.isEmpty {
            Diagnostics.write("\(file): no TCP or UDP conversation\(bpf == nil ? "" : " passes the filter")")
            throw Status.no
        }
    }
}
