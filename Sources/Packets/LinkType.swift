/// What the first header of a record is: the LINKTYPE_ number of a capture file
/// (https://www.tcpdump.org/linktypes.html; draft-ietf-opsawg-pcaplinktype).
///
/// An open number: a type that nobody dissects here still survives reading and writing.
public struct LinkType: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32

    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// BSD loopback: a four-byte address family in the byte order of the host that captured.
    public static let null = LinkType(rawValue: 0)
    public static let ethernet = LinkType(rawValue: 1)
    public static let tokenRing = LinkType(rawValue: 6)
    public static let ppp = LinkType(rawValue: 9)
    public static let fddi = LinkType(rawValue: 10)
    /// Raw IP as the DLT number that some systems wrote into files; LINKTYPE_RAW is 101.
    public static let rawDLT = LinkType(rawValue: 12)
    public static let rawOpenBSD = LinkType(rawValue: 14)
    public static let pppHDLC = LinkType(rawValue: 50)
    public static let pppoe = LinkType(rawValue: 51)
    /// LLC in ATM cells (RFC 2684).
    public static let atmLLC = LinkType(rawValue: 100)
    /// Raw IP: the version nibble says whether IPv4 or IPv6.
    public static let raw = LinkType(rawValue: 101)
    public static let ciscoHDLC = LinkType(rawValue: 104)
    public static let ieee80211 = LinkType(rawValue: 105)
    public static let frameRelay = LinkType(rawValue: 107)
    /// OpenBSD loopback: the address family in network byte order.
    public static let loop = LinkType(rawValue: 108)
    /// Linux "cooked" capture, as of the `any` device of older libpcap.
    public static let linuxSLL = LinkType(rawValue: 113)
    public static let ieee80211Radiotap = LinkType(rawValue: 127)
    public static let ipv4 = LinkType(rawValue: 228)
    public static let ipv6 = LinkType(rawValue: 229)
    public static let nflog = LinkType(rawValue: 239)
    /// Linux "cooked" capture version 2, as of the `any` device.
    public static let linuxSLL2 = LinkType(rawValue: 276)
}
