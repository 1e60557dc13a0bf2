import CNetShims

/// Reads and changes an interface by name, through ioctl(2) on a scratch socket: netdevice(7). Changing needs
/// CAP_NET_ADMIN in the interface's network namespace. ENODEV: there is no such interface.
public enum InterfaceControl {
    /// SIOCGIFFLAGS.
    public static func flags(of name: String) throws(SocketError) -> InterfaceFlags {
        var flags: UInt32 = 0
        try control("ioctl SIOCGIFFLAGS", name) { unsafe netshims_get_interface_flags($0, name, &flags) }
        return InterfaceFlags(rawValue: flags)
    }

    /// SIOCSIFFLAGS.
    public static func setFlags(of name: String, to flags: InterfaceFlags) throws(SocketError) {
        try control("ioctl SIOCSIFFLAGS", name) { unsafe netshims_set_interface_flags($0, name, flags.rawValue) }
    }

    /// Switches an interface on, as `ip link set NAME up`: the loopback of a new network namespace is off, and Linux
    /// gives it 127.0.0.1 and ::1 when it goes on.
    public static func bringUp(_ name: String) throws(SocketError) {
        try setFlags(of: name, to: flags(of: name).union(.up))
    }

    /// SIOCGIFMTU: the largest packet in bytes, link header not counted.
    public static func mtu(of name: String) throws(SocketError) -> Int {
        var mtu: Int32 = 0
        try control("ioctl SIOCGIFMTU", name) { unsafe netshims_get_interface_mtu($0, name, &mtu) }
        return Int(mtu)
    }

    /// SIOCSIFMTU.
    public static func setMTU(of name: String, to mtu: Int) throws(SocketError) {
        try control("ioctl SIOCSIFMTU", name) { unsafe netshims_set_interface_mtu($0, name, Int32(clamping: mtu)) }
    }

    private static func control(_ call: SocketCall.Name, _ interface: String, _ body: (Int32) -> Int32) throws(SocketError) {
        let socket = try Socket(.ipv4, .datagram)
        let outcome = retrying { Int(body(socket.descriptor)) }
        guard outcome.succeeded else { throw SocketError(call, outcome.code, subject: interface) }
    }
}
