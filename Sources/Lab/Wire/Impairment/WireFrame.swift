import Packets

/// What an impaired link wants to know of a frame.
public struct WireFrame: Hashable, Sendable {
    /// What an impaired link tells apart.
    public enum Kind: Hashable, Sendable {
        case tcp(flags: TCPFlags, payloadLength: Int)
        case udp
        /// Any other IP packet, later fragments too.
        case otherIP
        /// ARP, neighbour discovery, multicast listeners (RFC 4861, RFC 3810), and what is not IP at all. It is delayed
        /// as all frames are, but chance does not hit it: what is lost is always a packet that a program sent.
        case housekeeping
    }

    /// What it is.
    public let kind: Kind
    /// Bytes as captured, link header included.
    public let length: Int
    /// Where the transport header begins: the bytes from here on have a checksum that shows every flipped bit.
    public let transportStart: Int

    /// - Parameters:
    ///   - length: bytes as captured.
    ///   - transportStart: where the transport header begins; 0 where there is none.
    public init(kind: Kind, length: Int, transportStart: Int = 0) {
        self.kind = kind
        self.length = length
        self.transportStart = transportStart
    }

    /// Looks at an Ethernet frame whose layers are known.
    public init(_ bytes: RawSpan, _ dissection: borrowing Dissection) {
        length = bytes.byteCount
        guard let network = dissection.network else {
            kind = .housekeeping
            transportStart = 0
            return
        }
        transportStart = Int(network.headerEnd)
        var found = Kind.otherIP
        search: for layer in dissection.layers where layer.start >= network.headerEnd {
            switch layer.kind {
            case .tcp:
                guard let segment = try? TCPSegment(bytes.extracting(layer.range)) else { break search }
                found = .tcp(flags: segment.flags, payloadLength: layer.claimedPayloadLength)
                break search
            case .udp:
                found = .udp
                break search
            case .icmp: break search
            case .icmpv6:
                // Listener queries and reports, and router and neighbour discovery.
                if let message = try? ICMPv6Message(bytes.extracting(layer.range)), Self.isHousekeeping(message.type) {
                    found = .housekeeping
                }
                break search
            default: continue
            }
        }
        kind = found
    }

    private static func isHousekeeping(_ type: UInt8) -> Bool { (130...137).contains(type) || type == 143 }
}
