import Addressing
import Analysis
import ArgumentParser
import Capture
import Lab
import Packets
import Rendering
import Timeline

/// `netprobe merge A B`
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract:
            "Put the captures of two hosts together: what crossed, what was lost in between, how their clocks stand.",
        discussion: """
            Pairs the packets of two captures of the same traffic by what routers and address translation do not \
            change: TCP's numbers and timestamps, lengths, the payload. From the fastest packets each way it estimates \
            how the second clock stands to the first, with the bound that follows: no capture can tell more than half \
            of the fastest round trip. Then it draws every conversation between the two with a column for each host, \
            in the first one's time.
            TCP's bytes are followed where network cards cut segments or joined them on the way (offloads), so only \
            bytes that are missing are lost.
            A packet that left and was not seen to arrive is called lost; a capture that dropped it looks the same. \
            Packets of other conversations, and those from before the other capture's first packet or after its last, \
            are counted and left out, unless they were sent again and arrived then: those were lost.
            Exit status: 0 packets were paired, 1 none was, 2 a file cannot be read or written.

            Examples:
              netprobe merge client.pcapng server.pcapng
              netprobe merge client.pcap server.pcap --no-ladder -w both.pcapng
            """)

    @Argument(
        help: ArgumentHelp("The capture of the first host; its clock counts.", valueName: "A"), completion: .file())
    var first: String

    @Argument(help: ArgumentHelp("The capture of the second host.", valueName: "B"), completion: .file())
    var second: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write both captures into one pcapng file, the second one's times by the first one's clock.",
            valueName: "file"),
        completion: .file())
    var write: String?

    @Flag(help: "Leave out the ladders.")
    var noLadder = false

    @OptionGroup var colour: ColourOption

    func validate() throws {
        if first == "-" || second == "-" {
            throw ValidationError("merge reads each file twice: standard input cannot be one of them.")
        }
        if write == "-" { throw ValidationError("--write takes a file: standard output has the report.") }
    }

    func run() throws {
        if let write {
            for source in [first, second] { try OutputFile.refuse(write, reading: source) }
        }
        let depth = min(try Self.keptPayload(first), try Self.keptPayload(second))
        let places = [try Self.collect(first, depth), try Self.collect(second, depth)]
        guard let both = BothEnds(places) else {
            Diagnostics.write("no packet of \(first) is in \(second): they have nothing in common")
            throw Status.no
        }
        if let write { try MergedFile.write(first, second, both.pairing.clock, to: write) }
        let output = StandardOutput()
        var out = output.buffer(colour: colour.choice)
        MergeText.write(both.pairing, others: places.map(\.others), to: &out)
        if !noLadder {
            out.append(ascii: 10)
            LadderBook(both.scenes).write(.text(columns: Terminal.columns), to: &out)
        }
        try output.finish(&out)
    }

    /// How many payload bytes every cut packet has kept.
    private static func keptPayload(_ file: String) throws(CommandFailure) -> Int {
        var packets = try PacketStream(opening: file)
        var least = PacketContent.greatestDepth
        while try packets.advance() {
            least = min(least, Sighting.keptPayload(packets.bytes, packets.dissection) ?? least)
        }
        if let damage = packets.damage { throw CommandFailure("\(damage)") }
        return least
    }

    private static func collect(_ file: String, _ depth: Int) throws(CommandFailure) -> SightingCollector {
        var packets = try PacketStream(opening: file)
        var collector = SightingCollector(depth: depth, seed: .random(in: .min ... .max))
        while try packets.advance() { collector.take(packets.bytes, packets.dissection, packets.facts) }
        return collector
    }
}
