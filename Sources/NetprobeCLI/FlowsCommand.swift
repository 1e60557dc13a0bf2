import Analysis
import ArgumentParser
import Capture
import Conversations
import Packets
import Rendering

/// `netprobe flows`
struct FlowsCommand: ParsableCommand {
    enum Order: String, ExpressibleByArgument, CaseIterable {
        case start, duration, packets, bytes, rtt
    }

    static let configuration = CommandConfiguration(
        commandName: "flows",
        abstract: "List the conversations of a capture: who opened, how much each way, how it ended.",
        usage: "netprobe flows [options] FILE [FILTER …]\n       netprobe flows [options] -i IF [FILTER …]",
        discussion: """
            A line a TCP connection, UDP or ICMP exchange. FILTER is tcpdump's language. The stream is Wireshark's \
            tcp.stream or udp.stream, for "netprobe follow" and others; conn_state and history are Zeek's; the \
            community id is that of Zeek, Suricata and Wireshark. handshake is the time from the SYN to the ACK that \
            ended the handshake.

            A narrow terminal shows fewer columns; COLUMNS=250, a file or a pipe shows all.

            history: S SYN, H SYN-ACK, A pure ACK, D data, F FIN, R RST, T sent again, G not captured, W window \
            closed; lower case from the responder; ^ roles turned round because the first packet was an answer.

            Packets that were captured twice are counted once, and standard error says so; a duration is "-" where the \
            clock was set within the flow.

            Exit status: 0 listed; 1 a filter was given and nothing matched; 2 the file is damaged (all before the \
            damage counts) or cannot be opened; 64 wrong usage.

            Examples:
              netprobe flows echo.pcapng
              netprobe flows --sort bytes --limit 10 big.pcap
              netprobe flows --csv big.pcap tcp port 443 > flows.csv
              netprobe flows -i lo --duration 10
            """)

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Capture live on this interface until Ctrl-C instead of reading a file.", valueName: "if"))
    var interface: String?

    @Option(help: ArgumentHelp("With -i: stop after so many seconds.", valueName: "seconds"))
    var duration: Double?

    @Option(help: ArgumentHelp("Order: start, or the largest first: duration, packets, bytes, rtt.", valueName: "key"))
    var sort = Order.start

    @Flag(help: "The other way round.")
    var reverse = false

    @Option(help: ArgumentHelp("Show at most so many.", valueName: "n"))
    var limit: Int?

    @Flag(help: "Comma-separated values under a header line.")
    var csv = false

    @Flag(help: "JSON, a line a flow.")
    var ndjson = false

    @OptionGroup var colour: ColourOption

    @Argument(
        help: ArgumentHelp(
            "The capture file (- is standard input), then a filter in tcpdump's language.", valueName: "file"))
    var arguments: [String] = []

    func validate() throws {
        if interface == nil, arguments.isEmpty {
            throw ValidationError("name a capture file, or an interface with -i.")
        }
        if csv, ndjson { throw ValidationError("--csv and --ndjson exclude each other.") }
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
        if let duration, !(duration > 0 && duration < 1e9) {
            throw ValidationError("--duration must be a positive number of seconds.")
        }
        if duration != nil, interface == nil { throw ValidationError("--duration needs -i.") }
    }

    func run() throws {
        var counter = FlowCounter(seed: .random(in: .min ... .max))
        var damage: CaptureFileError?
        if let interface {
            try LiveFlows.run(interface, filter: arguments.joined(separator: " "), duration: duration, into: &counter)
        } else {
            damage = try read(arguments[0], Array(arguments.dropFirst()), into: &counter)
        }
        try write(counter.flows)
        if let damage { throw CommandFailure("\(damage)") }
        if interface == nil, arguments.count > 1, counter.flows.packets == 0 { throw Status.no }
    }

    private func read(_ path: String, _ filter: [String], into counter: inout FlowCounter) throws(CommandFailure)
        -> CaptureFileError?
    {
        var packets = try PacketStream(opening: path, filter, leavingOut: .whenTelling, dissects: false)
        // What the filter drops takes part in conversations all the same: streams have their numbers whatever it says.
        while try packets.advanceOverAll() {
            counter.take(packets.header, packets.reader.bytes, isCounted: packets.passes)
        }
        counter.take(packets.copied)
        packets.warn(file: path)
        return packets.damage
    }

    private func write(_ tracker: borrowing FlowTracker) throws {
        var flows: [Int] = []
        var hasNanoseconds = false
        for number in 0..<tracker.count where tracker[number].record.packets > 0 {
            flows.append(number)
            guard let start = tracker[number].record.firstTime else { continue }
            if start % 1000 != 0 { hasNanoseconds = true }
        }
        let all = flows.count
        order(&flows, tracker)
        if let limit { flows = Array(flows.prefix(limit)) }
        let output = StandardOutput()
        var out = output.buffer(colour: colour.choice)
        if csv {
            FlowData.writeCSVHeading(to: &out)
            for number in flows where out.isOpen {
                FlowData.writeCSV(tracker[number].key, tracker[number].record, hasNanoseconds: hasNanoseconds, to: &out)
            }
        } else if ndjson {
            for number in flows where out.isOpen {
                FlowData.writeJSON(
                    tracker[number].key, tracker[number].record, hasNanoseconds: hasNanoseconds, to: &out)
            }
        } else {
            let text = FlowText(tracker, flows, columns: Terminal.columns)
            text.writeHeading(to: &out)
            for number in flows where out.isOpen { text.write(tracker[number].key, tracker[number].record, to: &out) }
            FlowText.writeTotal(tracker, all: all, shown: flows.count, to: &out)
        }
        try output.finish(&out)
    }

    /// Flows come in the order of their first packets; the sort is stable.
    private func order(_ flows: inout [Int], _ tracker: borrowing FlowTracker) {
        if sort != .start {
            let values = flows.map { Self.value(tracker[$0].record, sort) }
            let places = flows.indices.sorted { values[$0] != values[$1] ? values[$0] > values[$1] : $0 < $1 }
            flows = places.map { flows[$0] }
        }
        if reverse { flows.reverse() }
    }

    private static func value(_ record: FlowRecord, _ order: Order) -> Int64 {
        switch order {
        case .start: record.firstTime ?? .max
        case .duration: record.duration ?? -1
        case .packets: Int64(clamping: record.packets)
        case .bytes: Int64(clamping: record.bytes)
        case .rtt: record.handshake ?? -1
        }
    }
}
