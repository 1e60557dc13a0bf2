import Addressing
import Analysis
import ArgumentParser
import Capture
import Conversations
import Lab
import Packets
import Rendering
import Sockets
import Text

/// `netprobe follow`
struct FollowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: "Show the bytes of a conversation in order, both directions.",
        usage: "netprobe follow [options] FILE STREAM",
        discussion: """
            STREAM is the number that "netprobe flows" shows: 3 or tcp:3 for tcp.stream, udp:3 for udp.stream. TCP is \
            put in order: segments that came again, overlap or overtook each other count once, and are named below; \
            bytes that were not captured are named where they are missing. At most 1 MiB a direction waits for a gap \
            to close.

            --ruler shows where segments begin and, in captures that "netprobe demo --write" made, what each send() \
            and recv() took: TCP keeps no message boundaries, and here one sees it.

            Exit status: 0 shown; 1 no such stream; 2 the file is damaged or cannot be opened; 64 wrong usage.
            """)

    @Flag(help: "Hexadecimal and ASCII, with positions.")
    var hex = false

    @Flag(help: "The bytes as they are, unescaped: for files and pipes.")
    var raw = false

    @Flag(help: "Only what the client sent.")
    var client = false

    @Flag(help: "Only what the server sent.")
    var server = false

    @Flag(help: "Show where segments and calls begin.")
    var ruler = false

    @OptionGroup var colour: ColourOption

    @Argument(help: ArgumentHelp("The capture file; - is standard input.", valueName: "file"))
    var file: String

    @Argument(help: ArgumentHelp("The stream: 3, tcp:3 or udp:3.", valueName: "stream"))
    var stream: String

    func validate() throws {
        _ = try StreamName(stream)
        if [hex, raw, ruler].filter({ $0 }).count > 1 {
            throw ValidationError("--hex, --raw and --ruler exclude each other.")
        }
        if client, server { throw ValidationError("--client and --server exclude each other.") }
    }

    func run() throws {
        let name = try StreamName(stream)
        // The calls of a share may stand on later packets than its bytes.
        let calls = ruler && file != "-" ? try Self.calls(in: file) : []
        let output = StandardOutput()
        var out = output.buffer(colour: raw ? .never : colour.choice)
        var follower = StreamFollower(
            name, style: raw ? .raw : hex ? .hex : ruler ? .ruler : .text, calls: calls, showsClient: !server,
            showsServer: !client)
        let damage = try StreamReading.read(file, [], needsTimes: false) { bytes, dissection, facts in
            if out.isOpen { follower.take(bytes, dissection, facts, to: &out) }
        }
        follower.finish(to: &out)
        try output.finish(&out)
        if let damage { throw CommandFailure("\(damage)") }
        if !follower.found {
            Diagnostics.write("\(file): has no \(name.text); \"netprobe flows\" lists the streams")
            throw Status.no
        }
    }

    private static func calls(in file: String) throws -> [SocketCall] {
        var calls: [SocketCall] = []
        // Damage is reported when the bytes are read.
        var packets = try PacketStream(opening: file, needs: .notes)
        while try packets.advance() { calls += CallComments.calls(in: packets.notes.comments) }
        return calls
    }
}

/// A stream as the user names it.
struct StreamName {
    let transport: Transport
    let number: UInt32

    init(_ transport: Transport, _ number: UInt32) {
        self.transport = transport
        self.number = number
    }

    init(_ text: String) throws {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let kind = parts.count == 2 ? parts[0] : "tcp"
        guard parts.count <= 2, kind == "tcp" || kind == "udp", let number = parts.last.flatMap({ UInt32($0) }) else {
            throw ValidationError("a stream is a number: 3, tcp:3 or udp:3, not \"\(text.escapedForDisplay)\".")
        }
        transport = kind == "tcp" ? .tcp : .udp
        self.number = number
    }

    var text: String { "\(transport == .tcp ? "tcp" : "udp").stream \(number)" }
}
