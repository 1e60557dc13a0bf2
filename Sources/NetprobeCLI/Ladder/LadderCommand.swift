import ArgumentParser
import Capture
import Conversations
import Diagnosis
import Lab
import Packets
import Rendering
import Sockets
import SystemPackage
import Text
import Timeline

/// `netprobe ladder`
struct LadderCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, markdown, mermaid, svg
    }

    /// A picture keeps all that is in it to the end: so many conversations, no more.
    private static let mostInPicture = 1000

    static let configuration = CommandConfiguration(
        commandName: "ladder",
        abstract: "Draw conversations of a capture as sequence diagrams, with the socket calls that the capture keeps.",
        usage: "netprobe ladder [options] FILE [FILTER …]",
        discussion: """
            Time runs downwards, an arrow is a packet, and beside it stands what it did to the TCP state of both ends \
            (RFC 9293), as seen from between them. What TCP analysis says of a segment has Wireshark's names: \
            [Retransmission], [Dup ACK 6#1], [ZeroWindow]. What was sent stands behind its length, in quotation marks \
            where it is text, cut to the room there is. ICMP errors stand in the conversation that they quote. In a \
            file that "netprobe demo --write" made, the socket calls stand beside the packets.

            FILTER (tcpdump's language) and -Y (Wireshark's) choose packets: what does not pass is not drawn, but \
            states and relative numbers count from every packet. A file that has both ends of a wire (of "netprobe \
            demo" or "run" with --wire two-hosts, or of "netprobe merge") is drawn with a column for each host, each \
            with its own times. Silences are labelled, and of a long transfer the first and last rows are drawn; of \
            many attempts that came to nothing the first ten between two hosts; --full draws all, and keeps every \
            packet of the conversations that are open. Text and markdown are drawn while the file is read: a TCP \
            connection a minute of the capture's time after its end, a UDP exchange at the end or when 16,384 others \
            had a packet after it (what comes of it after that is a ladder of its own). A picture has at most \
            \(mostInPicture) conversations.

            Exit status: 0 drawn; 1 no such conversation; 2 the file is damaged (all before the damage is drawn), \
            cannot be opened, or a filter is wrong; 64 wrong usage.

            Examples:
              netprobe ladder echo.pcapng
              netprobe ladder --stream 3 big.pcap
              netprobe ladder big.pcap host 10.0.0.7 and tcp port 443
              netprobe ladder -Y tcp.analysis.flags --stream 3 big.pcap
              netprobe ladder --format svg --stream udp:0 big.pcap > ladder.svg
              netprobe ladder --whole chat.pcapng
            """)

    @Option(
        help: ArgumentHelp(
            "Only this conversation, by the number that \"netprobe flows\" shows: 3 or tcp:3, udp:3.",
            valueName: "stream"))
    var stream: String?

    @Option(
        name: .customShort("Y", allowingJoined: true),
        help: ArgumentHelp("Draw only packets that pass a display filter, in Wireshark's syntax.", valueName: "filter"))
    var displayFilter: String?

    @Option(help: ArgumentHelp("text, markdown (a table), mermaid (one conversation), or svg.", valueName: "format"))
    var format = Format.text

    @Flag(help: "One picture of all conversations, with a lane for each program, as \"netprobe run\" draws it.")
    var whole = false

    @Flag(help: "Every row of long transfers.")
    var full = false

    @Flag(help: "Leave out what the packets carry.")
    var noData = false

    @OptionGroup var colour: ColourOption

    @OptionGroup var capture: CaptureArguments

    func validate() throws {
        if let stream { _ = try StreamName(stream) }
        if whole, stream != nil { throw ValidationError("--whole and --stream say which to draw: choose one.") }
    }

    func run() throws {
        let name = try stream.map { try StreamName($0) }
        let output = StandardOutput()
        var out = output.buffer(colour: format == .text ? colour.choice : .never)
        // A picture needs all that is in it; text can be written while the file is read.
        let isStreaming = name == nil && !whole && (format == .text || format == .markdown)
        var reading = try LadderReading(
            capture.file, filter: capture.filter, displayFilter: displayFilter, only: name, condensing: !full,
            releasing: isStreaming, keepingWords: !noData)
        var early = LadderStream(form, abridged: !full)
        var vain = VainAttempts.shown
        try reading.run(atMost: format == .svg || whole ? Self.mostInPicture : .max) { conversation, mustWait in
            guard mustWait || whole || draws(conversation, &vain) else { return }
            early.take(conversation, mustWait: mustWait || whole, to: &out)
        }
        let bothEnds = reading.bothEnds.bothEnds(calls: reading.calls)
        if bothEnds == nil { reading.warn(capture.file) }
        // Of a file with both ends each conversation is drawn.
        let left = bothEnds == nil ? reading.conversations.filter { !reading.calls.isEmpty || draws($0, &vain) } : []
        let scenes = bothEnds?.scenes ?? SceneBuilder(early.held + left, calls: reading.calls)
        let drawn = bothEnds == nil ? Array(0..<scenes.count) : chosen(name, scenes)
        if format == .mermaid, drawn.count > 1, !whole {
            throw CommandFailure(
                "a Mermaid diagram shows one conversation, and here are \(drawn.count): choose one with --stream")
        }
        LadderBook(scenes, of: drawn, isWhole: name == nil && !isFiltered, abridged: !full, inOnePicture: whole)
            .write(form, after: early.count, to: &out)
        vain.writeSums(to: &out)
        try output.finish(&out)
        if let damage = reading.damage { throw CommandFailure("\(damage)") }
        // Calls alone are a picture, too: of AF_UNIX, or of a call that failed by itself.
        if drawn.isEmpty, early.count == 0, name != nil || isFiltered || scenes.calls.isEmpty {
            throw nothing(name, hasBothEnds: bothEnds != nil)
        }
    }

    /// Of many attempts that came to nothing the first ones are drawn.
    private func draws(_ conversation: Conversation, _ vain: inout VainAttempts) -> Bool {
        guard format == .text, !full, stream == nil, let attempt = VainAttempt(conversation) else { return true }
        return vain.tells(attempt)
    }

    private var isFiltered: Bool { !capture.filter.isEmpty || displayFilter != nil }

    private var form: LadderFormat {
        switch format {
        case .text: .text(columns: Terminal.columns)
        case .markdown: .markdown
        case .mermaid: .mermaid
        case .svg: .svg
        }
    }

    /// Of both ends' conversations those that were asked for and have packets to show.
    private func chosen(_ name: StreamName?, _ scenes: SceneBuilder) -> [Int] {
        (0..<scenes.count).filter { number in
            let scene = scenes.scene(of: number)
            guard let exchange = scene.exchanges.first, !isFiltered || !scene.packets.isEmpty else { return false }
            return name.map { exchange.transport == $0.transport && exchange.stream == $0.number } ?? true
        }
    }

    /// Says that there is nothing to draw, and gives the exit status for it.
    private func nothing(_ name: StreamName?, hasBothEnds: Bool) -> ExitCode {
        if hasBothEnds {
            let asked = name != nil || isFiltered ? " is what was asked for" : ""
            Diagnostics.write("\(capture.file): no TCP or UDP conversation between the two hosts\(asked)")
        } else if let name, !isFiltered {
            Diagnostics.write("\(capture.file): has no \(name.text); \"netprobe flows\" lists the streams")
        } else {
            Diagnostics.write("\(capture.file): no TCP or UDP conversation\(isFiltered ? " passes the filter" : "")")
        }
        return Status.no
    }
}
