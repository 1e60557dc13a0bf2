import Analysis
import Capture
import Packets
import Rendering
import Text

/// Prints records that come one by one, from a live capture or a demo, as `show` prints those of a file.
struct RecordPrinter {
    private var packet: PacketAnalyzer
    private var printer: PacketPrinter

    /// - Parameters:
    ///   - options: what to print; nil for a line each.
    ///   - numbered: whether lines have numbers, where there are no options; `showingData`, what the packets carry.
    init(_ options: LineOptions? = nil, numbered: Bool = false, showingData: Bool = false) {
        printer =
            options.map { PacketPrinter($0, names: nil) } ?? PacketPrinter(numbered: numbered, showingData: showingData)
        let hasTree = (options?.tree ?? 0) > 0
        packet = PacketAnalyzer(
            needs: hasTree ? [.stream, .analysis, .messages] : [.stream, .messages], joins: true,
            seed: .random(in: .min ... .max))
    }

    mutating func write(_ header: RecordHeader, _ bytes: RawSpan, to out: inout OutputBuffer) {
        packet.take(header, bytes)
        Self.write(bytes, packet, with: &printer, to: &out)
    }

    private static func write(
        _ frame: RawSpan, _ packet: borrowing PacketAnalyzer, with printer: inout PacketPrinter,
        to out: inout OutputBuffer
    ) {
        printer.write(packet.bytes(of: frame), packet.dissection, packet.facts, .none, to: &out)
    }
}
