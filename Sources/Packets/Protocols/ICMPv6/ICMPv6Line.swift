import Addressing
import Text

/// What a line says of an ICMPv6 message.
enum ICMPv6Line {
    static let form = LineForm.message(needs: ICMPv6Message.minimumLength) { layer, record, out in
        guard let message = try? ICMPv6Message(record.extracting(layer.range)) else { return }
        out.append(style: .yellow)
        write(message, to: &out)
        out.append(style: .plain)
    }

    private static func write(_ message: borrowing ICMPv6Message, to out: inout OutputBuffer) {
        out.append(" ICMPv6 ")
        let (type, code) = (message.type, message.code)
        ICMPNames.write(ICMPNames.version6(type: type, code: code), type, code, &out)
        switch type {
        case 128, 129: ICMPNames.writeEcho(message.identifier, message.sequenceNumber, &out)
        case 2:
            out.append(", MTU ")
            out.append(decimal: UInt64(message.bytes.uint32(at: 4)))
        case 4:
            out.append(" at byte ")
            out.append(decimal: UInt64(message.bytes.uint32(at: 4)))
        case 133...137: NeighbourLine.write(message, to: &out)
        case 130...132:
            if message.bytes.byteCount >= 24 { writeGroup(message.bytes.ipv6Address(at: 8), &out) }
        case 143: GroupRecords.write(message.bytes, addressLength: 16, to: &out)
        default: break
        }
    }

    /// The group that is asked for, or all of them.
    private static func writeGroup(_ group: IPv6Address, _ out: inout OutputBuffer) {
        if IPAddress.v6(group).isUnspecified { return out.append(" for every group") }
        out.append(" for ")
        group.write(to: &out)
    }
}
