/// Bytes that a packet has besides its frame: a datagram put together from fragments, a message from several segments,
/// a decrypted record, an unpacked body.
///
/// A packet's bytes are one run, in which all places of its layers and fields count: the frame first, then its further
/// sources one behind the other. So whoever has a layer and the packet's bytes need not know in which source it lies,
/// no two layers begin at the same place, and a checksum finds the addresses of the packet below. Only where a place is
/// told to somebody is it counted from its source's first byte.
public struct DataSource: Sendable {
    /// What it is, as it stands behind places: `reassembled datagram`.
    public let name: StaticString
    /// Where its bytes lie among the packet's.
    public let range: Range<Int>

    /// A source that lies at a place among the packet's bytes.
    public init(_ name: StaticString, at range: Range<Int>) {
        self.name = name
        self.range = range
    }
}

extension Dissection {
    /// How many of the packet's bytes are its frame's.
    @inlinable @inline(__always)
    public func frameLength(in packet: RawSpan) -> Int {
        sources.isEmpty ? packet.byteCount : min(sources[0].range.lowerBound, packet.byteCount)
    }

    /// The source that a place lies in; nil for the frame.
    public func source(at place: Int) -> DataSource? { sources.last { $0.range.lowerBound <= place } }

    /// Where the source begins that a place lies in: 0 for the frame.
    @inlinable @inline(__always)
    public func sourceStart(of place: Int) -> Int { sources.isEmpty ? 0 : otherSourceStart(of: place) }

    @usableFromInline
    func otherSourceStart(of place: Int) -> Int { source(at: place)?.range.lowerBound ?? 0 }
}
