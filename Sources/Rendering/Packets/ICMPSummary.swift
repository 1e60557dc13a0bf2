import Addressing
import Packets
import Text

/// What a line says of an ICMP or ICMPv6 message.
enum ICMPSummary {
    static func write(_ message: borrowing ICMPMessage, to out: inout OutputBuffer) {
        out.append(" ICMP ")
        let (type, code) = (message.type, message.code)
        writeName(ICMPNames.version4(type: type, code: code), type, code, &out)
        switch (type, code) {
        case (0, _), (8, _): writeEcho(message.identifier, message.sequenceNumber, &out)
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

    static func write(_ message: borrowing ICMPv6Message, to out: inout OutputBuffer) {
        out.append(" ICMPv6 ")
        let (type, code) = (message.type, message.code)
        writeName(ICMPNames.version6(type: type, code: code), type, code, &out)
        switch type {
        case 128, 129: writeEcho(message.identifier, message.sequenceNumber, &out)
        case 2:
            out.append(", MTU ")
            out.append(decimal: UInt64(message.bytes.uint32(at: 4)))
        case 4:
            out.append(" at byte ")
            out.append(decimal: UInt64(message.bytes.uint32(at: 4)))
        case 133...137: NeighbourSummary.write(message, to: &out)
        case 130...132:
            if message.bytes.byteCount >= 24 { writeGroup(message.bytes.ipv6Address(at: 8), &out) }
        case 143: MulticastSummary.writeRecords(message.bytes, addressLength: 16, to: &out)
        default: break
        }
    }

    private static func writeName(_ name: StaticString?, _ type: UInt8, _ code: UInt8, _ out: inout OutputBuffer) {
        if let name { return out.append(name) }
        out.append("type ")
        out.append(decimal: UInt64(type))
        out.append(", code ")
        out.append(decimal: UInt64(code))
    }

    private static func writeEcho(_ identifier: UInt16, _ sequence: UInt16, _ out: inout OutputBuffer) {
        out.append(", id ")
        out.append(decimal: UInt64(identifier))
        out.append(", seq ")
        out.append(decimal: UInt64(sequence))
    }

    /// The group that is asked for, or all of them.
    private static func writeGroup(_ group: IPv6Address, _ out: inout OutputBuffer) {
        if IPAddress.v6(group).isUnspecified { return out.append(" for every group") }
        out.append(" for ")
        group.write(to: &out)
    }
}
