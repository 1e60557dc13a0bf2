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

    private var values: [FieldValue] = []

    public init() {}

    public mutating func write(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        _ notes: borrowing PacketNotes,
        to out: inout OutputBuffer
    ) {
        writeLayer(.frame(of: record, facts), indent: 0, record, dissection, facts, notes, &out)
        var quoted = 0
        for layer in dissection.layers {
            writeLayer(layer, indent: quoted, record, dissection, facts, notes, &out)
            if let damage = DNSDamage.of(layer, in: record) { Self.write(damage, indent: quoted, &out) }
            if UDPDatagram.claimsTooMuch(layer, in: record) {
                Self.writeRemark("[malformed: the length is more than the IP packet has]", indent: quoted, &out)
            }
            // What an ICMP error quotes is somebody else's packet: shown inside.
            if layer.kind == .icmp || layer.kind == .icmpv6 { quoted += 4 }
        }
        writeRest(record, dissection, indent: quoted, &out)
        if dissection.stop != .complete {
            out.append(style: .red)
            StopText.write(dissection.stop, to: &out)
            out.append(style: .plain)
            out.append(ascii: 10)
        }
        MissingBytes(record, dissection, facts)?.write(before: "", after: "\n", to: &out)
    }

    private mutating func writeLayer(
        _ layer: LayerRange, indent: Int, _ record: RawSpan, _ dissection: borrowing Dissection,
        _ facts: borrowing PacketFacts,
        _ notes: borrowing PacketNotes, _ out: inout OutputBuffer
    ) {
        out.append(spaces: indent)
        out.append(style: .bold)
        LayerTitle.write(layer, record, facts, to: &out)
        out.append(style: .plain)
        if layer.kind != .frame { Self.writePlace(Int(layer.start), Int(layer.headerEnd), &out) }
        out.append(ascii: 10)
        guard let group = FieldCatalog.fields(of: layer.kind) else { return }
        var partsAreDone = false
        for index in group.fields.indices {
            let field = group.fields[index]
            // A name that a protocol declares twice, such as tcp.port, gathers for filters what other fields show.
            if field.isHidden || group.fields.contains(where: { $0.name == field.name && $0.place != field.place }) {
                continue
            }
            guard field.isOfPart, let parts = group.parts else {
                writeField(
                    field, LayerContext(record: record, layer: layer, facts: facts), indent: indent, dissection, notes,
                    &out)
                continue
            }
            if partsAreDone { continue }
            partsAreDone = true
            for part in parts(LayerContext(record: record, layer: layer, facts: facts)) {
                writeTitle(part, of: layer, indent: indent, &out)
                for field in group.fields where field.isOfPart && !field.isHidden {
                    let context = LayerContext(record: record, layer: layer, facts: facts, part: part.range.lowerBound)
                    writeField(field, context, indent: indent + Self.partIndent, dissection, notes, &out)
                }
            }
        }
    }

    private static let partIndent = 2

    private func writeTitle(_ part: LayerPart, of layer: LayerRange, indent: Int, _ out: inout OutputBuffer) {
        out.append(spaces: indent + 11)
        out.append(text: part.title)
        Self.writePlace(Int(layer.start) + part.range.lowerBound, Int(layer.start) + part.range.upperBound, &out)
        out.append(ascii: 10)
    }

    private mutating func writeField(
        _ field: FieldDefinition, _ context: borrowing LayerContext, indent: Int, _ dissection: borrowing Dissection,
        _ notes: borrowing PacketNotes, _ out: inout OutputBuffer
    ) {
        values.removeAll(keepingCapacity: true)
        field.read(context, &values)
        for position in values.indices {
            out.append(spaces: indent)
            Self.writeOffset(field, context.layer, &out)
            out.append(text: field.meaning)
            if field.type != .presence {
                out.append(": ")
                Self.writeValue(values[position], field, context.record, dissection, notes, &out)
            }
            out.append("  ")
            out.append(style: .dim)
            out.append(text: field.name)
            out.append(style: .plain)
            out.append(ascii: 10)
        }
    }

    private static func write(_ damage: DNSDamage, indent: Int, _ out: inout OutputBuffer) {
        switch damage {
        case .loop: writeRemark("[malformed: a name whose pointers lead in a circle]", indent: indent, &out)
        case .cutShort:
            writeRemark("[cut short: less is there than the message's counts and lengths say]", indent: indent, &out)
        }
    }

    private static func writeRemark(_ text: StaticString, indent: Int, _ out: inout OutputBuffer) {
        out.append(spaces: indent + 11)
        out.append(style: .red)
        out.append(text)
        out.append(style: .plain)
        out.append(ascii: 10)
    }

    private static func writePlace(_ start: Int, _ end: Int, _ out: inout OutputBuffer) {
        guard end > start else { return }
        out.append("  [")
        out.append(end == start + 1 ? "byte " : "bytes ")
        out.append(decimal: UInt64(clamping: start))
        if end > start + 1 {
            out.append(ascii: 45)
            out.append(decimal: UInt64(clamping: end - 1))
        }
        out.append(ascii: 93)
    }

    /// The bytes of a field, right-aligned in nine columns.
    private static func writeOffset(_ field: FieldDefinition, _ layer: LayerRange, _ out: inout OutputBuffer) {
        guard let place = field.place else { return out.append(spaces: 11) }
        let start = Int(layer.start) + place.offset
        let text = place.length > 1 ? "\(start)-\(start + place.length - 1)" : "\(start)"
        out.append(spaces: max(1, 9 - text.utf8.count))
        out.append(style: .dim)
        out.append(text: text)
        out.append(style: .plain)
        out.append("  ")
    }

    private static func writeValue(
        _ value: FieldValue, _ field: FieldDefinition, _ record: RawSpan, _ dissection: borrowing Dissection,
        _ notes: borrowing PacketNotes,
        _ out: inout OutputBuffer
    ) {
        switch value {
        case .bytes(let start, let end) where Int(end) - Int(start) > longestBytes:
            FieldText.write(
                .bytes(start: start, end: start &+ Int32(longestBytes)), as: field.type, of: record, dissection, notes,
                to: &out)
            writeLength(start, end, &out)
        case .text(let start, let end) where Int(end) - Int(start) > longestText:
            FieldText.write(
                .text(start: start, end: start &+ Int32(longestText)), as: field.type, of: record, dissection, notes,
                to: &out)
            writeLength(start, end, &out)
        case .unsigned(let number):
            FieldText.write(value, as: field.type, of: record, dissection, notes, to: &out)
            if let name = field.valueName?(number) {
                out.append(" (")
                out.append(escaping: name)
                out.append(ascii: 41)
            }
        default: FieldText.write(value, as: field.type, of: record, dissection, notes, to: &out)
        }
    }

    private static func writeLength(_ start: Int32, _ end: Int32, _ out: inout OutputBuffer) {
        out.append("… (")
        out.append(decimal: UInt64(clamping: end &- start))
        out.append(" bytes)")
    }

    /// The bytes that no layer claims.
    private func writeRest(
        _ record: RawSpan, _ dissection: borrowing Dissection, indent: Int, _ out: inout OutputBuffer
    ) {
        let rest = dissection.payload
        guard rest.count > 0, rest.upperBound <= record.byteCount, dissection.layers.last?.kind != .data else { return }
        out.append(spaces: indent)
        out.append(style: .bold)
        out.append("Data")
        out.append(style: .plain)
        Self.writePlace(rest.lowerBound, rest.upperBound, &out)
        out.append(ascii: 10)
        out.append(spaces: indent + 11)
        for offset in rest.prefix(Self.longestBytes) { out.append(hexByte: record.uint8(at: offset)) }
        if rest.count > Self.longestBytes { Self.writeLength(Int32(rest.lowerBound), Int32(rest.upperBound), &out) }
        out.append(ascii: 10)
    }
}
