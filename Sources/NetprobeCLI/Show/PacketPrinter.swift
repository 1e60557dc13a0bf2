import Packets
import Rendering
import Sockets
import Text

/// Writes a packet as the line options want it: its line or its tree, then header boxes, then bytes.
struct PacketPrinter {
    private let dump: (style: HexDump.Style, whole: Bool)?
    private let showsTree: Bool
    private let showsHeaders: Bool
    private var line: PacketLine
    private var tree = LayerTree()
    private let boxes = HeaderBox()

    /// Lines and nothing else.
    private let isPlain: Bool

    init(_ options: LineOptions, names: AddressNames?) {
        dump = options.dump
        showsTree = options.tree > 0
        showsHeaders = options.headers
        isPlain = !showsTree && !showsHeaders && dump == nil
        let time = TimeColumn(options.timeStyle, decimals: options.nano ? 9 : 6, zone: { LocalTimeZone.offset(at: $0) })
        line = PacketLine(
            options: options.lineOptions, time: time, names: names.map { names in { names.name(of: $0) } })
    }

    /// A line and nothing else, as `show` prints it without options, or with `--number`.
    ///
    /// - Parameter showingData: whether the text that a packet carries stands behind its length.
    init(numbered: Bool = false, showingData: Bool = false) {
        isPlain = true
        dump = nil
        showsTree = false
        showsHeaders = false
        var options = PacketLine.Options()
        options.number = numbered
        options.data = showingData
        line = PacketLine(options: options, time: TimeColumn(zone: { LocalTimeZone.offset(at: $0) }))
    }

    /// The parts of a packet, not the pipeline that holds them: lending that would copy it.
    mutating func write(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        _ notes: borrowing PacketNotes,
        to out: inout OutputBuffer
    ) {
        if !isPlain { return writeAll(record, dissection, facts, notes, &out) }
        line.write(record, dissection, facts, to: &out)
    }

    private mutating func writeAll(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        _ notes: borrowing PacketNotes,
        _ out: inout OutputBuffer
    ) {
        if showsTree {
            tree.write(record, dissection, facts, notes, to: &out)
        } else {
            line.write(record, dissection, facts, to: &out)
        }
        if showsHeaders { boxes.write(record, dissection, facts, to: &out) }
        if let dump {
            let end = dissection.frameLength(in: record)
            let start = dump.whole ? 0 : min(HexDump.startAfterLink(dissection), end)
            HexDump.write(record.extracting(start..<end), dump.style, to: &out)
            HexDump.writeSources(of: dissection, in: record, dump.style, to: &out)
        }
        // A blank line between packets of several lines.
        if showsTree || showsHeaders { out.append(ascii: 10) }
    }
}
