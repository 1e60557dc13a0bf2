import Packets

/// How a protocol's RFC draws its header: cells of so many bits, in order, 32 to a row.
struct HeaderLayout {
    struct Cell {
        let label: String
        let bits: Int
        let type: FieldType
        /// What the number counts in, when not in itself: words of four bytes in a header length.
        var unit = 1
        /// The field whose values have the names that may stand beside the number.
        var field: String?
    }

    let cells: [Cell]
    /// What stands behind the fixed part, as far as the header goes.
    let rest: String

    private static func number(_ label: String, _ bits: Int, unit: Int = 1, _ field: String? = nil) -> Cell {
        Cell(label: label, bits: bits, type: .unsigned(bits: bits), unit: unit, field: field)
    }

    private static func hex(_ label: String, _ bits: Int, _ field: String? = nil) -> Cell {
        Cell(label: label, bits: bits, type: .hex(bits: bits), field: field)
    }

    private static func mac(_ label: String) -> Cell { Cell(label: label, bits: 48, type: .mac) }
    private static func ipv4(_ label: String) -> Cell { Cell(label: label, bits: 32, type: .ipv4) }
    private static func ipv6(_ label: String) -> Cell { Cell(label: label, bits: 128, type: .ipv6) }
    private static func flags(_ letters: String) -> [Cell] { letters.map { number(String($0), 1) } }

    /// The drawing for a layer's header; nil where there is none.
    init?(_ kind: LayerKind, _ header: RawSpan) {
        switch kind {
        case .ethernet:
            cells = [Self.mac("Destination address"), Self.mac("Source address"), Self.hex("Type", 16, "eth.type")]
        case .vlan, .providerVLAN:
            cells = [
                Self.number("PCP", 3), Self.number("D", 1), Self.number("VLAN identifier", 12),
                Self.hex("Type", 16, "eth.type"),
            ]
        case .arp:
            // RFC 826, for IPv4 over addresses of six bytes.
            guard header.byteCount >= 8, header.uint8(at: 4) == 6, header.uint8(at: 5) == 4 else { return nil }
            cells = [
                Self.number("Hardware type", 16), Self.hex("Protocol type", 16), Self.number("HW size", 8),
                Self.number("Proto size", 8),
                Self.number("Operation", 16, "arp.opcode"), Self.mac("Sender's MAC address"),
                Self.ipv4("Sender's IPv4 address"),
                Self.mac("Target's MAC address"), Self.ipv4("Target's IPv4 address"),
            ]
        case .ipv4:
            // RFC 791 section 3.1, with the traffic class as RFC 2474 and RFC 3168 divide it.
            cells =
                [
                    Self.number("Version", 4), Self.number("IHL", 4, unit: 4),
                    Self.number("DSCP", 6, "ip.dsfield.dscp"), Self.number("ECN", 2),
                    Self.number("Total length", 16), Self.hex("Identification", 16),
                ] + Self.flags("0DM") + [
                    Self.number("Fragment offset", 13, unit: 8), Self.number("Time to live", 8),
                    Self.number("Protocol", 8, "ip.proto"),
                    Self.hex("Header checksum", 16), Self.ipv4("Source address"), Self.ipv4("Destination address"),
                ]
        case .ipv6:
            // RFC 8200 section 3.
            cells = [
                Self.number("Version", 4), Self.number("Traffic class", 8), Self.hex("Flow label", 20),
                Self.number("Payload length", 16),
                Self.number("Next header", 8, "ipv6.nxt"), Self.number("Hop limit", 8), Self.ipv6("Source address"),
                Self.ipv6("Destination address"),
            ]
        case .tcp:
            // RFC 9293 section 3.1; the flags by their first letters, A for accurate ECN first.
            cells =
                [
                    Self.number("Source port", 16), Self.number("Destination port", 16),
                    Self.number("Sequence number", 32),
                    Self.number("Acknowledgment number", 32), Self.number("Offset", 4, unit: 4),
                    Self.number("Rsrvd", 3),
                ]
                + Self.flags("ACEUAPRSF") + [
                    Self.number("Window", 16), Self.hex("Checksum", 16), Self.number("Urgent pointer", 16),
                ]
        case .udp:
            // RFC 768.
            cells = [
                Self.number("Source port", 16), Self.number("Destination port", 16), Self.number("Length", 16),
                Self.hex("Checksum", 16),
            ]
        case .icmp, .icmpv6:
            // RFC 792, RFC 4443 section 2.1: what the last word is depends on the type.
            let name = kind == .icmp ? "icmp" : "icmpv6"
            guard let type = header.byteCount > 0 ? header.uint8(at: 0) : nil else { return nil }
            let first = [
                Self.number("Type", 8, "\(name).type"), Self.number("Code", 8, "\(name).code"),
                Self.hex("Checksum", 16),
            ]
            let isEcho = kind == .icmp ? [0, 8, 13, 14].contains(type) : [128, 129].contains(type)
            cells =
                first
                + (isEcho
                    ? [Self.hex("Identifier", 16), Self.number("Sequence number", 16)]
                    : [Self.hex("Rest of header", 32)])
        case .ipv6Fragment:
            // RFC 8200 section 4.5.
            cells = [
                Self.number("Next header", 8, "ipv6.nxt"), Self.number("Reserved", 8),
                Self.number("Fragment offset", 13, unit: 8), Self.number("R", 2),
                Self.number("M", 1), Self.hex("Identification", 32),
            ]
        case .mpls:
            // RFC 3032 section 2.1; the class as RFC 5462 names it.
            cells = [
                Self.number("Label", 20), Self.number("TC", 3), Self.number("S", 1), Self.number("Time to live", 8),
            ]
        case .igmp:
            // RFC 2236 section 2.
            cells = [
                Self.hex("Type", 8), Self.number("Max response", 8), Self.hex("Checksum", 16),
                Self.ipv4("Group address"),
            ]
        case .vxlan:
            // RFC 7348 section 5.
            cells = [
                Self.hex("Flags", 8), Self.hex("Reserved", 24), Self.number("VXLAN network identifier", 24),
                Self.hex("Reserved", 8),
            ]
        case .dns, .mdns, .llmnr:
            // RFC 1035 section 4.1.1, with the bits of RFC 4035 section 3.
            cells =
                [Self.hex("Identifier", 16), Self.number("Q", 1), Self.number("Opcode", 4)] + Self.flags("ATRVZDC") + [
                    Self.number("Rcode", 4), Self.number("Questions", 16), Self.number("Answers", 16),
                    Self.number("Authority records", 16),
                    Self.number("Additional records", 16),
                ]
        default: return nil
        }
        rest =
            switch kind {
            case .icmp, .icmpv6: "Data"
            case .dns, .mdns, .llmnr: "Questions and records"
            default: "Options"
            }
    }
}
