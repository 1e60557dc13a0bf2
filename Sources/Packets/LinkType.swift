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
    public static let ax25 = LinkType(rawValue: 3)
    public static let tokenRing = LinkType(rawValue: 6)
    public static let ppp = LinkType(rawValue: 9)
    public static let fddi = LinkType(rawValue: 10)
    /// Raw IP as the DLT number that some systems wrote into files; LINKTYPE_RAW is 101.
    public static let rawDLT = LinkType(rawValue: 12)
    /// The number of `encapsulation` that OpenBSD wrote into files.
    public static let encapsulationDLT = LinkType(rawValue: 13)
    public static let rawOpenBSD = LinkType(rawValue: 14)
    public static let pppHDLC = LinkType(rawValue: 50)
    public static let pppoe = LinkType(rawValue: 51)
    /// Symantec's firewall.
    public static let symantecFirewall = LinkType(rawValue: 99)
    /// LLC in ATM cells (RFC 2684).
    public static let atmLLC = LinkType(rawValue: 100)
    /// Raw IP: the version nibble says whether IPv4 or IPv6.
    public static let raw = LinkType(rawValue: 101)
    public static let arcnet = LinkType(rawValue: 7)
    /// Numbers of BSD/OS's time that still stand in files: bare IP, and Cisco's HDLC.
    public static let bsdHDLC = LinkType(rawValue: 16)
    public static let bsdATM = LinkType(rawValue: 18)
    public static let bsdSLIP = LinkType(rawValue: 19)
    public static let bsdCiscoHDLC = LinkType(rawValue: 112)
    public static let redback = LinkType(rawValue: 32)
    public static let classicalIPOverATM = LinkType(rawValue: 106)
    public static let encapsulation = LinkType(rawValue: 109)
    public static let packetFilterLog = LinkType(rawValue: 117)
    public static let ieee80211Prism = LinkType(rawValue: 119)
    public static let ipOverFibreChannel = LinkType(rawValue: 122)
    public static let sunATM = LinkType(rawValue: 123)
    public static let tzsp = LinkType(rawValue: 128)
    public static let arcnetLinux = LinkType(rawValue: 129)
    public static let juniperMultilink = LinkType(rawValue: 130)
    public static let juniperMultilinkFrameRelay = LinkType(rawValue: 131)
    public static let juniperGGSN = LinkType(rawValue: 133)
    public static let juniperATM2 = LinkType(rawValue: 135)
    public static let juniperServices = LinkType(rawValue: 136)
    public static let juniperATM1 = LinkType(rawValue: 137)
    public static let appleIPOverIEEE1394 = LinkType(rawValue: 138)
    public static let ieee80211AVS = LinkType(rawValue: 163)
    public static let juniperPPPoE = LinkType(rawValue: 167)
    public static let juniperEthernet = LinkType(rawValue: 178)
    public static let juniperPPP = LinkType(rawValue: 179)
    public static let juniperFrameRelay = LinkType(rawValue: 180)
    public static let juniperCiscoHDLC = LinkType(rawValue: 181)
    public static let juniperVoice = LinkType(rawValue: 183)
    /// Per-packet information: a header that names the link type itself.
    public static let ppi = LinkType(rawValue: 192)
    /// Endace's extensible record format.
    public static let erf = LinkType(rawValue: 197)
    /// AX.25 behind a byte of KISS, the language of terminal node controllers.
    public static let ax25KISS = LinkType(rawValue: 202)
    public static let pppWithDirection = LinkType(rawValue: 204)
    /// Solaris's IP observability devices.
    public static let ipnet = LinkType(rawValue: 226)
    /// Ethernet as Hilscher's cards capture it.
    public static let netAnalyzer = LinkType(rawValue: 240)
    public static let ipOverInfiniBand = LinkType(rawValue: 242)
    /// macOS's packet taps.
    public static let packetTap = LinkType(rawValue: 258)
    /// The number of `packetTap` in files that macOS wrote before it had its own: one of those for private use.
    public static let packetTapPrivate = LinkType(rawValue: 149)
    public static let ethernetMPacket = LinkType(rawValue: 274)
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
    /// Stands where a record is no packet; no capture file has this number.
    public static let notAPacket = LinkType(rawValue: .max)
}
