/// What TCP analysis found remarkable about a segment. The meanings are Wireshark's, and so are the names of the fields
/// that show them: `tcp.analysis.retransmission` and its like.
public struct TCPMarks: OptionSet, Hashable, Sendable {
    /// A bit for each mark.
    public let rawValue: UInt16

    /// Any set of marks.
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Sequence numbers that were sent before, and no better explanation.
    public static let retransmission = TCPMarks(rawValue: 0x0001)
    /// Segments before this one were not captured.
    public static let lostSegment = TCPMarks(rawValue: 0x0002)
    /// Acknowledges bytes that were not captured.
    public static let acknowledgesLostSegment = TCPMarks(rawValue: 0x0004)
    /// Asks whether the peer is still there (RFC 9293 section 3.8.4).
    public static let keepAlive = TCPMarks(rawValue: 0x0008)
    /// Repeats the ACK before it.
    public static let duplicateACK = TCPMarks(rawValue: 0x0010)
    /// Advertises that there is no room.
    public static let zeroWindow = TCPMarks(rawValue: 0x0020)
    /// A byte beyond a closed window, so that the peer says whether it has opened (RFC 9293 section 3.8.6.1).
    public static let zeroWindowProbe = TCPMarks(rawValue: 0x0040)
    /// The answer to a zero-window probe: the window is still closed.
    public static let zeroWindowProbeACK = TCPMarks(rawValue: 0x0080)
    /// The answer to a keep-alive.
    public static let keepAliveACK = TCPMarks(rawValue: 0x0100)
    /// Comes behind segments that follow it, too soon for a retransmission.
    public static let outOfOrder = TCPMarks(rawValue: 0x0200)
    /// Sent again because duplicate ACKs asked for it (RFC 5681 section 3.2).
    public static let fastRetransmission = TCPMarks(rawValue: 0x0400)
    /// Only the window has changed since the ACK before it.
    public static let windowUpdate = TCPMarks(rawValue: 0x0800)
    /// Fills the window that the receiver advertised to its last byte.
    public static let windowFull = TCPMarks(rawValue: 0x1000)
    /// A SYN on a port pair that had a connection before.
    public static let reusedPorts = TCPMarks(rawValue: 0x2000)
    /// Sent again although it had been acknowledged.
    public static let spuriousRetransmission = TCPMarks(rawValue: 0x4000)

    /// An ACK that answers a SYN or a RST that its sender does not accept (RFC 5961). Not Wireshark's: to it, a
    /// duplicate ACK.
    public static let challengeACK = TCPMarks(rawValue: 0x8000)

    /// Any kind of sending again.
    public static let anyRetransmission: TCPMarks = [.retransmission, .fastRetransmission, .spuriousRetransmission]
}

/// `TCPMarks` with what goes with them.
public struct HeededMarks: Hashable, Sendable {
    /// What is remarkable about the segment.
    public var marks: TCPMarks
    /// The n-th repetition of an ACK; 0 for none.
    public var duplicateNumber: UInt32
    /// The number of the packet whose ACK it repeats; 0 for none.
    public var duplicateOf: UInt32
    /// The packet that this ACK answers, which does not belong to the connection; 0 for none.
    public var answers: UInt32 = 0
    /// The connection that that packet counts for: another one for a SYN that came into this one.
    public var answersStream: UInt32 = 0
    /// An earlier packet that seemed to lie outside of the window; this one shows that it was taken. 0 for none.
    public var accepts: UInt32 = 0

    /// Nothing is remarkable, unless something is given.
    public init(_ marks: TCPMarks = [], duplicateNumber: UInt32 = 0, duplicateOf: UInt32 = 0) {
        self.marks = marks
        self.duplicateNumber = duplicateNumber
        self.duplicateOf = duplicateOf
    }
}

/// What is known about a packet's outermost TCP segment and UDP datagram, and of a datagram inside that one, from the
/// packets before them. Plain numbers: it is copied with every packet.
public struct TransportFacts: Hashable, Sendable {
    /// Where the segment's layer starts in the record; -1 where the packet has none whose ports and numbers are there.
    public var tcpLayer: Int32 = -1
    /// Where the datagram's layer starts in the record; -1 where the packet has none whose ports are there.
    public var udpLayer: Int32 = -1
    /// `tcp.stream`: connections are counted from 0 as they appear.
    public var tcpStream: UInt32 = 0
    /// The connection that the segment is of, by the stream with which that began. As a rule `tcpStream`; where a SYN
    /// came into a connection that went on, its segments behind the SYN are of that connection still.
    public var connection: UInt32 = 0
    /// `udp.stream`.
    public var udpStream: UInt32 = 0
    /// Where the layer of a datagram starts that a tunnel over UDP carries, of several the innermost; -1 for none.
    public var innerUDPLayer: Int32 = -1
    /// That datagram's `udp.stream`.
    public var innerUDPStream: UInt32 = 0
    /// Nanoseconds from the first datagram of the outermost one's stream to this one.
    public var sinceFirstDatagram: Int64 = 0
    /// Nanoseconds from the datagram before in that stream to this one.
    public var sincePreviousDatagram: Int64 = 0
    // What single protocols know of the packet from the packets before; each declares its facts in its folder.
    /// What is known of an ICMP message from the packets before it.
    public var icmp = ICMPFacts()
    /// What is known of a DNS message from those before it.
    public var dns = DNSFacts()
    /// What is known of an HTTP message from those before it.
    public var http = HTTPFacts()
    /// What is known of a TLS record from those before it.
    public var tls = TLSFacts()

    /// Which of the values below the segment has.
    public var has: Parts = []
    /// What is remarkable about the segment.
    public var marks: TCPMarks = []
    /// Whether it belongs to its connection.
    public var verdict = SegmentVerdict.belongs
    /// What is remarkable in the light of those segments alone that belong to the connection. Wireshark's `marks`, but
    /// for a connection into which others came.
    public var heeded = HeededMarks()
    /// Whether a line has a mark to show.
    public var hasMarks: Bool {
        verdict != .belongs || !heeded.marks.isEmpty || heeded.answers > 0 || connection != tcpStream
    }
    /// Whether both ends have sent a FIN or one of them a RST by now, this segment included.
    public var isOver = false
    /// A connection that was over for long and is forgotten from now on: no packet of it comes any more. .max: none.
    public var forgottenStream: UInt32 = .max

    /// Relative to the sender's first number; as sent where the length of the segment cannot be known (fragments,
    /// quotes).
    public var sequence: UInt32 = 0
    /// Relative to the peer's first number; as sent without the ACK flag.
    public var acknowledgment: UInt32 = 0
    /// The sequence number after this segment.
    public var nextSequence: UInt32 = 0
    /// The window in bytes, scaled where the scale is known.
    public var window: UInt32 = 0

    /// By how many bits the window is shifted; -1: not known, -2: not at all (RFC 7323 section 2.2). nil in a SYN,
    /// whose window is never scaled.
    public var windowScale: Int8?

    /// The n-th repetition of an ACK; 0 for none.
    public var duplicateNumber: UInt32 = 0
    /// The first packet with the same acknowledgment number.
    public var duplicateOf: UInt32 = 0
    /// The packet that this one acknowledges; 0 for none.
    public var acknowledgesPacket: UInt32 = 0
    /// Bytes sent by this end and not acknowledged, this segment's included; 0 where that is not known.
    public var bytesInFlight: UInt32 = 0
    /// Bytes since the sender's last PSH.
    public var pushedBytes: UInt32 = 0
    /// The packet that a retransmission's wait is counted from; 0 for none.
    public var timeoutPacket: UInt32 = 0

    // Nanoseconds.
    /// From the acknowledged packet to this one.
    public var roundTrip: Int64 = 0
    /// From the SYN to the ACK that ended the handshake; 0 where that was not seen.
    public var initialRoundTrip: Int64 = 0
    /// How long a retransmission was waited for.
    public var timeout: Int64 = 0
    /// Since the connection's first packet.
    public var sinceFirst: Int64 = 0
    /// Since the connection's packet before this one.
    public var sincePrevious: Int64 = 0

    /// Nothing is known.
    public init() {}

    /// Values of the facts that a segment may have or not.
    public struct Parts: OptionSet, Hashable, Sendable {
        /// A bit for each part.
        public let rawValue: UInt8

        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `sequence`.
        public static let sequence = Parts(rawValue: 1)
        /// `acknowledgment`.
        public static let acknowledgment = Parts(rawValue: 2)
        /// `nextSequence`.
        public static let nextSequence = Parts(rawValue: 4)
        /// `window`.
        public static let window = Parts(rawValue: 8)
        /// Analysis has something to say.
        public static let analysis = Parts(rawValue: 16)
        /// `sinceFirst` and `sincePrevious`.
        public static let times = Parts(rawValue: 32)
        /// `tcpStream`.
        public static let stream = Parts(rawValue: 64)
    }
}
