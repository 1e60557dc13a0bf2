import Capture
import Conversations
import Lab
import Packets
import Rendering
import Text

/// Prints records that come one by one, from a live capture or a demo, as `show` prints those of a file.
struct RecordPrinter {
    private let dissector = Dissector()
    private var dissection = Dissection()
    private var numbers = RelativeNumbers(seed: .random(in: .min ... .max))
    private var analyzer = TransportAnalyzer(seed: .random(in: .min ... .max))
    private let analyses: Bool
    private var printer: PacketPrinter

    /// - Parameters:
    ///   - options: what to print; nil for a line each.
    ///   - numbered: whether lines have numbers, where there are no options.
    init(_ options: LineOptions? = nil, numbered: Bool = false) {
        printer = options.map { PacketPrinter($0, names: nil) } ?? PacketPrinter(numbered: numbered)
        analyses = (options?.tree ?? 0) > 0
    }

    mutating func write(_ header: RecordHeader, _ bytes: RawSpan, to out: inout OutputBuffer) {
        dissector.dissect(bytes, linkType: header.linkType, wireLength: header.wireLength, into: &dissection)
        var facts = PacketFacts(header)
        facts.stream = numbers.facts(of: bytes, dissection)
        if analyses {
            facts.transport = analyzer.facts(of: bytes, dissection, number: header.number, time: header.timestamp)
        }
        printer.write(bytes, dissection, facts, .none, to: &out)
    }
}
