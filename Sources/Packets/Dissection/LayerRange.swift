/// Where one layer lies in the packet's bytes: the frame's, and behind them those of its other data sources.
///
/// Views over bytes cannot be stored, ranges can: a dissection keeps these, and whoever wants a header opens its view
/// again over `packet.extracting(layer.range)`. All offsets count from the packet's first byte.
public struct LayerRange: Hashable, Sendable {
    /// The protocol of the layer.
    public var kind: LayerKind
    /// Each message of the layer has its length before it, as DNS over TCP has: the layer begins with that.
    public var hasLengthPrefix = false
    /// The header's first byte.
    public var start: Int32
    /// One past the header's last byte: where the payload begins.
    public var headerEnd: Int32
    /// One past the last byte of header and payload that was captured. Link padding after it is not part of the layer.
    public var end: Int32
    /// One past the last byte that the layer claims to have had on the wire; beyond `end` where the record was cut.
    public var claimedEnd: Int32
    /// The layer begins a datagram that goes on elsewhere, in another fragment, or that an ICMP error quotes in part:
    /// how long it is nobody can know here.
    public var isPartOfDatagram = false
    /// The layer lies in a packet that an ICMP error quotes: it is not this packet's own.
    public var isQuoted = false
    /// It is what an IPv4 packet carries that an ICMP error quotes, and not what a tunnel in that carries.
    public var isOfQuotedIPv4 = false
    /// The innermost IP header below is IPv4's.
    public var isOverIPv4 = false
    /// Where the innermost IP header below begins, counted from the packet's first byte; -1 where there is none.
    public var carrier: Int32 = -1
    /// Where the list stands among the packet's bytes of what was put together from this layer's part and those of
    /// earlier packets (`AssembledParts`); 0 where this packet completes nothing of the layer's.
    public var assembly: Int32 = 0

    /// A layer of the frame itself. All places count from the packet's first byte; numbers beyond 32 bits, which no
    /// packet has, are cut.
    @inlinable
    public init(kind: LayerKind, start: Int, headerEnd: Int, end: Int, claimedEnd: Int) {
        self.kind = kind
        self.start = Int32(truncatingIfNeeded: start)
        self.headerEnd = Int32(truncatingIfNeeded: headerEnd)
        self.end = Int32(truncatingIfNeeded: end)
        self.claimedEnd = Int32(truncatingIfNeeded: claimedEnd)
    }

    /// Header and payload, as captured.
    @inlinable public var range: Range<Int> { Int(start)..<Int(end) }
    /// The header alone.
    @inlinable public var header: Range<Int> { Int(start)..<Int(headerEnd) }
    /// The payload, as captured.
    @inlinable public var payload: Range<Int> { Int(headerEnd)..<Int(end) }
    /// Whether the message that the layer holds asks something of the other end (true) or answers it (false); nil where
    /// its protocol does not say so.
    public func asks(_ record: RawSpan) -> Bool? { ProtocolTables.shared.asks(self, record) }
    /// The payload's length on the wire, in bytes.
    @inlinable public var claimedPayloadLength: Int { max(0, Int(claimedEnd) &- Int(headerEnd)) }
}
