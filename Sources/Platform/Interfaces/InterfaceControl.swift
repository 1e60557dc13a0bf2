import Addressing
import CNetShims
import SystemPackage

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

    /// Switches every offload of a link off (SIOCETHTOOL): checksums are computed by the kernel, and no segment is
    /// larger than the link carries. What a link cannot do is off already.
    public static func switchOffloadsOff(of name: String) throws(SocketError) {
        // ETHTOOL_SGRO, SGSO, STSO, SSG, STXCSUM, SRXCSUM of linux/ethtool.h; segmentation first, for it needs the
        // others.
        for command: UInt32 in [0x2c, 0x24, 0x1f, 0x19, 0x17, 0x15] {
            do throws(SocketError) {
                try control("ioctl SIOCETHTOOL", name) { unsafe netshims_set_ethtool_value($0, name, command, 0) }
            } catch {
                if error.code.rawValue != Errno.notSupported.rawValue { throw error }
            }
        }
    }

    /// SIOCSIFADDR and SIOCSIFNETMASK: a further IPv4 address, under a label such as `lo:1`. Linux only.
    public static func addAddress(_ address: IPv4Address, prefixLength: Int, label: String) throws(SocketError) {
        let mask = prefixLength <= 0 ? 0 : UInt32.max << UInt32(32 - min(32, prefixLength))
        try control("ioctl SIOCSIFADDR", label) {
            unsafe netshims_add_interface_address($0, label, address.rawValue.bigEndian, mask.bigEndian)
        }
    }

    private static func control(_ call: CallName, _ interface: String, _ body: (Int32) -> Int32)
        throws(SocketError)
    {
        let made = systemSocket(AddressFamily.ipv4.number, SocketKind.datagram.number)
        guard made.succeeded else { throw SocketError(.socket, made.code, subject: AddressFamily.ipv4.text) }
        let descriptor = Int32(truncatingIfNeeded: made.value)
        defer { _ = systemClose(descriptor) }
        let outcome = retrying { Int(body(descriptor)) }
        guard outcome.succeeded else { throw SocketError(call, outcome.code, subject: interface) }
    }
}
