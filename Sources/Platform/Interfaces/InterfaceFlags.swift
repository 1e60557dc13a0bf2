/// What an interface is and in which state, netdevice(7). The raw value is the kernel's bit set; those named here have
/// the same bits on Linux and on BSD, except where said.
public struct InterfaceFlags: OptionSet, Hashable, Sendable {
    /// The kernel's bit set.
    public let rawValue: UInt32
    /// Flags by their bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// IFF_UP: switched on.
    public static let up = InterfaceFlags(rawValue: 0x1)
    /// IFF_BROADCAST: has a broadcast address.
    public static let broadcast = InterfaceFlags(rawValue: 0x2)
    /// IFF_LOOPBACK: leads back to this machine.
    public static let loopback = InterfaceFlags(rawValue: 0x8)
    /// IFF_POINTOPOINT: has exactly one other end.
    public static let pointToPoint = InterfaceFlags(rawValue: 0x10)
    /// IFF_RUNNING: ready to carry packets (a cable is in).
    public static let running = InterfaceFlags(rawValue: 0x40)
    /// IFF_NOARP: does not resolve addresses.
    public static let noARP = InterfaceFlags(rawValue: 0x80)
    /// IFF_PROMISC: takes every frame.
    public static let promiscuous = InterfaceFlags(rawValue: 0x100)
    #if os(Linux)
        /// IFF_MULTICAST.
        public static let multicast = InterfaceFlags(rawValue: 0x1000)
    #else
        /// IFF_MULTICAST.
        public static let multicast = InterfaceFlags(rawValue: 0x8000)
    #endif
}
