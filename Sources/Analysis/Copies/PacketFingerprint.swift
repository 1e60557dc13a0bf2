import Capture
import Packets

/// What stays the same of a packet on its way through links and routers, and what tells two recordings of it apart.
///
/// Links change the header in front of the packet, and switches add and take VLAN tags (IEEE 802.1Q). Routers lower
/// TTL or hop limit, change the header checksum with it (RFC 1812 section 5.3.1), and may write DSCP and ECN anew (RFC
/// 2474, RFC 3168). The rest of the packet stays, if no address is translated.
struct PacketFingerprint: Sendable {
    /// Of what neither links nor routers change: the network header, what follows in the first `covered` bytes, and the
    /// last eight. What lies between stands in the checksum of TCP or UDP.
    let digest: UInt64
    /// Of the link header and the interface.
    let place: UInt32
    /// Whether there is a link header.
    let hasLink: Bool
    /// TTL or hop limit; 0 for ARP.
    let hops: UInt8
    /// IPv4's identification (RFC 6864); 0 where there is none: an IPv6 packet, and one that many systems give 0.
    let identification: UInt16
    /// Whether it is a part of a datagram.
    let isFragment: Bool
    /// Of the sender's address.
    let sender: UInt32
    /// Whether the sender's system repeats such a packet only after a time that is long beside `CopyFinder`'s bounds.
    /// UDP is what programs send, and they may send the same twice at once.
    let isFirm: Bool
    /// A TCP segment that opens a connection: sent again after a second at the earliest (RFC 6298 section 2.1).
    let isOpening: Bool

    private static let covered = 80
    private static let mostTags = 4
    private static let mostHeader = 256

    /// nil where a frame carries no IP and no ARP, or too little of it was captured.
    init?(_ frame: RawSpan, _ header: RecordHeader, seed: UInt64) {
        guard let (start, type) = Self.network(frame, header) else { return nil }
        var place = Digest(seed)
        place.add(UInt64(truncatingIfNeeded: header.interface), UInt64(truncatingIfNeeded: start))
        place.add(frame, 0..<min(start, Self.mostHeader))
        self.place = UInt32(truncatingIfNeeded: place.value)
        hasLink = start > 0
        let bytes = frame.extracting(start..<frame.byteCount)
        var digest = Digest(seed)
        switch type {
        case .ipv4:
            guard bytes.byteCount >= 20, case let header = Int(bytes.uint8(at: 0) & 15) &* 4, header >= 20 else {
                return nil
            }
            let length = Int(bytes.uint16(at: 2))
            let end = length >= 20 ? min(length, bytes.byteCount) : bytes.byteCount
            // Without DSCP and ECN, and then without TTL and checksum.
            digest.add(bytes.uint64(at: 0) & 0xff00_ffff_ffff_ffff, bytes.uint64(at: 8) & 0x00ff_0000_ffff_ffff)
            digest.add(bytes, 16..<min(end, Self.covered))
            digest.add(bytes.uint64(at: end &- 8), UInt64(truncatingIfNeeded: min(end, Self.covered)))
            hops = bytes.uint8(at: 8)
            isFragment = bytes.uint16(at: 6) & 0x3fff != 0
            identification = bytes.uint16(at: 4)
            sender = bytes.uint32(at: 12)
            let number = IPProtocol(rawValue: bytes.uint8(at: 9))
            isFirm = number != .udp
            isOpening = number == .tcp && !isFragment && Self.isSYN(bytes, at: header, before: end)
        case .ipv6:
            guard bytes.byteCount >= 40 else { return nil }
            let length = Int(bytes.uint16(at: 4))
            let end = length > 0 ? min(40 &+ length, bytes.byteCount) : bytes.byteCount
            // Without traffic class and hop limit.
            digest.add(bytes.uint64(at: 0) & 0xf00f_ffff_ffff_ff00, bytes.uint64(at: end &- 8))
            digest.add(bytes, 8..<min(end, Self.covered))
            digest.add(UInt64(truncatingIfNeeded: min(end, Self.covered)), 0)
            hops = bytes.uint8(at: 7)
            let number = IPProtocol(rawValue: bytes.uint8(at: 6))
            isFragment = false
            identification = 0
            let address = bytes.uint64(at: 8) ^ bytes.uint64(at: 16)
            sender = UInt32(truncatingIfNeeded: address ^ address >> 32)
            isFirm = number == .tcp || number == .icmpv6
            isOpening = number == .tcp && Self.isSYN(bytes, at: 40, before: end)
        default:
            guard bytes.byteCount >= 28 else { return nil }
            digest.add(bytes, 0..<28)
            hops = 0
            isFragment = false
            identification = 0
            sender = bytes.uint32(at: 10)
            isFirm = true
            isOpening = false
        }
        self.digest = digest.value
    }

    private static func isSYN(_ packet: RawSpan, at start: Int, before end: Int) -> Bool {
        start + 14 <= end && TCPFlags(rawValue: UInt16(packet.uint8(at: start + 13))).contains(.syn)
    }

    /// Where the packet of the network layer begins, and what it is: IPv4, IPv6 or ARP.
    private static func network(_ frame: RawSpan, _ header: RecordHeader) -> (start: Int, type: EtherType)? {
        guard header.linkType == .ethernet else { return dissected(frame, header) }
        var position = 12
        for _ in 0...mostTags {
            guard position + 2 <= frame.byteCount else { return nil }
            let type = EtherType(rawValue: frame.uint16(at: position))
            switch type {
            case .ipv4, .ipv6, .arp: return (position + 2, type)
            case .vlan, .providerVLAN, .oldVLAN: position += 4
            default: return dissected(frame, header)
            }
        }
        return nil
    }

    /// The same for other links, as the dissector sees them.
    private static func dissected(_ frame: RawSpan, _ header: RecordHeader) -> (start: Int, type: EtherType)? {
        var dissection = Dissection()
        Dissector().dissect(frame, linkType: header.linkType, wireLength: header.wireLength, into: &dissection)
        for layer in dissection.layers {
            switch layer.kind {
            case .ipv4: return (Int(layer.start), .ipv4)
            case .ipv6: return (Int(layer.start), .ipv6)
            case .arp: return (Int(layer.start), .arp)
            default: continue
            }
        }
        return nil
    }
}

/// A hash of bytes that nobody can aim at without knowing its seed. It only has to be different for different packets.
private struct Digest {
    private(set) var value: UInt64
    private let key: UInt64

    init(_ seed: UInt64) {
        value = seed ^ 0x9e37_79b9_7f4a_7c15
        key = (seed ^ seed >> 32) &* 0xff51_afd7_ed55_8ccd
    }

    /// Sixteen bytes at once: both halves of one wide product depend on all of them.
    @inline(__always)
    mutating func add(_ first: UInt64, _ second: UInt64) {
        let product = (value ^ first).multipliedFullWidth(by: second ^ key)
        value = product.high ^ product.low ^ first
    }

    /// The bytes of a range, the last ones twice where they are no multiple of sixteen; not their number.
    @inline(__always)
    mutating func add(_ bytes: RawSpan, _ range: Range<Int>) {
        var position = range.lowerBound
        while position &+ 16 <= range.upperBound {
            add(bytes.uint64(at: position), bytes.uint64(at: position &+ 8))
            position &+= 16
        }
        if position == range.upperBound { return }
        if range.count >= 16 {
            add(bytes.uint64(at: range.upperBound &- 16), bytes.uint64(at: range.upperBound &- 8))
        } else if range.count >= 8 {
            add(bytes.uint64(at: range.lowerBound), bytes.uint64(at: range.upperBound &- 8))
        } else {
            for index in range { add(UInt64(bytes.uint8(at: index)), UInt64(index)) }
        }
    }
}
