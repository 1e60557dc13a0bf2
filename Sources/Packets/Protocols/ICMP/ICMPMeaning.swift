/// What an ICMP or ICMPv6 message is for, whichever of the two it is (RFC 792, RFC 4443): the same words for both.
public enum ICMPMeaning: Hashable, Sendable {
    case echoRequest(identifier: UInt16, number: UInt16)
    case echoReply(identifier: UInt16, number: UInt16)
    /// The destination cannot be reached; the code says why.
    case unreachable(code: UInt8)
    /// Larger than the next link takes, and not to be fragmented by a router: what it takes, in bytes; 0 where an old
    /// router does not say (RFC 1191 section 5).
    case tooBig(mtu: UInt32)
    /// The packet's time to live, or hop limit, ran out on the way.
    case hopsExceeded
    case other

    /// nil where a layer is no ICMP message, or is cut.
    public init?(_ layer: LayerRange, _ record: RawSpan) {
        guard layer.kind == .icmp || layer.kind == .icmpv6, layer.range.count >= 8 else { return nil }
        let bytes = record.extracting(layer.range)
        let (type, code) = (bytes.uint8(at: 0), bytes.uint8(at: 1))
        let (identifier, number) = (bytes.uint16(at: 4), bytes.uint16(at: 6))
        switch (layer.kind, type, code) {
        case (.icmp, 8, _), (.icmpv6, 128, _): self = .echoRequest(identifier: identifier, number: number)
        case (.icmp, 0, _), (.icmpv6, 129, _): self = .echoReply(identifier: identifier, number: number)
        case (.icmp, 3, 4): self = .tooBig(mtu: UInt32(number))
        case (.icmpv6, 2, _): self = .tooBig(mtu: bytes.uint32(at: 4))
        case (.icmp, 3, _), (.icmpv6, 1, _): self = .unreachable(code: code)
        case (.icmp, 11, 0), (.icmpv6, 3, 0): self = .hopsExceeded
        default: self = .other
        }
    }
}
