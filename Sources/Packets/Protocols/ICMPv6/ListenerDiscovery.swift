import Addressing

extension GroupMembership {
    /// Multicast listener discovery: 130 query, 131 report, 132 done (RFC 2710 section 3), 143 report of version 2 (RFC
    /// 3810 section 5.2).
    /// - Parameter bytes: an ICMPv6 message of eight bytes at least.
    static func listenerDiscovery(_ bytes: RawSpan) -> [GroupMembership] {
        switch bytes.uint8(at: 0) {
        case 130, 131, 132:
            guard bytes.byteCount >= 24 else { return [] }
            let group = bytes.ipv6Address(at: 8)
            switch bytes.uint8(at: 0) {
            case 130: return [.asks(group: group == .any ? nil : .v6(group))]
            case 131: return [.listens(group: .v6(group))]
            default: return [.leaves(group: .v6(group))]
            }
        case 143: return records(bytes, addressLength: 16) { .v6($0.ipv6Address(at: $1)) }
        default: return []
        }
    }
}
