import Text

/// The names of ICMP's messages (RFC 792, RFC 1122, RFC 1812; IANA "ICMP Parameters") and ICMPv6's (RFC 4443, RFC 4861,
/// RFC 3810; IANA "ICMPv6 Parameters"), as people say them.
public enum ICMPNames {
    /// - Returns: nil for numbers that nobody gave a meaning.
    public static func version4(type: UInt8, code: UInt8) -> StaticString? {
        switch (type, code) {
        case (0, _): "echo reply"
        case (3, _): unreachable(code)
        case (4, _): "source quench"
        case (5, 0): "redirect for the network"
        case (5, 1): "redirect for the host"
        case (5, 2): "redirect for the type of service and network"
        case (5, 3): "redirect for the type of service and host"
        case (8, _): "echo request"
        case (9, _): "router advertisement"
        case (10, _): "router solicitation"
        case (11, 0): "time to live exceeded"
        case (11, 1): "fragment reassembly time exceeded"
        case (12, 0): "parameter problem"
        case (12, 1): "parameter problem, a required option is missing"
        case (12, 2): "parameter problem, bad length"
        case (13, _): "timestamp request"
        case (14, _): "timestamp reply"
        case (15, _): "information request"
        case (16, _): "information reply"
        case (17, _): "address mask request"
        case (18, _): "address mask reply"
        case (42, _): "extended echo request"
        case (43, _): "extended echo reply"
        default: nil
        }
    }

    private static func unreachable(_ code: UInt8) -> StaticString? {
        switch code {
        case 0: "network unreachable"
        case 1: "host unreachable"
        case 2: "protocol unreachable"
        case 3: "port unreachable"
        case 4: "fragmentation needed"
        case 5: "source route failed"
        case 6: "destination network unknown"
        case 7: "destination host unknown"
        case 8: "source host isolated"
        case 9: "network administratively prohibited"
        case 10: "host administratively prohibited"
        case 11: "network unreachable for the type of service"
        case 12: "host unreachable for the type of service"
        case 13: "administratively prohibited"
        case 14: "host precedence violation"
        case 15: "precedence cutoff in effect"
        default: nil
        }
    }

    /// - Returns: nil for numbers that nobody gave a meaning.
    public static func version6(type: UInt8, code: UInt8) -> StaticString? {
        switch (type, code) {
        case (1, 0): "no route to destination"
        case (1, 1): "administratively prohibited"
        case (1, 2): "beyond the scope of the source address"
        case (1, 3): "address unreachable"
        case (1, 4): "port unreachable"
        case (1, 5): "source address forbidden by policy"
        case (1, 6): "route to destination rejected"
        case (1, 7): "error in the source routing header"
        case (2, _): "packet too big"
        case (3, 0): "hop limit exceeded"
        case (3, 1): "fragment reassembly time exceeded"
        case (4, 0): "parameter problem, erroneous header field"
        case (4, 1): "parameter problem, next header not known"
        case (4, 2): "parameter problem, IPv6 option not known"
        case (4, 3): "parameter problem, the first fragment has not all headers"
        default: information(type)
        }
    }

    private static func information(_ type: UInt8) -> StaticString? {
        switch type {
        case 128: "echo request"
        case 129: "echo reply"
        case 130: "multicast listener query"
        case 131: "multicast listener report"
        case 132: "multicast listener done"
        case 133: "router solicitation"
        case 134: "router advertisement"
        case 135: "neighbour solicitation"
        case 136: "neighbour advertisement"
        case 137: "redirect"
        case 138: "router renumbering"
        case 139: "node information query"
        case 140: "node information response"
        case 141: "inverse neighbour solicitation"
        case 142: "inverse neighbour advertisement"
        case 143: "multicast listener report, version 2"
        case 144: "home agent discovery request"
        case 145: "home agent discovery reply"
        case 146: "mobile prefix solicitation"
        case 147: "mobile prefix advertisement"
        case 151: "multicast router advertisement"
        case 152: "multicast router solicitation"
        case 153: "multicast router termination"
        case 155: "RPL control"
        case 160: "extended echo request"
        case 161: "extended echo reply"
        default: nil
        }
    }
}

extension ICMPNames {
    /// A message's name, or its numbers where it has none.
    static func write(_ name: StaticString?, _ type: UInt8, _ code: UInt8, _ out: inout OutputBuffer) {
        if let name { return out.append(name) }
        out.append("type ")
        out.append(decimal: UInt64(type))
        out.append(", code ")
        out.append(decimal: UInt64(code))
    }

    /// The two numbers that tie a reply to its request.
    static func writeEcho(_ identifier: UInt16, _ sequence: UInt16, _ out: inout OutputBuffer) {
        out.append(", id ")
        out.append(decimal: UInt64(identifier))
        out.append(", seq ")
        out.append(decimal: UInt64(sequence))
    }
}
