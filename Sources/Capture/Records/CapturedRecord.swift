import Addressing
import Packets

/// One packet that owns its bytes: for tests, for demos that keep a short exchange, and for writing. The readers make
/// one only when asked.
public struct CapturedRecord: Hashable, Sendable {
    /// Time, lengths and interface.
    public var header: RecordHeader
    /// The bytes that were kept.
    public var bytes: [UInt8]
    /// The packet's comments (pcapng's `opt_comment`), in file order.
    public var comments: [String]

    /// A record of these bytes, which the header's lengths should fit.
    public init(header: RecordHeader, bytes: [UInt8], comments: [String] = []) {
        self.header = header
        self.bytes = bytes
        self.comments = comments
    }

    /// Copies the bytes of a reader's current packet.
    public init(header: RecordHeader, copying bytes: RawSpan) {
        self.init(header: header, bytes: bytes.copied)
    }

    /// A whole packet: the captured length and the length on the wire are those of `bytes`.
    public init(
        number: Int, timestamp: Timestamp?, linkType: LinkType, bytes: [UInt8], interface: Int = 0,
        comments: [String] = []
    ) {
        self.init(
            header: RecordHeader(
                number: number, timestamp: timestamp, capturedLength: bytes.count, wireLength: bytes.count,
                interface: interface, linkType: linkType),
            bytes: bytes, comments: comments)
    }
}
