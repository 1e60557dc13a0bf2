/// What the kernel knows of a link beyond getifaddrs: RTM_GETLINK of rtnetlink(7). Linux only.
public struct LinkFacts: Hashable, Sendable {
    /// RFC 2863's operational state, as `ip` prints it.
    public enum State: UInt8, Hashable, Sendable {
        case unknown, notPresent, down, lowerLayerDown, testing, dormant, up

        /// As ip(8) spells it.
        public var text: String {
            switch self {
            case .unknown: "UNKNOWN"
            case .notPresent: "NOTPRESENT"
            case .down: "DOWN"
            case .lowerLayerDown: "LOWERLAYERDOWN"
            case .testing: "TESTING"
            case .dormant: "DORMANT"
            case .up: "UP"
            }
        }
    }

    /// Packets and bytes since the link was made.
    public struct Counters: Hashable, Sendable {
        /// Packets that went through.
        public var packets: UInt64
        /// Their bytes, link headers included.
        public var bytes: UInt64
        /// Packets that were damaged.
        public var errors: UInt64
        /// Packets that there was no room for, or that nobody wanted.
        public var dropped: UInt64
    }

    /// The interface's number.
    public let index: UInt32
    /// As the system says it; escape it before it goes to a terminal.
    public var name = ""
    /// Whether it can carry packets (RFC 2863); nil where the system does not tell.
    public var state: State?
    /// The largest packet in bytes, link header not counted.
    public var mtu: Int?
    /// The link that this one stands on (a VLAN's Ethernet) or that it is the other end of (veth); 0: none.
    public var parent: UInt32?
    /// Whether the parent is in another network namespace.
    public var parentIsElsewhere = false
    /// What made it: `vlan`, `veth`, `bridge`; nil for hardware.
    public var kind: String?
    /// The VLAN's number (IEEE 802.1Q).
    public var vlan: UInt16?
    /// What came in since it was made.
    public var received: Counters?
    /// What went out since it was made.
    public var sent: Counters?
}

/// The links that the kernel lists over rtnetlink(7): RTM_GETLINK.
public enum LinkTable {
    /// Every link by its index.
    /// - Throws: ENOSYS elsewhere than on Linux, and what the kernel says.
    public static func all() throws(SocketError) -> [UInt32: LinkFacts] {
        // RTM_GETLINK is asked with an empty struct ifinfomsg.
        var links: [UInt32: LinkFacts] = [:]
        try NetlinkDump.run(.route, type: 18, body: [UInt8](repeating: 0, count: 16)) { type, content in
            if type == 16, let link = parse(content) { links[link.index] = link }
        }
        return links
    }

    /// struct ifinfomsg (family, type, index, flags, change: 16 bytes), then attributes.
    static func parse(_ content: NativeBytes) -> LinkFacts? {
        guard let index = content.uint32(at: 4), content.uint32(at: 12) != nil else { return nil }
        var link = LinkFacts(index: index)
        NetlinkDump.attributes(content, from: 16) { type, value in
            switch type {
            case 3: link.name = value.text
            case 4: link.mtu = value.uint32(at: 0).map(Int.init)
            case 5: link.parent = value.uint32(at: 0)
            case 16: link.state = value.uint8(at: 0).flatMap(LinkFacts.State.init)
            case 18: linkInfo(value, &link)
            case 23: statistics(value, &link)
            case 37: link.parentIsElsewhere = true
            default: break
            }
        }
        return link
    }

    /// IFLA_LINKINFO: IFLA_INFO_KIND and IFLA_INFO_DATA, where a VLAN has its number as the first attribute.
    private static func linkInfo(_ value: NativeBytes, _ link: inout LinkFacts) {
        var data: NativeBytes?
        var kind: String?
        NetlinkDump.attributes(value, from: 0) { type, value in
            if type == 1 { kind = value.text }
            if type == 2 { data = value }
        }
        link.kind = kind
        guard kind == "vlan", let data else { return }
        var number: UInt16?
        NetlinkDump.attributes(data, from: 0) { type, value in if type == 1 { number = value.uint16(at: 0) } }
        link.vlan = number
    }

    /// IFLA_STATS64, struct rtnl_link_stats64: received and sent alternate.
    private static func statistics(_ value: NativeBytes, _ link: inout LinkFacts) {
        func counters(_ start: Int) -> LinkFacts.Counters? {
            guard let packets = value.uint64(at: start), let bytes = value.uint64(at: start + 16),
                let errors = value.uint64(at: start + 32), let dropped = value.uint64(at: start + 48)
            else { return nil }
            return LinkFacts.Counters(packets: packets, bytes: bytes, errors: errors, dropped: dropped)
        }
        link.received = counters(0)
        link.sent = counters(8)
    }
}
