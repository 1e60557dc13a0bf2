import Addressing
import Sockets
import SystemPackage

/// The sockets of this machine with their owners, and the range from which it takes ports by itself.
public struct SocketSurvey: Sendable {
    /// Those that wait for others first, then by port.
    public var entries: [SocketEntry]
    /// Ports for sockets that were not bound to one (/proc/sys/net/ipv4/ip_local_port_range).
    public var ephemeral: ClosedRange<UInt16>?
    /// The names of users by number, where there are any.
    public var users: [UInt32: String]
    /// Whether other users' processes could not be looked into.
    public var isPartlyHidden: Bool

    /// A survey put together from its parts.
    public init(
        entries: [SocketEntry], ephemeral: ClosedRange<UInt16>?, users: [UInt32: String] = [:],
        isPartlyHidden: Bool = false
    ) {
        self.entries = entries
        self.ephemeral = ephemeral
        self.users = users
        self.isPartlyHidden = isPartlyHidden
    }

    /// Looks at this machine.
    /// - Throws: ENOENT where there is no /proc/net (anywhere but on Linux).
    public static func take(_ transports: Set<Transport>, passiveOnly: Bool) throws(Errno) -> SocketSurvey {
        var entries: [SocketEntry] = []
        for (transport, name) in [(Transport.tcp, "tcp"), (.udp, "udp")]
        where transports.contains(transport) {
            entries += SocketTable.parse(try SystemFile.read("/proc/thread-self/net/\(name)"), transport, .ipv4)
            // Not there where IPv6 is switched off.
            if let content = try? SystemFile.read("/proc/net/\(name)6") {
                entries += SocketTable.parse(content, transport, .ipv6)
            }
        }
        if passiveOnly { entries.removeAll { !$0.isPassive } }
        // Those that wait first, then by address as people look for them.
        entries.sort { a, b in
            if a.isPassive != b.isPassive { return a.isPassive }
            if a.transport != b.transport { return a.transport == .tcp }
            return a.local.port != b.local.port ? a.local.port < b.local.port : (a.local, a.inode) < (b.local, b.inode)
        }
        let details = ListenerDetails.all()
        var owners = SocketOwners()
        owners.collect()
        for index in entries.indices {
            let inode = entries[index].inode
            entries[index].owners = owners.byInode[inode] ?? []
            guard let detail = details[inode] else { continue }
            entries[index].backlog = detail.backlog
            entries[index].isIPv6Only = detail.isIPv6Only
        }
        return SocketSurvey(
            entries: entries, ephemeral: ephemeralRange(), users: SystemUsers.names(SystemFile.lines("/etc/passwd")),
            isPartlyHidden: owners.isPartlyHidden && entries.contains { $0.owners.isEmpty && $0.inode != 0 })
    }

    /// The inodes of the sockets that wait for others in the calling thread's network, without their owners: cheap
    /// enough to ask again and again.
    ///
    /// - Parameter withUnix: AF_UNIX sockets, too.
    public static func passiveInodes(withUnix: Bool = false) -> Set<UInt64> {
        var found: Set<UInt64> = []
        for (transport, name, family) in [
            (Transport.tcp, "tcp", AddressFamily.ipv4), (.tcp, "tcp6", .ipv6), (.udp, "udp", .ipv4),
            (.udp, "udp6", .ipv6),
        ] {
            guard let content = try? SystemFile.read("/proc/thread-self/net/\(name)") else { continue }
            for entry in SocketTable.parse(content, transport, family) where entry.isPassive {
                found.insert(entry.inode)
            }
        }
        if withUnix, let content = try? SystemFile.read("/proc/thread-self/net/unix") {
            found.formUnion(SocketTable.passiveUnixInodes(content))
        }
        return found
    }

    private static func ephemeralRange() -> ClosedRange<UInt16>? {
        let words =
            SystemFile.lines("/proc/sys/net/ipv4/ip_local_port_range").first?.split(whereSeparator: {
                $0 == "\t" || $0 == " "
            }) ?? []
        guard words.count == 2, let low = UInt16(words[0]), let high = UInt16(words[1]), low <= high else { return nil }
        return low...high
    }
}

enum SystemUsers {
    /// `name:password:number:…`, passwd(5).
    static func names(_ lines: [String]) -> [UInt32: String] {
        var names: [UInt32: String] = [:]
        for line in lines {
            let columns = line.split(separator: ":", omittingEmptySubsequences: false)
            if columns.count > 2, let number = UInt32(columns[2]), names[number] == nil {
                names[number] = String(columns[0])
            }
        }
        return names
    }
}

/// Which process has which socket: the links of /proc/PID/fd, `socket:[INODE]`.
struct SocketOwners {
    private(set) var byInode: [UInt64: [SocketOwner]] = [:]
    private(set) var isPartlyHidden = false

    mutating func collect() {
        for process in DirectoryListing.names(in: "/proc") ?? [] {
            guard let number = Int(process) else { continue }
            guard let descriptors = DirectoryListing.names(in: "/proc/\(process)/fd") else {
                isPartlyHidden = true
                continue
            }
            var name: String?
            for descriptor in descriptors {
                guard let target = ProcessLaunch.linkTarget("/proc/\(process)/fd/\(descriptor)"),
                    target.hasPrefix("socket:["), target.hasSuffix("]"),
                    let inode = UInt64(target.dropFirst(8).dropLast()), let handle = Int32(descriptor)
                else { continue }
                if name == nil { name = SystemFile.lines("/proc/\(process)/comm", limit: 4096).first ?? "?" }
                byInode[inode, default: []].append(
                    SocketOwner(processID: number, name: name ?? "?", descriptor: handle))
            }
        }
    }
}

/// How far a socket can be reached, and what its port is.
extension SocketEntry {
    /// Who can send to a passive socket: everybody that reaches one of the addresses it is bound to. Firewalls are not
    /// looked at.
    public var reach: AddressKind.Reach? {
        if local.address.isUnspecified { return .everywhere }
        let kind = local.address.kind
        // A multicast group is joined on this network; how far its packets go is its sender's affair.
        return kind.category == .multicast || kind.category == .broadcast ? .network : kind.reach ?? .everywhere
    }
}

/// RFC 6335 section 6.
public enum PortClass: String, Hashable, Sendable {
    /// 0–1023, system ports.
    case wellKnown = "well-known"
    /// 1024–49151, user ports.
    case registered
    /// 49152–65535, never registered.
    case dynamic

    /// Which of RFC 6335's ranges a port lies in.
    public init(_ port: Port) {
        self = port.rawValue < 1024 ? .wellKnown : port.rawValue < 49_152 ? .registered : .dynamic
    }
}
