import Capture
import Conversations
import Lab
import Packets
import Rendering
import Sockets

/// Writes records as `show` does: dissect, number the stream, one line. The one way from a record to its line.
struct PacketLines {
    private let dissector = Dissector()
    private var dissection = Dissection()
    private var numbers: RelativeNumbers
    private var line: PacketLine

    init(options: PacketLine.Options = .init(), time: TimeColumn = TimeColumn(zone: { LocalTimeZone.offset(at: $0) })) {
        numbers = RelativeNumbers(seed: .random(in: .min ... .max))
        line = PacketLine(options: options, time: time)
    }

    mutating func write(_ header: RecordHeader, _ bytes: RawSpan, to out: inout OutputBuffer) {
        dissector.dissect(bytes, linkType: header.linkType, wireLength: header.wireLength, into: &dissection)
        var facts = PacketFacts(header)
        facts.stream = numbers.facts(of: bytes, dissection)
        line.write(bytes, dissection, facts, to: &out)
    }
}
