import Addressing

/// What is known about a packet besides its bytes: the record's number, time and lengths, and its place in a
/// conversation. Fields that are not in the packet read from here.
public struct PacketFacts: Sendable {
    /// Counted from 1 over the whole capture.
    public var number = 0
    /// nil where the capture kept none (pcapng's Simple Packet Block).
    public var timestamp: Timestamp?
    /// Bytes that the capture kept of the packet.
    public var capturedLength = 0
    /// Bytes that the packet had on the wire.
    public var wireLength = 0
    /// What the record's first header is.
    public var linkType = LinkType.ethernet
    /// The pcapng interface's number in its section; pcap has none.
    public var interface: UInt32?
    /// Whether `PacketNotes` has a name for that interface.
    public var hasInterfaceName = false
    /// How many comments `PacketNotes` has for the packet.
    public var commentCount = 0
    /// Nanoseconds since the capture's first packet; nil without times.
    public var sinceFirst: Int64?
    /// Nanoseconds since the packet before this one in the file; nil without times.
    public var sincePrevious: Int64?
    /// Nanoseconds since the last packet that passed the filter; nil without times.
    public var sinceShown: Int64?
    /// The number of the packet that completes the datagram or message that this one has a part of; 0 where it has
    /// none, or where that is not known: it lies ahead.
    public var completedIn: UInt32 = 0
    /// The packets with the other fragments of the datagram that this one completes.
    public var earlierFragments = EarlierFragments()
    /// The number of the packet of which this is a copy: captured twice, sent once. 0 for none.
    public var copyOf = 0
    /// The bytes of the packet's TCP segment that belong to a message of several segments; empty where it has none.
    public var messagePart: Range<Int32> = 0..<0
    /// For the packet line.
    public var stream = StreamFacts()
    /// For the fields of TCP analysis.
    public var transport = TransportFacts()

    /// The facts of no packet: number 0, no time.
    public init() {}
}

/// The packets that brought the fragments of a datagram before the one that completed it.
public struct EarlierFragments: Hashable, Sendable {
    /// How many there were.
    public private(set) var packets: UInt32 = 0
    /// Bytes that they had on the wire.
    public private(set) var wireBytes: UInt32 = 0

    /// None.
    public init() {}

    /// Counts a packet.
    public mutating func count(_ wireLength: Int) {
        packets &+= 1
        wireBytes &+= UInt32(clamping: wireLength)
    }

    /// Counts those of another datagram, too: of a tunnel's, and of the one in it.
    public mutating func add(_ other: EarlierFragments) {
        packets &+= other.packets
        wireBytes &+= other.wireBytes
    }
}

/// A packet's place in its conversation, as the flow table knows it.
public struct StreamFacts: Hashable, Sendable {
    /// The conversation's number among those of its transport, counted from 0: `tcp.stream`, `udp.stream`.
    public var number: UInt32?
    /// The sequence number, relative to the sender's initial one.
    public var relativeSequence: UInt32?
    /// The acknowledgment number, relative to the receiver's initial sequence number.
    public var relativeAcknowledgment: UInt32?

    /// A packet that belongs to no conversation.
    public init() {}
}
