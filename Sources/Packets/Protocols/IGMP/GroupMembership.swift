import Addressing

/// What a message says of who listens to which multicast group, owned: IGMP's (RFC 2236 section 2, RFC 3376 section 4)
/// and, for IPv6, multicast listener discovery's (RFC 2710 section 3, RFC 3810 section 5), which is the same protocol.
public enum GroupMembership: Hashable, Sendable {
    /// A router asks who listens; nil for every group.
    case asks(group: IPAddress?)
    /// A host listens to a group.
    case listens(group: IPAddress)
    /// A host listens to a group no more.
    case leaves(group: IPAddress)

    /// What a layer says: a report of the newest version speaks of several groups. None where it is no such message.
    public static func all(_ layer: LayerRange, _ record: RawSpan) -> [GroupMembership] {
        let bytes = record.extracting(layer.range)
        switch layer.kind {
        case .igmp where bytes.byteCount >= IGMPMessage.length: return igmp(bytes)
        case .icmpv6 where bytes.byteCount >= 8: return listenerDiscovery(bytes)
        default: return []
        }
    }

    private static func igmp(_ bytes: RawSpan) -> [GroupMembership] {
        let group = bytes.ipv4Address(at: 4)
        switch bytes.uint8(at: 0) {
        case 0x11: return [.asks(group: group == .any ? nil : .v4(group))]
        case 0x12, 0x16: return [.listens(group: .v4(group))]
        case 0x17: return [.leaves(group: .v4(group))]
        case 0x22: return records(bytes, addressLength: 4) { .v4($0.ipv4Address(at: $1)) }
        default: return []
        }
    }

    /// The group records of a report of IGMP version 3 or MLD version 2, which are laid out alike: type, length of
    /// auxiliary data in words, number of sources, the group, the sources.
    static func records(
        _ bytes: RawSpan, addressLength: Int, _ address: (RawSpan, Int) -> IPAddress
    ) -> [GroupMembership] {
        var found: [GroupMembership] = []
        var position = 8
        let count = min(Int(bytes.uint16(at: 6)), 64)
        while found.count < count, position + 4 + addressLength <= bytes.byteCount {
            let type = bytes.uint8(at: position)
            let sources = Int(bytes.uint16(at: position + 2))
            let group = address(bytes, position + 4)
            // Who includes no source listens to none; who excludes some listens to all others.
            let listensToNone = (type == 1 || type == 3) && sources == 0
            found.append(listensToNone ? .leaves(group: group) : .listens(group: group))
            position += 4 + addressLength * (1 + sources) + 4 * Int(bytes.uint8(at: position + 1))
        }
        return found
    }
}
