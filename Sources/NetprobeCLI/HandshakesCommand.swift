import ArgumentParser
import Capture
import Conversations
import Packets
import Rendering

/// `netprobe handshakes`
struct HandshakesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handshakes",
        abstract: "Show how each TCP connection of a capture was opened and closed, number by number.",
        usage: "netprobe handshakes [options] FILE [FILTER …]",
        discussion: """
            A card a connection: SYN, SYN-ACK and ACK with their sequence numbers and options, what was agreed, the round trip, SYNs
            that were sent again, and for connections that never came about what refused them: a RST, an ICMP error, or nobody.

            Exit status: 0 shown; 1 no TCP connection; 2 the file is damaged or cannot be opened; 64 wrong usage.
            """)

    @Option(help: ArgumentHelp("Only this connection (tcp.stream).", valueName: "n"))
    var stream: Int?

    @Flag(help: "Only connections that never came about.")
    var failed = false

    @Option(help: ArgumentHelp("Colour: auto, always or never.", valueName: "when"))
    var color = ColourChoice.auto

    @Argument(help: ArgumentHelp("The capture file; - is standard input.", valueName: "file"))
    var file: String

    @Argument(help: ArgumentHelp("A capture filter in tcpdump's language.", valueName: "filter"))
    var filter: [String] = []

    func run() throws {
        var collector = ConnectionCollector(only: stream)
        let damage = try StreamReading.read(file, filter) { bytes, dissection, facts in collector.take(bytes, dissection, facts) }
        let output = StandardOutput()
        var out = output.buffer(colour: color)
        var shown = 0
        for (number, connection) in collector.inOrder where !failed || connection.conversation.connection?.handshake.isComplete != true {
            if shown > 0 { out.append(ascii: 10) }
            shown += 1
            out.append(style: .bold)
            out.append(text: "tcp.stream \(number): \(connection.conversation.client) → \(connection.conversation.server)\n")
            out.append(style: .plain)
            HandshakeCard.write(connection.conversation, to: &out)
        }
        try output.finish(&out)
        if let damage { throw CommandFailure("\(damage)") }
        if shown == 0 { throw Status.no }
    }
}

/// The TCP connections of a capture, without their packets.
struct ConnectionCollector {
    struct Entry {
        var conversation: Conversation
    }

    private let only: Int?
    private var entries: [UInt32: Entry] = [:]

    init(only: Int?) { self.only = only }

    var inOrder: [(number: UInt32, entry: Entry)] { entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }

    mutating func take(_ bytes: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        let transport = facts.transport
        guard transport.tcpLayer >= 0, transport.has.contains(.stream), only.map({ $0 == Int(transport.tcpStream) }) ?? true else { return }
        let number = transport.tcpStream
        guard let ends = TransportEnds(bytes, dissection), ends.layer.start == transport.tcpLayer else {
            if let error = ICMPRefusal(bytes, dissection, number: facts.number, time: facts.timestamp) { entries[number]?.conversation.add(error) }
            return
        }
        guard let packet = ObservedPacket(bytes, dissection, facts) else { return }
        if entries[number] == nil {
            entries[number] = Entry(conversation: Conversation(first: packet, keepingPackets: false))
        } else {
            entries[number]?.conversation.add(packet)
        }
    }
}

/// Reads a capture for commands that look at streams: dissection and analysis of every packet.
enum StreamReading {
    /// - Returns: the damage that ended the file early; everything before it was handed out.
    static func read(
        _ path: String, _ filter: [String], _ body: (RawSpan, borrowing Dissection, borrowing PacketFacts) -> Void
    ) throws(CommandFailure) -> CaptureFileError? {
        let reader = try CaptureFiles.open(path)
        let bpf = filter.isEmpty ? nil : try CaptureFilterSet(filter.joined(separator: " "), for: reader.interfaces.first?.linkType)
        var packets = PacketPipeline(reader, needs: .analysis, captureFilter: bpf)
        while try packets.next() { body(packets.reader.bytes, packets.dissection, packets.facts) }
        return packets.damage
    }
}
