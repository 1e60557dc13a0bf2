import Addressing

/// Which part of which IP datagram a packet brings, as its header says it (RFC 791 section 3.1, RFC 8200 section 4.5).
public struct FragmentPlace: Sendable {
    /// What the fragments of one datagram have in common.
    public struct Datagram: Hashable, Sendable {
        /// Who sent it.
        public let source: IPAddress
        /// Whom it is for.
        public let destination: IPAddress
        /// The protocol above; 0 for IPv6, where the fragments behind the first may name another.
        public let carried: IPProtocol
        /// The sender's number for it.
        public let identification: UInt32
    }

    /// To which datagram it belongs.
    public let datagram: Datagram
    /// What follows the header; of the fragments of an IPv6 datagram the first tells.
    public let carried: IPProtocol
    /// Where its first byte belongs in the datagram.
    public let offset: Int
    /// No fragment follows it.
    public let isLast: Bool

    /// What a layer of IPv4, or of IPv6's fragment header, says; nil where that is no fragment.
    public init?(_ packet: RawSpan, _ layer: LayerRange) {
        switch layer.kind {
        case .ipv4:
            guard let header = try? IPv4Packet(packet.extracting(layer.range)) else { return nil }
            (carried, offset, isLast) = (header.protocolNumber, header.fragmentOffset, !header.moreFragments)
            datagram = Datagram(
                source: .v4(header.source), destination: .v4(header.destination), carried: carried,
                identification: UInt32(header.identification))
        case .ipv6Fragment:
            let start = Int(layer.carrier)
            guard start >= 0, start < Int(layer.start), !layer.isOverIPv4,
                let header = try? IPv6Packet(packet.extracting(start..<Int(layer.end))),
                let fragment = try? IPv6FragmentHeader(packet.extracting(layer.range))
            else { return nil }
            (carried, offset, isLast) = (fragment.nextHeader, fragment.fragmentOffset, !fragment.moreFragments)
            datagram = Datagram(
                source: .v6(header.source), destination: .v6(header.destination), carried: IPProtocol(rawValue: 0),
                identification: fragment.identification)
        default: return nil
        }
        // An IPv6 datagram in one piece may have the header all the same (RFC 6946).
        if offset == 0, isLast { return nil }
    }
}

/// A fragment of an IP datagram, where a dissection stopped at one whose bytes are all there.
public struct DatagramFragment: Sendable {
    /// Which part of which datagram it is.
    public let place: FragmentPlace
    /// Where its data lies among the packet's bytes.
    public let range: Range<Int>

    /// The fragment that the innermost layer is; nil where it is none, or not all of it is there.
    public init?(_ packet: RawSpan, _ dissection: borrowing Dissection) {
        guard let layer = dissection.layers.last, !layer.isQuoted, layer.end == layer.claimedEnd,
            Int(layer.end) <= packet.byteCount, let place = FragmentPlace(packet, layer),
            Self.isWhole(packet, layer)
        else { return nil }
        self.place = place
        range = layer.payload
    }

    /// Whether the IP header claims as many bytes as are there.
    private static func isWhole(_ packet: RawSpan, _ layer: LayerRange) -> Bool {
        if layer.kind == .ipv4 {
            let claimed = Int(packet.uint16(at: Int(layer.start) &+ 2))
            return claimed == 0 || claimed == layer.range.count
        }
        let start = Int(layer.carrier)
        return Int(packet.uint16(at: start &+ 4)) &+ IPv6Packet.headerLength == Int(layer.end) &- start
    }
}
