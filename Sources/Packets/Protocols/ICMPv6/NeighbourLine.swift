import Addressing
import Text

/// What a line says of neighbour discovery (RFC 4861 section 4), behind the message's name: who is asked for, who
/// answers with which MAC address, which prefixes a router tells.
enum NeighbourLine {
    static func write(_ message: borrowing ICMPv6Message, to out: inout OutputBuffer) {
        let bytes = message.bytes
        switch message.type {
        case 134 where bytes.byteCount >= 16:
            out.append(", lifetime ")
            out.append(decimal: UInt64(bytes.uint16(at: 6)))
            out.append(" s")
            // Where hosts get their addresses and the rest from: DHCPv6 for both, or for the rest alone.
            if bytes.uint8(at: 5) & 0x80 != 0 { out.append(", managed") }
            if bytes.uint8(at: 5) & 0x40 != 0 { out.append(", other configuration") }
        case 135 where bytes.byteCount >= 24:
            out.append(", who has ")
            bytes.ipv6Address(at: 8).write(to: &out)
        case 136 where bytes.byteCount >= 24:
            out.append(", ")
            bytes.ipv6Address(at: 8).write(to: &out)
        case 137 where bytes.byteCount >= 40:
            out.append(" to ")
            bytes.ipv6Address(at: 8).write(to: &out)
            out.append(" for ")
            bytes.ipv6Address(at: 24).write(to: &out)
            return
        default: break
        }
        writeOptions(message, &out)
        if message.type == 136 { writeFlags(bytes.uint8(at: 4), &out) }
    }

    private static func writeOptions(_ message: borrowing ICMPv6Message, _ out: inout OutputBuffer) {
        var options = NeighbourOptions(message)
        while let option = options.next() {
            let start = option.range.lowerBound
            guard option.range.count == option.length else { return }
            switch (option.type, option.length) {
            // The link-layer address of the sender, and of the target.
            case (1, 8):
                out.append(", from ")
                message.bytes.macAddress(at: start &+ 2).write(to: &out)
            case (2, 8):
                out.append(" is at ")
                message.bytes.macAddress(at: start &+ 2).write(to: &out)
            case (3, 32):
                out.append(", prefix ")
                message.bytes.ipv6Address(at: start &+ 16).write(to: &out)
                out.append(ascii: 47, decimal: UInt64(message.bytes.uint8(at: start &+ 2)))
            case (5, 8):
                out.append(", MTU ")
                out.append(decimal: UInt64(message.bytes.uint32(at: start &+ 4)))
            default: break
            }
        }
    }

    private static func writeFlags(_ flags: UInt8, _ out: inout OutputBuffer) {
        if flags & 0x80 != 0 { out.append(", router") }
        if flags & 0x40 != 0 { out.append(", solicited") }
        if flags & 0x20 != 0 { out.append(", override") }
    }
}
