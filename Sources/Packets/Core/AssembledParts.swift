/// One packet's part of a datagram or message that several packets carried.
public struct AssembledPart: Hashable, Sendable {
    /// What was odd about it.
    public struct Remarks: OptionSet, Hashable, Sendable {
        public let rawValue: UInt32

        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// It has bytes that came before in another part.
        public static let overlap = Remarks(rawValue: 1)
        /// And these are other bytes than those that came first.
        public static let conflict = Remarks(rawValue: 2)
        /// It says that the whole ends elsewhere than another part says.
        public static let otherEnd = Remarks(rawValue: 4)
        /// It has bytes behind the end.
        public static let beyondEnd = Remarks(rawValue: 8)
    }

    /// The packet's number.
    public var packet: UInt32
    /// Where its first byte belongs in the whole.
    public var start: Int
    /// How many bytes it has.
    public var length: Int
    /// What was odd about it.
    public var remarks: Remarks

    /// A part from what is known of it.
    public init(packet: UInt32, start: Int, length: Int, remarks: Remarks = []) {
        self.packet = packet
        self.start = start
        self.length = length
        self.remarks = remarks
    }
}

/// The list of the parts that a data source was put together from, read in place. It stands among the packet's bytes
/// behind the source, so that fields find it without a reference to anything else; `LayerRange.assembly` says where.
///
///     number of parts, length of the whole, then for each part: packet, start, length, remarks; all in four bytes
public struct AssembledParts: ~Escapable {
    private static let headerLength = 8
    private static let partLength = 16

    private let bytes: RawSpan
    /// How many parts there are.
    public let count: Int
    /// How many bytes the whole has.
    public let length: Int

    /// The list that a layer has; nil where it has none.
    @_lifetime(copy packet)
    public init?(of layer: LayerRange, in packet: RawSpan) {
        let start = Int(layer.assembly)
        guard start > 0, start &+ Self.headerLength <= packet.byteCount else { return nil }
        let count = Int(packet.uint32(at: start))
        guard count <= (packet.byteCount &- start &- Self.headerLength) / Self.partLength else { return nil }
        bytes = packet.extracting(start..<start &+ Self.headerLength &+ count &* Self.partLength)
        self.count = count
        length = Int(packet.uint32(at: start &+ 4))
    }

    /// One of the parts, counted from 0 in the order of their places.
    public subscript(index: Int) -> AssembledPart {
        let place = Self.headerLength &+ index &* Self.partLength
        return AssembledPart(
            packet: bytes.uint32(at: place), start: Int(bytes.uint32(at: place &+ 4)),
            length: Int(bytes.uint32(at: place &+ 8)),
            remarks: AssembledPart.Remarks(rawValue: bytes.uint32(at: place &+ 12)))
    }

    /// Writes a list.
    static func append(_ parts: [AssembledPart], length: Int, to bytes: inout [UInt8]) {
        bytes.append(uint32: UInt32(clamping: parts.count))
        bytes.append(uint32: UInt32(clamping: length))
        for part in parts {
            bytes.append(uint32: part.packet)
            bytes.append(uint32: UInt32(clamping: part.start))
            bytes.append(uint32: UInt32(clamping: part.length))
            bytes.append(uint32: part.remarks.rawValue)
        }
    }
}

/// The bytes of a packet that has more data sources than its frame: the frame's, then each source's, each with the list
/// of its parts behind it.
public struct PacketBytes: Sendable {
    /// A source that was added.
    public struct Added: Sendable {
        /// Where its bytes lie.
        public let range: Range<Int>
        /// Where the list of its parts stands.
        public let list: Int
    }

    /// All of them.
    public private(set) var all: [UInt8] = []

    /// No bytes yet.
    public init() {}

    /// Begins anew with a packet's frame.
    public mutating func begin(with frame: RawSpan) {
        all.removeAll(keepingCapacity: true)
        all.append(frame)
    }

    /// Adds a source behind what there is.
    public mutating func append(_ bytes: [UInt8], parts: [AssembledPart]) -> Added {
        let start = all.count
        all += bytes
        let end = all.count
        AssembledParts.append(parts, length: bytes.count, to: &all)
        return Added(range: start..<end, list: end)
    }
}
