import Addressing
import Packets
import Text

/// A packet with all its layers and fields, an indented line each: `-v`.
///
///     Internet Protocol Version 4, Src: 127.0.0.1, Dst: 127.0.0.1  [bytes 14-33]
///          14  Version: 4  ip.version
///          23  Protocol: 6 (TCP)  ip.proto
///
/// In front of a field stand the bytes that it is read from, counted from the record's first, where they are always the
/// same in its header; behind it its name, as filters and `-e` want it.
public struct LayerTree {
    /// Longer values are cut, with their length behind.
    private static let longestBytes = 32
    private static let longestText = 200

    private var values = FieldValues()
    private var texts = TreeTexts()

    /// One value writes any number of packets, and keeps its buffers between them.
    public init() {}

    /// What was done to find parts since this value was made, for tests.
    package var work: Int { values.work }

    /// Writes the frame's line and each layer with its fields, and why dissection stopped.
    public mutating func write(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        _ notes: borrowing PacketNotes,
        to out: inout OutputBuffer
    ) {
        values.beginPacket()
        let held = facts.held
        let lent = held.span
        writeLayer(.frame(of: record, dissection, facts), indent: 0, record, dissection, lent, notes, &out)
        var quoted = 0
        for index in dissection.layers.indices {
            let layer = dissection.layers[index]
            writeLayer(layer, indent: quoted, record, dissection, lent, notes, &out)
            if UDPDatagram.claimsTooMuch(layer, in: record) {
                Self.writeRemark("[malformed: the length is more than the IP packet has]", indent: quoted, &out)
            }
            // What an ICMP error quotes is somebody else's packet: shown inside.
            if layer.kind == .icmp || layer.kind == .icmpv6 { quoted += 4 }
        }
        writeRest(record, dissection, indent: quoted, &out)
        if dissection.stop != .complete {
            out.append(style: .red)
            StopText.write(dissection, to: &out)
            out.append(style: .plain)
            out.append(ascii: 10)
        }
        MissingBytes(record, dissection, facts)?.write(before: "", after: "\n", to: &out)
        AssemblyText.write(record, dissection, facts, before: "", after: "\n", to: &out)
    }

    private mutating func writeLayer(
        _ layer: LayerRange, indent: Int, _ record: RawSpan, _ dissection: borrowing Dissection,
        _ facts: Span<PacketFacts>, _ notes: borrowing PacketNotes, _ out: inout OutputBuffer
    ) {
        guard
            let text = texts.text(
                of: layer.kind, start: Int(layer.start) - dissection.sourceStart(of: Int(layer.start)), indent: indent,
                hasColours: out.colours)
        else { return }
        let context = LayerContext(record: record, layer: layer, facts: facts)
        writeTitle(text.plan, indent: indent, context, dissection, &out)
        // Held once for all lines: what an object has is held again at each use.
        let bytes = text.bytes
        var words = TreeWords(bytes.rawSpan)
        let (fields, lines, partsAt) = (text.plan.fields, text.lines, text.plan.partsAt)
        var index = 0
        while index < lines.count {
            if index == partsAt { writeParts(text, &words, context, indent: indent, dissection, notes, &out) }
            let line = lines[index]
            let isThere = writeField(fields, &words, line, context, dissection, notes, &out)
            index &+= isThere ? 1 : 1 &+ line.followers
        }
        if partsAt >= lines.count, fields.hasParts {
            writeParts(text, &words, context, indent: indent, dissection, notes, &out)
        }
        words.finish(&out)
        writeRemarks(layer, indent: indent, &out)
    }

    private func writeTitle(
        _ plan: TreePlan, indent: Int, _ context: borrowing LayerContext, _ dissection: borrowing Dissection,
        _ out: inout OutputBuffer
    ) {
        let layer = context.layer
        out.append(spaces: indent)
        out.append(style: .bold)
        if layer.kind == .frame {
            LayerTitle.writeFrame(context.facts, &out)
        } else {
            let title = plan.title
            out.append(raw: title.rawSpan)
            if Int(layer.end) <= context.record.byteCount, layer.start <= layer.end { plan.titleWords?(context, &out) }
        }
        out.append(style: .plain)
        if layer.kind != .frame {
            Self.writePlace(Int(layer.start), Int(layer.headerEnd), dissection, &out)
        }
        out.append(ascii: 10)
    }

    // MARK: Parts

    private mutating func writeParts(
        _ text: TreeText, _ words: inout TreeWords, _ context: borrowing LayerContext, indent: Int,
        _ dissection: borrowing Dissection,
        _ notes: borrowing PacketNotes, _ out: inout OutputBuffer
    ) {
        words.finish(&out)
        let (fields, lines) = (text.plan.fields, text.partLines)
        var number = 0
        while let part = fields.part(number, of: context, &values) {
            number &+= 1
            values.removeAll()
            fields.readTitle(part, context, into: &values)
            if values.isEmpty { continue }
            out.append(spaces: indent + 11)
            for index in values.indices {
                FieldText.write(
                    values[index], as: .unsigned(bits: 64), of: context.record, dissection, notes, to: &out)
            }
            Self.writePlace(part.range.lowerBound, part.range.upperBound, dissection, &out)
            out.append(ascii: 10)
            for index in 0..<lines.count where lines[index].kinds.contains(part) {
                let line = lines[index]
                values.removeAll()
                fields.read(line.step, in: part, context, into: &values)
                writeValues(fields, &words, line, context, dissection, notes, &out)
            }
            words.finish(&out)
        }
    }

    /// What was seen of the layer as a whole while its parts were looked for.
    private func writeRemarks(_ layer: LayerRange, indent: Int, _ out: inout OutputBuffer) {
        guard values.parts.are(of: layer) else { return }
        if values.parts.isOverBudget {
            Self.writeRemark(
                "[the rest of the message is not shown: it has more parts or longer names than are read of a packet]",
                indent: indent, &out)
        }
        switch values.parts.damage {
        case .loop: Self.writeRemark("[malformed: a name whose pointers lead in a circle]", indent: indent, &out)
        case .cutShort:
            Self.writeRemark(
                "[cut short: less is there than the message's counts and lengths say]", indent: indent, &out)
        case .brokenOption, nil: break
        }
    }

    private static func writeRemark(_ text: StaticString, indent: Int, _ out: inout OutputBuffer) {
        out.append(spaces: indent + 11)
        out.append(style: .red)
        out.append(text)
        out.append(style: .plain)
        out.append(ascii: 10)
    }

    // MARK: Fields

    /// - Returns: whether the layer has the field.
    private mutating func writeField(
        _ fields: FieldPlan, _ words: inout TreeWords, _ line: TreeText.Line, _ context: borrowing LayerContext,
        _ dissection: borrowing Dissection, _ notes: borrowing PacketNotes, _ out: inout OutputBuffer
    ) -> Bool {
        if line.isNumber {
            guard let number = fields.number(line.step, context) else { return false }
            words.write(before: line, &out)
            switch line.type {
            case .hex(let bits): FieldText.writeHex(number, bits: bits, to: &out)
            case .boolean: out.append(ascii: number != 0 ? 49 : 48)
            default: out.append(decimal: number)
            }
            writeName(fields, line, number, &out)
            words.keep(behind: line)
            return true
        }
        values.removeAll()
        fields.read(line.step, context, into: &values)
        if values.isEmpty { return false }
        writeValues(fields, &words, line, context, dissection, notes, &out)
        return true
    }

    /// Writes a line for each value.
    private func writeValues(
        _ fields: FieldPlan, _ words: inout TreeWords, _ line: TreeText.Line, _ context: borrowing LayerContext,
        _ dissection: borrowing Dissection, _ notes: borrowing PacketNotes, _ out: inout OutputBuffer
    ) {
        for position in values.indices {
            words.write(before: line, &out)
            writeValue(fields, line, values[position], context.record, dissection, notes, &out)
            words.keep(behind: line)
        }
    }

    /// `[bytes 14-33]`; of another data source than the frame `[bytes 0-19 of the reassembled datagram]`.
    private static func writePlace(
        _ start: Int, _ end: Int, _ dissection: borrowing Dissection, _ out: inout OutputBuffer
    ) {
        guard end > start else { return }
        let source = dissection.source(at: start)
        let first = source?.range.lowerBound ?? 0
        out.append("  [")
        out.append(end == start + 1 ? "byte " : "bytes ")
        out.append(decimal: UInt64(clamping: start - first))
        if end > start + 1 {
            out.append(ascii: 45)
            out.append(decimal: UInt64(clamping: end - 1 - first))
        }
        if let source {
            out.append(" of the ")
            out.append(source.name)
        }
        out.append(ascii: 93)
    }

    @inline(__always)
    private func writeName(
        _ fields: FieldPlan, _ line: TreeText.Line, _ number: UInt64, _ out: inout OutputBuffer
    ) {
        guard line.hasNames, let name = fields.name(of: number, line.step) else { return }
        out.append(" (")
        out.append(name)
        out.append(ascii: 41)
    }

    private func writeValue(
        _ fields: FieldPlan, _ line: TreeText.Line, _ value: FieldValue, _ record: RawSpan,
        _ dissection: borrowing Dissection, _ notes: borrowing PacketNotes, _ out: inout OutputBuffer
    ) {
        let type = line.type
        if case .presence = type { return }
        switch value {
        case .bytes(let start, let end) where Int(end) - Int(start) > Self.longestBytes:
            FieldText.write(
                .bytes(start: start, end: start &+ Int32(Self.longestBytes)), as: type, of: record, dissection, notes,
                to: &out)
            Self.writeLength(start, end, &out)
        case .text(let start, let end) where Int(end) - Int(start) > Self.longestText:
            FieldText.write(
                .text(start: start, end: start &+ Int32(Self.longestText)), as: type, of: record, dissection, notes,
                to: &out)
            Self.writeLength(start, end, &out)
        case .unsigned(let number):
            FieldText.write(value, as: type, of: record, dissection, notes, to: &out)
            writeName(fields, line, number, &out)
        default: FieldText.write(value, as: type, of: record, dissection, notes, to: &out)
        }
    }

    private static func writeLength(_ start: Int32, _ end: Int32, _ out: inout OutputBuffer) {
        out.append("… (")
        out.append(decimal: UInt64(clamping: end &- start))
        out.append(" bytes)")
    }

    /// What a reset carries is a field of its own, `tcp.reset_cause`.
    private static func isReset(_ layer: LayerRange, _ record: RawSpan) -> Bool {
        guard layer.kind == .tcp, let segment = try? TCPSegment(record.extracting(layer.range)) else { return false }
        return segment.flags.contains(.rst)
    }

    /// The bytes that no layer claims.
    private func writeRest(
        _ record: RawSpan, _ dissection: borrowing Dissection, indent: Int, _ out: inout OutputBuffer
    ) {
        let rest = dissection.payload
        guard rest.count > 0, rest.upperBound <= record.byteCount, let last = dissection.layers.last,
            last.kind != .data, !Self.isReset(last, record)
        else { return }
        out.append(spaces: indent)
        out.append(style: .bold)
        out.append("Data")
        out.append(style: .plain)
        Self.writePlace(rest.lowerBound, rest.upperBound, dissection, &out)
        out.append(ascii: 10)
        out.append(spaces: indent + 11)
        for offset in rest.prefix(Self.longestBytes) { out.append(hexByte: record.uint8(at: offset)) }
        if rest.count > Self.longestBytes { Self.writeLength(Int32(rest.lowerBound), Int32(rest.upperBound), &out) }
        out.append(ascii: 10)
    }
}
