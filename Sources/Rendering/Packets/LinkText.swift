import Addressing
import Packets
import Text

/// `--link`: what lies below IP, as tcpdump's -e has it: `02:…:01 > 02:…:02 type 0x8100 vlan 5 priority 0 type 0x800
/// length 64: `.
enum LinkText {
    static func write(
        _ record: RawSpan, _ dissection: borrowing Dissection, wireLength: Int, to out: inout OutputBuffer
    ) {
        guard let first = dissection.layers.first else { return }
        switch first.kind {
        case .linuxSLL: writeCooked(record, first, &out)
        case .linuxSLL2: writeCooked2(record, first, &out)
        default:
            if let layer = dissection.first(.ethernet), let frame = try? EthernetFrame(record.extracting(layer.range)) {
                writeEthernet(frame, &out)
            } else if let group = FieldCatalog.fields(of: first.kind) {
                out.append(text: group.name)
            } else {
                return
            }
        }
        writeTags(record, dissection, &out)
        out.append(" length ")
        out.append(decimal: UInt64(clamping: wireLength))
        out.append(": ")
    }

    private static func writeEthernet(_ frame: borrowing EthernetFrame, _ out: inout OutputBuffer) {
        frame.source.write(to: &out)
        out.append(" > ")
        frame.destination.write(to: &out)
        if frame.etherType.isLength {
            out.append(" 802.3 payload ")
            out.append(decimal: UInt64(frame.etherType.rawValue))
        } else {
            writeType(frame.etherType.rawValue, &out)
        }
    }

    /// Linux's `any` device: which way the packet went, and the sender's address.
    private static func writeCooked(_ record: RawSpan, _ layer: LayerRange, _ out: inout OutputBuffer) {
        guard let header = try? LinuxSLLHeader(record.extracting(layer.range)) else { return out.append("sll") }
        writeDirection(header.packetType, &out)
        if header.addressLength == 6 {
            header.bytes.macAddress(at: 6).write(to: &out)
        } else {
            out.append("no address")
        }
        writeType(header.protocolNumber, &out)
    }

    private static func writeCooked2(_ record: RawSpan, _ layer: LayerRange, _ out: inout OutputBuffer) {
        guard let header = try? LinuxSLL2Header(record.extracting(layer.range)) else { return out.append("sll") }
        out.append("interface ")
        out.append(decimal: UInt64(header.interfaceIndex))
        out.append(ascii: 32)
        writeDirection(UInt16(header.packetType), &out)
        if header.addressLength == 6 {
            header.bytes.macAddress(at: 12).write(to: &out)
        } else {
            out.append("no address")
        }
        writeType(header.protocolNumber, &out)
    }

    private static func writeDirection(_ packetType: UInt16, _ out: inout OutputBuffer) {
        switch packetType {
        case 0: out.append("in ")
        case 1: out.append("broadcast ")
        case 2: out.append("multicast ")
        case 3: out.append("others ")
        case 4: out.append("out ")
        default: break
        }
    }

    private static func writeTags(_ record: RawSpan, _ dissection: borrowing Dissection, _ out: inout OutputBuffer) {
        for index in 0..<dissection.layers.count {
            let layer = dissection.layers[index]
            let bytes = record.extracting(layer.range)
            switch layer.kind {
            case .vlan, .providerVLAN:
                guard let tag = try? VLANTag(bytes) else { return }
                out.append(" vlan ")
                out.append(decimal: UInt64(tag.identifier))
                out.append(" priority ")
                out.append(decimal: UInt64(tag.priority))
                writeType(tag.etherType.rawValue, &out)
            case .mpls:
                guard let label = try? MPLSLabel(bytes) else { return }
                out.append(" label ")
                out.append(decimal: UInt64(label.label))
            case .pppoe, .pppoeDiscovery:
                guard let frame = try? PPPoEFrame(bytes) else { return }
                out.append(" session 0x")
                out.append(hex: UInt64(frame.sessionID))
            case .ipv4, .ipv6, .arp: return
            default: continue
            }
        }
    }

    private static func writeType(_ type: UInt16, _ out: inout OutputBuffer) {
        out.append(" type 0x")
        out.append(hex: UInt64(type))
    }
}
