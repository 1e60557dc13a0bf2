import Packets
import Rendering
import Sockets

/// Writes a packet as the line options want it: its line or its tree, then header boxes, then bytes.
struct PacketPrinter {
    private let options: LineOptions
    private let dump: (style: HexDump.Style, whole: Bool)?
    private let showsTree: Bool
    private let showsHeaders: Bool
    private var line: PacketLine
    private var tree = LayerTree()
    private let boxes = HeaderBox()

    init(_ options: LineOptions) {
        self.options = options
        dump = options.dump
        showsTree = options.tree > 0
        showsHeaders = options.headers
        let time = TimeColumn(options.timeStyle, decimals: options.nano ? 9 : 6, zone: { LocalTimeZone.offset(at: $0) })
        line = PacketLine(options: options.lineOptions, time: time)
    }

    mutating func write(_ packets: borrowing PacketPipeline, to out: inout OutputBuffer) {
        if showsTree {
            tree.write(packets.reader.bytes, packets.dissection, packets.facts, packets.notes, to: &out)
        } else {
            line.write(packets.reader.bytes, packets.dissection, packets.facts, to: &out)
        }
        if showsHeaders { boxes.write(packets.reader.bytes, packets.dissection, packets.facts, to: &out) }
        if let dump {
            let bytes = packets.reader.bytes
            let start = dump.whole ? 0 : min(HexDump.startAfterLink(packets.dissection), bytes.byteCount)
            HexDump.write(bytes.extracting(start..<bytes.byteCount), dump.style, to: &out)
        }
        // A blank line between packets of several lines.
        if showsTree || showsHeaders { out.append(ascii: 10) }
    }
}
