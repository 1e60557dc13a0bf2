import Packets
import Text

/// What a line says of a tunnel's header, between the outer addresses and the inner packet: its name, and which of the
/// tunnels between the same two ends it is.
enum TunnelSummary {
    static func write(_ layer: LayerRange, _ record: RawSpan, to out: inout OutputBuffer) {
        let bytes = record.extracting(layer.range)
        switch layer.kind {
        case .vxlan:
            out.append(" VXLAN")
            if let header = try? VXLANHeader(bytes) { writeNumber(" vni ", header.networkIdentifier, &out) }
        case .geneve:
            out.append(" Geneve")
            if let header = try? GeneveHeader(bytes) { writeNumber(" vni ", header.networkIdentifier, &out) }
        case .gtp:
            out.append(" GTP")
            if let header = try? GTPHeader(bytes), header.version == 1 {
                out.append(" teid 0x")
                out.append(hex: UInt64(header.tunnelEndpoint))
            }
        case .gre:
            out.append(" GRE")
            if let header = try? GREHeader(bytes), header.version == 0, let key = header.key {
                out.append(" key 0x")
                out.append(hex: UInt64(key))
            }
        case .openFlow: out.append(" OpenFlow")
        default: break
        }
    }

    private static func writeNumber(_ label: StaticString, _ number: UInt32, _ out: inout OutputBuffer) {
        out.append(label)
        out.append(decimal: UInt64(number))
    }
}
