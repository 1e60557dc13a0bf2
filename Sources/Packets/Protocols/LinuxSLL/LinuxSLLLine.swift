import Addressing
import Text

/// What `--link` says of a packet of Linux's `any` device: which way it went, and the sender's address.
enum LinuxSLLLine {
    static let first = LinkForm.start(needs: LinuxSLLHeader.length) { layer, record, out in
        guard let header = try? LinuxSLLHeader(record.extracting(layer.range)) else { return }
        writeDirection(header.packetType, &out)
        writeAddress(header.addressLength == 6 ? header.bytes.macAddress(at: 6) : nil, &out)
        EthernetLine.writeType(header.protocolNumber, &out)
    }

    static let second = LinkForm.start(needs: LinuxSLL2Header.length) { layer, record, out in
        guard let header = try? LinuxSLL2Header(record.extracting(layer.range)) else { return }
        out.append("interface ")
        out.append(decimal: UInt64(header.interfaceIndex))
        out.append(ascii: 32)
        writeDirection(UInt16(header.packetType), &out)
        writeAddress(header.addressLength == 6 ? header.bytes.macAddress(at: 12) : nil, &out)
        EthernetLine.writeType(header.protocolNumber, &out)
    }

    private static func writeAddress(_ address: MACAddress?, _ out: inout OutputBuffer) {
        if let address { address.write(to: &out) } else { out.append("no address") }
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
}
