import Addressing
import Packets

/// What a line says of an ICMP or ICMPv6 message.
enum ICMPSummary {
    static func write(_ message: borrowing ICMPMessage, to out: inout OutputBuffer) {
        out.append(" ICMP ")
        switch (message.type, message.code) {
        case (0, _): writeEcho("echo reply", message.identifier, message.sequenceNumber, &out)
        case (8, _): writeEcho("echo request", message.identifier, message.sequenceNumber, &out)
        case (3, 0): out.append("network unreachable")
        case (3, 1): out.append("host unreachable")
        case (3, 2): out.append("protocol unreachable")
        case (3, 3): out.append("port unreachable")
        case (3, 4):
            out.append("fragmentation needed, next hop's MTU ")
            out.append(decimal: UInt64(message.sequenceNumber))
        case (3, 13): out.append("administratively prohibited")
        case (11, 0): out.append("time to live exceeded")
        default: writeNumbers(message.type, message.code, &out)
        }
    }

    static func write(_ message: borrowing ICMPv6Message, to out: inout OutputBuffer) {
        out.append(" ICMPv6 ")
        switch (message.type, message.code) {
        case (128, _): writeEcho("echo request", message.identifier, message.sequenceNumber, &out)
        case (129, _): writeEcho("echo reply", message.identifier, message.sequenceNumber, &out)
        case (1, 0): out.append("no route to destination")
        case (1, 1): out.append("administratively prohibited")
        case (1, 3): out.append("address unreachable")
        case (1, 4): out.append("port unreachable")
        case (2, _): out.append("packet too big")
        case (3, 0): out.append("hop limit exceeded")
        case (133, _): out.append("router solicitation")
        case (134, _): out.append("router advertisement")
        case (135, _): out.append("neighbour solicitation")
        case (136, _): out.append("neighbour advertisement")
        default: writeNumbers(message.type, message.code, &out)
        }
    }

    private static func writeEcho(_ name: StaticString, _ identifier: UInt16, _ sequence: UInt16, _ out: inout OutputBuffer) {
        out.append(name)
        out.append(", id ")
        out.append(decimal: UInt64(identifier))
        out.append(", seq ")
        out.append(decimal: UInt64(sequence))
    }

    private static func writeNumbers(_ type: UInt8, _ code: UInt8, _ out: inout OutputBuffer) {
        out.append("type ")
        out.append(decimal: UInt64(type))
        out.append(", code ")
        out.append(decimal: UInt64(code))
    }
}
