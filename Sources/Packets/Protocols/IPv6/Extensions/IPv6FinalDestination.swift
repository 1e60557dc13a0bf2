import Addressing

extension IPv6Packet {
    /// Where the packet goes in the end: the last address of a routing header that has segments left (RFC 8200 section
    /// 4.4), else its destination. It is the one that the transports' checksums (section 8.1) and conversations count.
    public var finalDestination: IPv6Address {
        if nextHeader == .tcp || nextHeader == .udp { return destination }
        var found = destination
        var kind = nextHeader
        var position = Self.headerLength
        while position &+ 8 <= bytes.byteCount {
            let length: Int
            switch kind {
            case .hopByHop, .ipv6Routing, .ipv6Destination, .mobility, .oldMobility, .shim6:
                length = 8 &+ 8 &* Int(bytes.uint8(at: position &+ 1))
            case .ipv6Fragment: length = 8
            case .authentication: length = 4 &* (Int(bytes.uint8(at: position &+ 1)) &+ 2)
            default: return found
            }
            if kind == .ipv6Routing, let last = lastSegment(position, min(length, bytes.byteCount &- position)) {
                found = last
            }
            kind = IPProtocol(rawValue: bytes.uint8(at: position))
            position &+= length
        }
        return found
    }

    /// The last address of the routing header at a place; nil where it was passed already or is of a type without
    /// addresses.
    private func lastSegment(_ start: Int, _ length: Int) -> IPv6Address? {
        guard bytes.uint8(at: start &+ 3) > 0, length >= 24 else { return nil }
        switch bytes.uint8(at: start &+ 2) {
        case 0: return bytes.ipv6Address(at: start &+ 8 &+ (length &- 24) / 16 &* 16)  // RFC 2460 section 4.4
        // One address (RFC 6275 section 6.4); the last one first (RFC 8754 section 2).
        case 2, 4: return bytes.ipv6Address(at: start &+ 8)
        case 3 where bytes.uint8(at: start &+ 4) == 0:  // whole addresses, then padding (RFC 6554 section 3)
            let padding = Int(bytes.uint8(at: start &+ 5) >> 4)
            return length >= 24 &+ padding ? bytes.ipv6Address(at: start &+ length &- padding &- 16) : nil
        default: return nil
        }
    }
}
