import Addressing
import Text

/// What a line says of an ICMP message.
enum ICMPLine {
    static let form = LineForm.message(needs: ICMPMessage.minimumLength) { layer, record, out in
        guard let message = try? ICMPMessage(record.extracting(layer.range)) else { return }
        out.append(style: .yellow)
        write(message, to: &out)
        out.append(style: .plain)
    }

    private static func write(_ message: borrowing ICMPMessage, to out: inout OutputBuffer) {
        out.append(" ICMP ")
        let (type, code) = (message.type, message.code)
        ICMPNames.write(ICMPNames.version4(type: type, code: code), type, code, &out)
        switch (type, code) {
        case (0, _), (8, _): ICMPNames.writeEcho(message.identifier, message.sequenceNumber, &out)
        case (3, 4):
            out.append(", next hop's MTU ")
            out.append(decimal: UInt64(message.sequenceNumber))
        case (5, _):
            out.append(" to ")
            message.bytes.ipv4Address(at: 4).write(to: &out)
        case (12, 0):
            out.append(" at byte ")
            out.append(decimal: UInt64(message.bytes.uint8(at: 4)))
        default: break
        }
    }
}
