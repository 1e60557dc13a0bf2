/// A sink that keeps its bytes: for `description` and other short texts outside of hot paths.
public struct ByteCollector: TextSink {
    /// What was appended so far.
    public var bytes: [UInt8] = []

    /// An empty collector.
    @inlinable public init() {}

    /// Appends one byte.
    @inlinable
    public mutating func append(ascii byte: UInt8) { bytes.append(byte) }

    /// The bytes as text; U+FFFD where they are no UTF-8.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}
