import Addressing
import Packets

/// What a line says of an ARP packet (RFC 826): who asks for whom, who has what.
enum ARPSummary {
    static func write(_ packet: borrowing ARPPacket, to out: inout OutputBuffer) {
        out.append(style: .magenta)
        out.append("ARP")
        out.append(style: .plain)
        guard let sender = packet.senderIPv4, let target = packet.targetIPv4 else {
            out.append(" operation ")
            out.append(decimal: UInt64(packet.operation))
            return
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
        case 2:
            out.append(" reply ")
            sender.write(to: &out)
            if let mac = packet.senderMAC {
                out.append(" is at ")
                mac.write(to: &out)
            }
        default:
            out.append(" operation ")
            out.append(decimal: UInt64(packet.operation))
            out.append(ascii: 32)
            sender.write(to: &out)
            out.append(" > ")
            target.write(to: &out)
        }
    }
}
