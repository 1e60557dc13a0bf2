/// Which system this is, for what only one of them has.
public enum HostSystem {
    /// Whether the kernel is Linux: /proc, namespaces, capabilities, netlink.
    public static var isLinux: Bool {
        #if os(Linux)
            true
        #else
            false
        #endif
    }

    /// The name of the loopback interface.
    public static var loopback: String { isLinux ? "lo" : "lo0" }
}
