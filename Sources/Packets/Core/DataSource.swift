/// Bytes that a packet has besides its frame: a datagram put together from fragments, a message from several segments,
/// a decrypted record, an unpacked body.
///
/// A layer says in which source it lies (`LayerRange.source`), and all its offsets count from that source's first byte.
/// Its fields read from there without knowing: whoever hands them a layer asks the dissection for the bytes.
public struct DataSource: Sendable {
    /// The number of the frame itself, which is kept nowhere: the reader lends it.
    public static let frame: UInt8 = 0

    /// What it is, as it stands behind places: `reassembled datagram`.
    public let name: StaticString
    /// The bytes themselves, which the packet's layers count from 0.
    public let bytes: [UInt8]

    /// A source with what it is and its bytes.
    public init(_ name: StaticString, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

extension Dissection {
    /// What the source is called that a layer lies in; nil for the frame.
    public func sourceName(of layer: LayerRange) -> StaticString? {
        let index = Int(layer.source) - 1
        return sources.indices.contains(index) ? sources[index].name : nil
    }

    /// Adds a source, for the layers that lie in it.
    /// - Returns: its number; nil where the packet has as many as can be told apart.
    public mutating func add(_ source: DataSource) -> UInt8? {
        guard sources.count < Int(UInt8.max) else { return nil }
        sources.append(source)
        return UInt8(sources.count)
    }
}
