import ArgumentParser
import Capture
import Conversations
import Packets
import Rendering

/// `netprobe stats`
struct StatsCommand: ParsableCommand {
    enum PlotKind: String, ExpressibleByArgument, CaseIterable {
        case rtt, sequence, throughput, window

        var plot: TracePlot {
            switch self {
            case .rtt: .rtt
            case .sequence: .sequence
            case .throughput: .throughput
            case .window: .window
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Count what a capture holds; measure round trips, throughput and windows; plot them.",
        usage: "netprobe stats [options] FILE [FILTER …]",
        discussion: """
            Packets, sizes and protocols of the capture, requests a second, and for one TCP connection the first data \
            segments with the times of their acknowledgments, RTT and EstimatedRTT = (1 - alpha) EstimatedRTT + alpha \
            RTT (RFC 6298). A segment that was sent again gives no RTT (Karn's algorithm). Without --stream it is the \
            connection that carried most; from standard input, which can be read only once, the first one with data. \
            The data is that of the end that sent more; --from tells it otherwise.

            Exit status: 0 shown; 1 no packet, or no such connection; 2 the file is damaged or cannot be opened; 64 \
            wrong usage.

            Examples:
              netprobe stats big.pcap
              netprobe stats --stream 3 --segments 20 --alpha 0.2 big.pcap
              netprobe stats --plot sequence big.pcap
              netprobe stats --plot rtt -o rtt.svg big.pcap
            """)

    @Option(help: ArgumentHelp("The TCP connection (tcp.stream).", valueName: "n"))
    var stream: UInt32?

    @Option(help: ArgumentHelp("Whose data: client or server.", valueName: "end"))
    var from: EndName?

    enum EndName: String, ExpressibleByArgument, CaseIterable { case client, server }

    @Option(help: ArgumentHelp("How many data segments are listed.", valueName: "n"))
    var segments = 6

    @Option(help: ArgumentHelp("The weight of a new RTT in EstimatedRTT.", valueName: "a"))
    var alpha = 0.125

    @Option(help: ArgumentHelp("Plot instead: rtt, sequence, throughput or window.", valueName: "what"))
    var plot: PlotKind?

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Write the plot to this file as SVG.", valueName: "file"))
    var output: String?

    @Flag(help: "JSON.")
    var json = false

    @OptionGroup var colour: ColourOption

    @OptionGroup var capture: CaptureArguments

    func validate() throws {
        if !(alpha > 0 && alpha <= 1) { throw ValidationError("--alpha must be above 0 and at most 1.") }
        if !(0...100_000).contains(segments) { throw ValidationError("--segments must be between 0 and 100000.") }
        if output != nil, plot == nil { throw ValidationError("-o writes a plot: say which with --plot.") }
        if plot != nil, json { throw ValidationError("--plot and --json exclude each other.") }
    }

    func run() throws {
        if let output { try OutputFile.refuse(output, reading: capture.file) }
        var statistics = CaptureStatistics()
        var collector = TraceCollector(stream: stream, listed: segments, alpha: alpha)
        let canReadAgain = capture.file != "-" && stream == nil
        var copied = CopiedPackets()
        let damage = try StreamReading.read(capture.file, capture.filter, copied: { copied = $0 }) {
            bytes, dissection, facts in
            statistics.take(bytes, dissection, facts)
            if !canReadAgain { collector.take(bytes, dissection, facts) }
        }
        statistics.copied = copied
        if canReadAgain, let busiest = statistics.busiestStream {
            collector = TraceCollector(stream: busiest, listed: segments, alpha: alpha)
            _ = try StreamReading.read(capture.file, capture.filter, isRepeated: true) { bytes, dissection, facts in
                collector.take(bytes, dissection, facts)
            }
        }
        if json || statistics.sizes.packets > 0 { try write(statistics, collector) }
        if let damage { throw CommandFailure("\(damage)") }
        if statistics.sizes.packets == 0 {
            Diagnostics.write(
                "\(capture.file): \(capture.filter.isEmpty ? "has no packet" : "no packet passes the filter")")
            throw Status.no
        }
        if let stream, collector.trace == nil {
            Diagnostics.write("\(capture.file): has no tcp.stream \(stream); \"netprobe flows\" lists the streams")
            throw Status.no
        }
    }

    private func write(_ statistics: CaptureStatistics, _ collector: TraceCollector) throws {
        let fromClient = from.map { $0 == .client } ?? collector.trace?.busier.isFromClient ?? true
        if let plot {
            guard let trace = collector.trace, let number = collector.number else {
                Diagnostics.write("\(capture.file): no TCP connection to plot")
                throw Status.no
            }
            return try write(plot.plot.plot(trace, fromClient: fromClient, name: "tcp.stream \(number)"))
        }
        let standardOutput = StandardOutput()
        var out = standardOutput.buffer(colour: colour.choice)
        if json {
            var writer = StatsJSON()
            writer.write(statistics, trace: collector.trace, stream: collector.number, to: &out)
        } else {
            let text = StatsText(columns: Terminal.columns)
            text.write(statistics, to: &out)
            if let trace = collector.trace, let number = collector.number {
                text.write(trace, stream: number, fromClient: fromClient, to: &out)
            }
        }
        try standardOutput.finish(&out)
    }

    private func write(_ plot: Plot) throws {
        guard let path = output else {
            let standardOutput = StandardOutput()
            var out = standardOutput.buffer(colour: colour.choice)
            PlotText(columns: Terminal.columns).write(plot, to: &out)
            return try standardOutput.finish(&out)
        }
        try OutputFile.write(path) { PlotSVG(isWhole: true).write(plot, to: &$0) }
    }
}
