import Addressing

/// The values of an IPv4 header without options, owned.
public struct IPv4Header: Hashable, Sendable {
    /// The six bits of differentiated services (RFC 2474) and the two of ECN (RFC 3168).
    public var trafficClass: UInt8
    /// Header and payload, in bytes, as the header says.
    public var totalLength: UInt16
    /// The same in all fragments of a datagram.
    public var identification: UInt16
    /// No router may cut the packet into fragments.
    public var dontFragment: Bool
    /// Another fragment of the datagram follows this one.
    public var moreFragments: Bool
    /// In bytes, a multiple of 8.
    public var fragmentOffset: Int
    /// How many more routers may pass it on.
    public var timeToLive: UInt8
    /// The payload's protocol.
    public var protocolNumber: IPProtocol
    /// The source address.
    public var source: IPv4Address
    /// The destination address.
    public var destination: IPv4Address

    /// A header of twenty bytes; what is not given is as most hosts send it.
    public init(
        totalLength: UInt16, protocolNumber: IPProtocol, source: IPv4Address, destination: IPv4Address,
        timeToLive: UInt8 = 64,
        identification: UInt16 = 0, dontFragment: Bool = true, moreFragments: Bool = false, fragmentOffset: Int = 0,
        trafficClass: UInt8 = 0
    ) {
        self.trafficClass = trafficClass
        self.totalLength = totalLength
        self.identification = identification
        self.dontFragment = dontFragment
        self.moreFragments = moreFragments
        self.fragmentOffset = fragmentOffset
        self.timeToLive = timeToLive
        self.protocolNumber = protocolNumber
        self.source = source
        self.destination = destination
    }

    /// Copies the values of a header that was read.
    public init(_ packet: borrowing IPv4Packet) {
        self.init(
            totalLength: packet.totalLength, protocolNumber: packet.protocolNumber, source: packet.source,
            destination: packet.destination, timeToLive: packet.timeToLive, identification: packet.identification,
            dontFragment: packet.dontFragment, moreFragments: packet.moreFragments,
            fragmentOffset: packet.fragmentOffset,
            trafficClass: packet.trafficClass)
    }

    /// The 20 bytes in wire format, with the header checksum computed.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = [0x45, trafficClass]
        bytes.append(uint16: totalLength)
        bytes.append(uint16: identification)
        bytes.append(
            uint16: (dontFragment ? 0x4000 : 0) | (moreFragments ? 0x2000 : 0) | UInt16(
                truncatingIfNeeded: fragmentOffset / 8) & 0x1fff)
        bytes += [timeToLive, protocolNumber.rawValue, 0, 0]
        bytes.append(uint32: source.rawValue)
        bytes.append(uint32: destination.rawValue)
        var checksum = InternetChecksum()
        checksum.add(bytes.rawSpan)
        bytes[10] = UInt8(checksum.value >> 8)
        bytes[11] = UInt8(checksum.value & 0xff)
        return bytes
    }
}
