/// What a dissector found in one record: its layers from the outermost in, and why it stopped.
///
/// Reused from record to record, so that dissecting allocates nothing.
public struct Dissection: Sendable {
    /// The layers, the link header first. Never more than `Dissector.maximumDepth`.
    public internal(set) var layers: [LayerRange] = []
    /// Why the dissector went no further.
    public internal(set) var stop = DissectionStop.complete

    /// The bytes behind the frame's that layers lie in, in order.
    public internal(set) var sources: [DataSource] = []

    /// What is left behind the last header is no data either: it was said in an earlier packet, or belongs to a message
    /// that is not known.
    var hidesData = false

    /// The record is a packet without a link header.
    @usableFromInline var isRaw = false

    /// No layers yet; there is room for more of them than packets mostly have.
    public init() { layers.reserveCapacity(16) }

    @usableFromInline
    mutating func reset() {
        // A handful of layers: taking them off one by one is less than what removing a range asks for.
        while layers.popLast() != nil {}
        if !sources.isEmpty { sources.removeAll() }
        stop = .complete
        hidesData = false
    }

    /// The outermost layer of a kind.
    @inlinable
    public func first(_ kind: LayerKind) -> LayerRange? {
        for layer in layers where layer.kind == kind { return layer }
        return nil
    }

    /// The outermost network layer, if there is one.
    @inlinable
    public var network: LayerRange? {
        for layer in layers where layer.kind == .ipv4 || layer.kind == .ipv6 { return layer }
        return nil
    }

    /// The bytes after the last dissected header, as captured.
    @inlinable
    public var payload: Range<Int> { layers.last?.payload ?? 0..<0 }
}
