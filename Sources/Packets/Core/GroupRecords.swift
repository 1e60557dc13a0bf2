import Addressing
import Text

/// The group records of a report, which IGMPv3 (RFC 3376 section 4.2.4) and MLDv2 (RFC 3810 section 5.2.5) lay out
/// alike.
enum GroupRecords {
    /// The group records of a report: which group, and from whom. The first four; how many there are stands at byte 6.
    static func write(_ bytes: RawSpan, addressLength: Int, to out: inout OutputBuffer) {
        guard bytes.byteCount >= 8 else { return }
        let count = Int(bytes.uint16(at: 6))
        var position = 8
        for number in 0..<count {
            guard position &+ 4 &+ addressLength <= bytes.byteCount else { return }
            guard number < 4 else { return out.append(" …") }
            out.append(number == 0 ? ": " : ", ")
            let sources = Int(bytes.uint16(at: position &+ 2))
            writeWish(bytes.uint8(at: position), hasSources: sources > 0, &out)
            if addressLength == 4 {
                bytes.ipv4Address(at: position &+ 4).write(to: &out)
            } else {
                bytes.ipv6Address(at: position &+ 4).write(to: &out)
            }
            if sources > 0 {
                out.append(" (")
                out.append(decimal: UInt64(sources))
                out.append(sources == 1 ? " source)" : " sources)")
            }
            position &+= 4 &+ addressLength &* (1 &+ sources) &+ 4 &* Int(bytes.uint8(at: position &+ 1))
        }
    }

    /// What a record asks for (RFC 3376 section 4.2.12). To exclude nobody is to join; to include nobody is to leave.
    private static func writeWish(_ type: UInt8, hasSources: Bool, _ out: inout OutputBuffer) {
        switch (type, hasSources) {
        case (4, false): out.append("joins ")
        case (3, false): out.append("leaves ")
        case (2, false): out.append("listens to ")
        case (1, _): out.append("listens only to some of ")
        case (2, _): out.append("listens to all but some of ")
        case (3, _): out.append("changes to only some of ")
        case (4, _): out.append("changes to all but some of ")
        case (5, _): out.append("allows more of ")
        case (6, _): out.append("blocks some of ")
        default:
            out.append("record type ")
            out.append(decimal: UInt64(type))
            out.append(ascii: 32)
        }
    }
}
