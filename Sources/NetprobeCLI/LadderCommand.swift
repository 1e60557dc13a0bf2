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

    @Option(help: ArgumentHelp("Colour: auto, always or never.", valueName: "when"))
    var color = ColourChoice.auto

    func run() throws {
        var (packets, calls): ([ObservedPacket], [SocketCall]) = ([], [])
        let damage = try CaptureFiles.read(file) { header, bytes, dissection, comments in
            if let packet = ObservedPacket(bytes, dissection, PacketFacts(header)) { packets.append(packet) }
            calls += CallComments.calls(in: comments)
        }
        let output = StandardOutput()
        var out = output.buffer(colour: color)
        ConversationReport(packets: packets, calls: calls).writeLadders(columns: Terminal.columns, to: &out)
        try output.finish(&out)
        if let damage { throw CommandFailure("\(damage)") }
    }
}
