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
        guard let group = FieldCatalog.fields(of: layer.kind) else {
            out.append("Data")
            return
        }
        out.append(text: group.title)
        guard Int(layer.end) <= record.byteCount, layer.start <= layer.end else { return }
        let bytes = record.extracting(layer.range)
        switch layer.kind {
        case .ethernet:
            guard let frame = try? EthernetFrame(bytes) else { return }
            out.append(", Src: ")
            frame.source.write(to: &out)
            out.append(", Dst: ")
            frame.destination.write(to: &out)
        case .ipv4:
            guard let packet = try? IPv4Packet(bytes) else { return }
            out.append(", Src: ")
            packet.source.write(to: &out)
            out.append(", Dst: ")
            packet.destination.write(to: &out)
        case .ipv6:
            guard let packet = try? IPv6Packet(bytes) else { return }
            out.append(", Src: ")
            packet.source.write(to: &out)
            out.append(", Dst: ")
            packet.destination.write(to: &out)
        case .udp:
            guard let datagram = try? UDPDatagram(bytes) else { return }
            writePorts(datagram.sourcePort, datagram.destinationPort, &out)
        case .tcp:
            guard let segment = try? TCPSegment(bytes) else { return }
            writePorts(segment.sourcePort, segment.destinationPort, &out)
            // What is known of the stream is the outermost segment's.
            let outermost = facts.transport.tcpLayer
            let stream = outermost >= 0 && outermost != layer.start ? StreamFacts() : facts.stream
            out.append(", Seq: ")
            out.append(decimal: UInt64(stream.relativeSequence ?? segment.sequence.rawValue))
            if segment.flags.contains(.ack) {
                out.append(", Ack: ")
                out.append(decimal: UInt64(stream.relativeAcknowledgment ?? segment.acknowledgment.rawValue))
            }
            out.append(", Len: ")
            out.append(decimal: UInt64(layer.claimedPayloadLength))
        default: break
        }
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
                if FieldCatalog.fields(of: layer.kind)?.name == field.name {
                    return write(layer, record, facts, to: &out)
                }
            }
        }
        out.append(text: field.meaning)
    }

    private static func writePorts(_ source: Port, _ destination: Port, _ out: inout OutputBuffer) {
        out.append(", Src Port: ")
        out.append(decimal: UInt64(source.rawValue))
        out.append(", Dst Port: ")
        out.append(decimal: UInt64(destination.rawValue))
    }

    private static func writeFrame(_ facts: borrowing PacketFacts, _ out: inout OutputBuffer) {
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
