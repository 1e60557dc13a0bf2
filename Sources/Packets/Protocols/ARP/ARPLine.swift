import Addressing
import Text

/// What a line says of an ARP packet (RFC 826): who asks for whom, who has what.
enum ARPLine {
    static let form = LineForm.statement(needs: ARPPacket.minimumLength) { layer, record, out in
        if let packet = try? ARPPacket(record.extracting(layer.range)) { write(packet, to: &out) }
    }

    private static func write(_ packet: borrowing ARPPacket, to out: inout OutputBuffer) {
        out.append(style: .magenta)
        out.append("ARP")
        out.append(style: .plain)
        guard let sender = packet.senderIPv4, let target = packet.targetIPv4 else {
            return writeOperation(packet.operation, &out)
        }
        switch packet.operation {
        case 1:
            if sender == target {
                out.append(" announcement of ")
                target.write(to: &out)
            } else {
                out.append(" request who has ")
                target.write(to: &out)
                out.append(", tell ")
                sender.write(to: &out)
            }
        case 2, 9:
            out.append(packet.operation == 2 ? " reply " : " inverse reply ")
            sender.write(to: &out)
            if let mac = packet.senderMAC {
                out.append(" is at ")
                mac.write(to: &out)
            }
        // The other way round: which IPv4 address has this MAC address (RARP, RFC 903), or the end of this circuit
        // (InARP, RFC 2390).
        case 3:
            guard let wanted = packet.targetMAC, let asker = packet.senderMAC else {
                return writeOperation(packet.operation, &out)
            }
            out.append(" reverse request who is ")
            wanted.write(to: &out)
            out.append(", tell ")
            asker.write(to: &out)
        case 4:
            guard let wanted = packet.targetMAC else { return writeOperation(packet.operation, &out) }
            out.append(" reverse reply ")
            wanted.write(to: &out)
            out.append(" is ")
            target.write(to: &out)
        case 8:
            out.append(" inverse request who is at the other end, tell ")
            sender.write(to: &out)
        default:
            writeOperation(packet.operation, &out)
            out.append(ascii: 32)
            sender.write(to: &out)
            out.append(" > ")
            target.write(to: &out)
        }
    }

    private static func writeOperation(_ operation: UInt16, _ out: inout OutputBuffer) {
        out.append(" operation ")
        out.append(decimal: UInt64(operation))
    }
}
