import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Rights of a Linux process beyond those of its user, capabilities(7). The raw value is the kernel's bit set.
public struct Capabilities: OptionSet, Hashable, Sendable {
    /// The kernel's bit set.
    public let rawValue: UInt64
    /// Capabilities by their bits.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// CAP_NET_ADMIN: interfaces, promiscuous mode.
    public static let networkAdministration = Capabilities(rawValue: 1 << 12)
    /// CAP_NET_RAW: capture, raw sockets.
    public static let rawNetwork = Capabilities(rawValue: 1 << 13)
}

/// What this process may do beyond its user's rights, and how it gives that up once the capture device is open.
public enum ProcessPrivileges {
    /// The calling thread's effective capabilities, capget(2). Always none outside Linux.
    public static func effectiveCapabilities() throws(SocketError) -> Capabilities {
        var bits: UInt64 = 0
        let outcome = retrying { unsafe Int(netshims_effective_capabilities(&bits)) }
        guard outcome.succeeded else { throw SocketError("capget", outcome.code) }
        return Capabilities(rawValue: bits)
    }

    /// Whether the process runs with the rights of root (in its user namespace).
    public static var isRoot: Bool { geteuid() == 0 }

    /// Whether user numbers are what they are outside: /proc/self/uid_map is `0 0 4294967295`, user_namespaces(7).
    public static var isInFirstUserNamespace: Bool {
        guard let map = ChildPrograms.content(of: "/proc/self/uid_map", atMost: 256) else { return true }
        return String(decoding: map, as: UTF8.self).split(whereSeparator: { $0 == " " || $0 == "\n" }) == [
            "0", "0", "4294967295",
        ]
    }

    /// Gives up everything that is not needed any more: becomes the user who called sudo, drops all capabilities and
    /// forbids to regain any (PR_SET_NO_NEW_PRIVS). Without sudo the user stays.
    ///
    /// Linux counts capabilities by thread: call this before threads are started, which then have none either. Root
    /// without sudo stays root by name; without capabilities it may do what the owner of root's files may.
    ///
    /// - Parameter user: whom to become, normally `SudoUser.current`. Only root can become somebody.
    /// - Throws: EPERM; EINVAL in a user namespace that does not have that user.
    public static func drop(to user: SudoUser?) throws(SocketError) {
        if let user, isRoot {
            // The groups first: afterwards there is no right to change them.
            var group = user.groupID
            try check("setgroups", unsafe setgroups(1, &group))
            try check("setgid", setgid(user.groupID))
            try check("setuid", setuid(user.userID))
            // Must fail now; if it works, nothing was dropped.
            if setuid(0) == 0 { throw SocketError("setuid", EPERM) }
        }
        try check("capset", netshims_clear_capabilities())
        try check("prctl", netshims_set_no_new_privileges())
    }

    /// Gives up all capabilities of the calling thread alone, capset(2): from then on it may do what an ordinary user's
    /// may. Does nothing outside Linux.
    public static func dropThreadCapabilities() throws(SocketError) {
        try check("capset", netshims_clear_capabilities())
    }

    private static func check(_ name: CallName, _ result: Int32) throws(SocketError) {
        if result != 0 {
            let code = errno
            throw SocketError(name, code)
        }
    }
}

/// The user who called sudo, as sudo tells it in the environment.
public struct SudoUser: Hashable, Sendable {
    /// The user's number, never 0.
    public let userID: uid_t
    /// The number of the user's group.
    public let groupID: gid_t

    /// Reads SUDO_UID and SUDO_GID; nil when they are absent, no numbers, or root's.
    public init?(userID: String?, groupID: String?) {
        guard let user = userID.flatMap({ uid_t($0) }), let group = groupID.flatMap({ gid_t($0) }), user != 0 else {
            return nil
        }
        self.userID = user
        self.groupID = group
    }

    /// As this process' environment tells; nil where sudo was not used.
    public static var current: SudoUser? {
        SudoUser(userID: environmentVariable("SUDO_UID"), groupID: environmentVariable("SUDO_GID"))
    }
}

/// getenv(3).
public func environmentVariable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
}
