/// Fewer bytes than a header needs, or than a length field claims: who needs how many, and who says how many there are.
public struct LengthError: Error, Hashable, Sendable {
    /// Where the number of available bytes comes from: who is to blame when it is too small.
    public enum Source: UInt8, Sendable {
        /// The capture kept only the first bytes of the packet (snaplen).
        case captured
        /// The packet had no more bytes on the wire.
        case wire
        /// A length field of the layer below ended the bytes.
        case lengthField
    }

    /// Bytes that the layer needs.
    public var required: Int
    /// Bytes that it has.
    public var available: Int
    /// The layer that needs them.
    public var layer: LayerKind
    /// Where that layer begins, counted from the record's first byte (0 when a view was opened by itself).
    public var offset: Int
    public var source: Source

    @inlinable
    public init(required: Int, available: Int, layer: LayerKind, offset: Int = 0, source: Source = .captured) {
        self.required = required
        self.available = available
        self.layer = layer
        self.offset = offset
        self.source = source
    }
}
