import Packets
import Rendering
import Sockets

/// Writes a packet as the line options want it: its line or its tree, then header boxes, then bytes.
struct PacketPrinter {
    private let dump: (style: HexDump.Style, whole: Bool)?
    private let showsTree: Bool
    private let showsHeaders: Bool
    private var line: PacketLine
    private var tree = LayerTree()
    private let boxes = HeaderBox()

    private let names: AddressNames?

    init(_ options: LineOptions, names: AddressNames?) {
        self.names = names
        dump = options.dump
        showsTree = options.tree > 0
        showsHeaders = options.headers
        let time = TimeColumn(options.timeStyle, decimals: options.nano ? 9 : 6, zone: { LocalTimeZone.offset(at: $0) })
        line = PacketLine(options: options.lineOptions, time: time, names: names.map { names in { names.name(of: $0) } })
    }

    /// A line and nothing else, as `show` prints it without options.
    init() {
        names = nil
        dump = nil
        showsTree = false
        showsHeaders = false
        line = PacketLine(options: .init(), time: TimeColumn(zone: { LocalTimeZone.offset(at: $0) }))
    }

    mutating func write(_ packets: borrowing PacketPipeline, to out: inout OutputBuffer) {
        // Blocks with names may stand anywhere in the file.
        if let names { names.add(packets.reader.names) }
        write(packets.reader.bytes, packets.dissection, packets.facts, packets.notes, to: &out)
    }

    mutating func write(
        _ bytes: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, _ notes: borrowing PacketNotes,
        to out: inout OutputBuffer
    ) {
        if showsTree { tree.write(bytes, dissection, facts, notes, to: &out) } else { line.write(bytes, dissection, facts, to: &out) }
        if showsHeaders { boxes.write(bytes, dissection, facts, to: &out) }
        if let dump {
            let start = dump.whole ? 0 : min(HexDump.startAfterLink(dissection), bytes.byteCount)
            HexDump.write(bytes.extracting(start..<bytes.byteCount), dump.style, to: &out)
        }
        // A blank line between packets of several lines.
        if showsTree || showsHeaders { out.append(ascii: 10) }
    }
}
