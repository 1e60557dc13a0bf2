import ArgumentParser
import Capture
import Conversations
import Diagnosis
import Packets
import Rendering
import Text

/// `netprobe handshakes`
struct HandshakesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handshakes",
        abstract: "Show how each TCP connection of a capture was opened and closed, number by number.",
        usage: "netprobe handshakes [options] FILE [FILTER …]",
        discussion: """
            A card a connection: SYN, SYN-ACK and ACK with their sequence numbers and options, what was agreed, the \
            round trip, SYNs that were sent again, and for connections that never came about what refused them: a RST, \
            an ICMP error, or nobody.
            Every sum is checked before it is printed as one; what was not captured is said to be missing.

            The file is read once, and a connection is kept while it is open: cards come in the order of the streams, \
            but a connection that stays open for long does not hold up more than a thousand others. Of many attempts \
            that came to nothing the first ten between two hosts have cards, the rest is told in a sentence; --failed \
            has a card for each.

            Exit status: 0 shown; 1 no such connection; 2 the file is damaged or cannot be opened; 64 wrong usage.

            Examples:
              netprobe handshakes echo.pcapng
              netprobe handshakes --failed big.pcap
              netprobe handshakes --stream 3 big.pcap
              netprobe handshakes big.pcap host 10.0.0.7
            """)

    @Option(help: ArgumentHelp("Only this connection (tcp.stream).", valueName: "n"))
    var stream: UInt32?

    @Flag(help: "Only connections that never came about.")
    var failed = false

    @OptionGroup var colour: ColourOption

    @OptionGroup var capture: CaptureArguments

    func run() throws {
        var queue = ConnectionQueue(only: stream)
        var printer = CardPrinter(onlyFailed: failed, isSelective: failed || stream != nil)
        let output = StandardOutput()
        var out = output.buffer(colour: colour.choice)
        let damage = try StreamReading.read(capture.file, capture.filter) { bytes, dissection, facts in
            guard out.isOpen else { return }
            queue.take(bytes, dissection, facts)
            while let (stream, connection) = queue.next() { printer.write(connection, stream, to: &out) }
        }
        for (stream, connection) in queue.finish() where out.isOpen { printer.write(connection, stream, to: &out) }
        printer.finish(to: &out)
        try output.finish(&out)
        if let damage { throw CommandFailure("\(damage)") }
        if printer.shown == 0 {
            let what = stream.map { "has no tcp.stream \($0)" } ?? "no TCP connection"
            Diagnostics.write(
                """
                \(capture.file): \(what)\(failed ? " that failed" : "")\
                \(capture.filter.isEmpty ? "" : " that passes the filter")\
                \(stream == nil ? "" : "; \"netprobe flows\" lists the streams")
                """
            )
            throw Status.no
        }
    }
}

/// Writes a card a connection, with a blank line between.
private struct CardPrinter {
    let onlyFailed: Bool
    /// Whether cards were asked for of which none may be left out.
    let isSelective: Bool
    private(set) var shown = 0
    private var vain = VainAttempts.shown

    init(onlyFailed: Bool, isSelective: Bool) {
        self.onlyFailed = onlyFailed
        self.isSelective = isSelective
    }

    mutating func write(_ conversation: Conversation, _ stream: UInt32, to out: inout OutputBuffer) {
        guard !onlyFailed || conversation.connection?.handshake.failed == true else { return }
        if !isSelective, let attempt = VainAttempt(conversation), !vain.tells(attempt) { return }
        if shown > 0 { out.append(ascii: 10) }
        shown += 1
        out.append(style: .bold)
        out.append(text: "tcp.stream \(stream): \(conversation.client) → \(conversation.server)\n")
        out.append(style: .plain)
        HandshakeCard.write(conversation, to: &out)
    }

    /// Sums up what has no card of its own.
    func finish(to out: inout OutputBuffer) { vain.writeSums(to: &out) }
}
