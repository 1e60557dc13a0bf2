import Addressing
import Text

/// What a line says of who listens to which group: IGMP (RFC 1112, RFC 2236, RFC 3376).
enum IGMPLine {
    static let form = LineForm.message(needs: IGMPMessage.length) { layer, record, out in
        if let message = try? IGMPMessage(record.extracting(layer.range)) { write(message, to: &out) }
    }

    private static func write(_ message: borrowing IGMPMessage, to out: inout OutputBuffer) {
        out.append(" IGMP ")
        switch message.type {
        case 0x11:
            out.append("query")
            if message.group.rawValue == 0 {
                out.append(" for every group")
            } else {
                out.append(" for ")
                message.group.write(to: &out)
            }
            return
        case 0x12: out.append("report, version 1, of ")
        case 0x16: out.append("report, version 2, of ")
        case 0x17: out.append("leave ")
        case 0x22:
            out.append("report, version 3")
            return GroupRecords.write(message.bytes, addressLength: 4, to: &out)
        default:
            out.append("type 0x")
            return out.append(hex: UInt64(message.type))
        }
        message.group.write(to: &out)
    }
}
