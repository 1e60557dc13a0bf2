import Addressing
import Packets
import Text

/// A layer in one line, as Wireshark puts it above the layer's fields:
/// `Transmission Control Protocol, Src Port: 43210, Dst Port: 65432, Seq: 0, Len: 0`.
public enum LayerTitle {
    /// Writes the title of a layer.
    public static func write(
        _ layer: LayerRange, _ record: RawSpan, _ facts: borrowing PacketFacts, to out: inout OutputBuffer
    ) {
        if layer.kind == .frame { return writeFrame(facts, &out) }
        guard let known = layer.kind.protocolDescription else {
            out.append("Data")
            return
        }
        out.append(text: known.title)
        guard Int(layer.end) <= record.byteCount, layer.start <= layer.end else { return }
        let held = facts.held
        known.titleWords?(LayerContext(record: record, layer: layer, facts: held.span), &out)
    }

    /// Writes the title for one value of a field that is a protocol: the layer whose bytes the value has.
    static func write(
        _ field: borrowing NamedField, _ value: FieldValue, _ record: RawSpan, _ dissection: borrowing Dissection,
        _ facts: borrowing PacketFacts,
        to out: inout OutputBuffer
    ) {
        if field.name == "frame" { return writeFrame(facts, &out) }
        if case .bytes(let start, let end) = value {
            for layer in dissection.layers where layer.start == start && layer.end == end {
                if layer.kind.protocolDescription?.name == field.name {
                    return write(layer, record, facts, to: &out)
                }
            }
        }
        out.append(text: field.meaning)
    }

    static func writeFrame(_ facts: borrowing PacketFacts, _ out: inout OutputBuffer) {
        out.append("Frame ")
        out.append(decimal: UInt64(clamping: facts.number))
        out.append(": ")
        writeLength(facts.wireLength, &out)
        out.append(" on wire (")
        out.append(decimal: UInt64(clamping: facts.wireLength) &* 8)
        out.append(" bits), ")
        writeLength(facts.capturedLength, &out)
        out.append(" captured (")
        out.append(decimal: UInt64(clamping: facts.capturedLength) &* 8)
        out.append(" bits)")
    }

    private static func writeLength(_ length: Int, _ out: inout OutputBuffer) {
        out.append(decimal: UInt64(clamping: length))
        out.append(length == 1 ? " byte" : " bytes")
    }
}
