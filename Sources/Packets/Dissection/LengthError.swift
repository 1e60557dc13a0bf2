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

    // In 32 bits each: the reason to stop is handed from function to function for every packet, and small enough it
    // stays in registers.
    @usableFromInline let requiredBytes: Int32
    @usableFromInline let availableBytes: Int32
    @usableFromInline let offsetBytes: Int32
    /// The layer that needs them.
    public let layer: LayerKind
    /// Who says how many bytes there are.
    public let source: Source

    /// Bytes that the layer needs.
    @inlinable public var required: Int { Int(requiredBytes) }
    /// Bytes that it has.
    @inlinable public var available: Int { Int(availableBytes) }
    /// Where that layer begins, counted from the record's first byte (0 when a view was opened by itself).
    @inlinable public var offset: Int { Int(offsetBytes) }

    /// - Parameters:
    ///   - required: bytes that the layer needs.
    ///   - available: bytes that it has.
    ///   - offset: where the layer begins, counted from the record's first byte.
    ///   - source: who says how many bytes there are.
    @inlinable
    public init(required: Int, available: Int, layer: LayerKind, offset: Int = 0, source: Source = .captured) {
        requiredBytes = Int32(clamping: required)
        availableBytes = Int32(clamping: available)
        offsetBytes = Int32(clamping: offset)
        self.layer = layer
        self.source = source
    }

    /// What opening a view checks: that its fixed part is there.
    /// - Throws: the error where it is not, with the first byte as offset.
    @inlinable @inline(__always)
    public static func check(_ bytes: RawSpan, has required: Int, for layer: LayerKind) throws(LengthError) {
        if bytes.byteCount < required {
            throw LengthError(required: required, available: bytes.byteCount, layer: layer)
        }
    }
}
