import Addressing
import Conversations
import Packets

/// One thing that happened in a conversation, with the values that a sentence about it needs and the packets that show
/// it: what a `Finding` of the conversation's story is made from once nothing more can come to it.
struct StoryEvent: Sendable {
    /// Who did it; nil where both did, or neither.
    let side: Finding.Side?
    var kind: Kind
    /// The packets that show it.
    var packets: PacketNumbers
    /// When its first packet was seen.
    let time: Timestamp
    /// From its first packet to its last, in nanoseconds; nil where that is not known.
    var duration: Int64?

    init(_ kind: Kind, by side: Finding.Side?, _ packets: PacketNumbers, at time: Timestamp, duration: Int64? = 0) {
        self.kind = kind
        self.side = side
        self.packets = packets
        self.time = time
        self.duration = duration
    }

    enum Kind: Sendable {
        // How it began.
        /// The three segments of the handshake were seen.
        case opened(roundTrip: Int64?)
        /// SYN and SYN-ACK were seen, and of the acknowledgment that it came: a later segment shows it.
        case openedUnseen
        /// Both sent a SYN before they had the other's: a simultaneous open (RFC 9293 section 3.5, figure 7).
        case openedAtOnce
        case agreed(Agreement)
        /// A SYN and the SYN-ACK, but no acknowledgment of that.
        case neverConfirmed
        /// The same SYN again. `waits` are the times between them, in nanoseconds where they are known; `answer` is the
        /// packet with the SYN-ACK where the capture has it before the first repetition.
        /// `challenge` is the packet with an ACK of another connection, where that came instead.
        case repeatedSYN(waits: [Int64?], answer: Int?, challenge: Int?)
        /// An ACK of another connection of the ports answered the SYN.
        case halfOpen(HalfOpen)
        /// A RST answered the SYN.
        case refused
        /// Nothing answered the SYNs, or the datagrams.
        case unanswered(isGroup: Bool)
        /// The capture does not have the beginning.
        case joined
        /// A packet that no connection has: none of SYN, ACK and RST.
        case probe
        /// The capture begins with the SYN-ACK, which names a maximum segment size or not.
        case joinedAtAnswer(serverMSS: UInt16?)
        /// Of this end no packet is in the capture, though the other's acknowledgments show that it sent some.
        case oneDirection(missing: Finding.Side)
        /// A SYN on the ports of an earlier connection.
        case reusedPorts(isAnswered: Bool)

        // Data.
        /// One end sent, until the other did.
        case turn(StoryTurn)
        /// Turns beyond the ones that are told one by one.
        case moreTurns(count: Int, clientBytes: UInt64, serverBytes: UInt64)

        // What went wrong, and how it was mended.
        /// The SYN again, when the connection was open already.
        case lateSYN
        /// Sequence numbers that were sent before and not acknowledged.
        case retransmission(Repetition)
        /// The same, asked for by duplicate ACKs (RFC 5681 section 3.2).
        case fastRetransmission(Repetition, duplicates: UInt32)
        /// Sent again although the acknowledgment had been seen.
        case spuriousRetransmission(Repetition)
        /// A segment that later ones overtook.
        case outOfOrder(Repetition)
        /// The other end repeated its acknowledgment.
        case duplicateACKs(count: Int)
        /// Bytes before this segment were not captured.
        case gap(bytes: UInt64)
        /// It acknowledges what was not captured.
        case acknowledgedUnseen
        /// Bytes that were sent before came again as others; the first of them, counted as relative numbers count.
        case conflictingBytes(first: UInt32, RecentBytes.Conflict)
        /// A segment that does not belong to the connection, whatever its ports say.
        case foreign(SegmentVerdict, TCPFlags)
        /// A RST in answer to a SYN-ACK that does not belong; the packet with that.
        case resetForeign(Int)
        /// An ACK in answer to a segment that does not belong; `isChallenge`, to a SYN or a RST. `stream`: the one that
        /// it counts for, where it is another.
        case answeredForeign(packet: Int, isChallenge: Bool, stream: UInt32?)
        /// The receiver's window was closed.
        case closedWindow(ClosedWindow)
        /// The sender used the receiver's window up.
        case windowFull
        case keepAlives(count: Int, answers: Int)
        /// An ICMP error about a packet of this conversation; `syn`, that packet where it is a SYN of the client's.
        case icmp(ICMPRefusal, syn: Int? = nil)
        /// More of one kind than are told one by one.
        case more(Finding.Kind, count: Int, bytes: UInt64)

        // How it ended.
        case closed(ClosingOrder)
        case halfClosed
        case reset(ResetCause)
        case stillOpen
        /// No end was seen, but a SYN on its ports was answered: the packet with that, and its stream.
        case replaced(packet: Int, stream: UInt32)
        /// Who has reset the connection sends more of it.
        case goesOnAfterReset(reset: Int)
        /// Everything together.
        case total(ConversationAccount)
    }

    /// Something that was sent a second time, or late.
    struct Repetition: Hashable, Sendable {
        enum Content: Hashable, Sendable {
            case syn, synACK, fin
            /// Bytes of the stream, the first counted as 1, as relative sequence numbers show them. `fresh` of them had
            /// not been seen before: they fill a gap.
            case bytes(first: UInt32, count: UInt32, fresh: UInt32)
        }

        let content: Content
        /// The packet that had carried it before; nil where that was not captured, or is too long ago.
        let original: Int?
        /// From that packet to this one, in nanoseconds; nil where that is not known, too.
        let wait: Int64?
        /// The packet that had acknowledged it already: known of a SYN-ACK and a FIN, which Wireshark does not call
        /// spurious.
        var acknowledged: Int?
    }

    /// A connection of the same ports that the other end still knew when a SYN came.
    struct HalfOpen: Hashable, Sendable {
        /// The packet with its ACK of that connection.
        let answer: Int
        /// `tcp.stream` of that connection; nil where the capture does not have it.
        let stream: UInt32?
        /// The packet with which the client reset that one, told here where that one has no story of its own.
        let reset: Int?
        /// Whether a SYN-ACK came in the end.
        let isOpened: Bool
    }

    /// What both SYNs offered, and with that what holds.
    struct Agreement: Hashable, Sendable {
        /// The largest segment that each end takes.
        let clientMSS: UInt16?
        let serverMSS: UInt16?
        /// The factors of the windows; nil where windows are not scaled.
        let clientScale: UInt32?
        let serverScale: UInt32?
        let sack: Bool
        let timestamps: Bool
        /// False where the capture cut options off, or a header is malformed: then what is not here may have been
        /// offered all the same.
        let isWhole: Bool
    }

    /// From a window of 0 to the next one that is larger.
    struct ClosedWindow: Hashable, Sendable {
        var probes = 0
        var answers = 0
        /// The packet that opened it; nil for none that was seen.
        var reopened: Int?
    }

    /// Who closed when.
    struct ClosingOrder: Hashable, Sendable {
        /// Both sent their FIN before the other's had reached them.
        let isSimultaneous: Bool
        /// Whether the last FIN's acknowledgment was seen.
        let isConfirmed: Bool
        /// Who is left in TIME-WAIT.
        let waits: [Finding.Side]
    }

    enum ResetCause: Hashable, Sendable {
        /// The one who reset had closed (this packet carried its FIN), and data came after that.
        case dataAfterClose(fin: Int, data: Int)
        /// It had closed before; nothing but acknowledgments came after.
        case afterClose(fin: Int)
        /// The answer to a SYN-ACK: it did not want the connection, or knew nothing of it.
        case answerToSYNACK
        /// It answers a packet that no connection has.
        case answerToProbe
        /// Its last keep-alive was this packet, and no answer to it was seen.
        case keepAliveUnanswered(probe: Int)
        /// Nothing else of the connection was seen.
        case outOfNowhere
        /// It answers a SYN and acknowledges something else: it is not acceptable (RFC 9293 section 3.10.7.3).
        case notBelieved
        /// It had forgotten the connection and sent a SYN for a new one (this packet, or one that the capture has not),
        /// which the other end answered with an ACK of this one (RFC 9293 section 3.5.1, figure 9).
        case halfOpen(syn: Int, answer: Int)
        /// It says itself why, in words (RFC 9293 section 3.5.3).
        case said(PayloadText)
        /// In the middle, without a FIN.
        case abort(peerHadClosed: Bool)
    }
}

/// One end's data until the other's begins.
struct StoryTurn: Sendable {
    /// Bytes that were seen for the first time.
    var bytes: UInt64 = 0
    /// Segments or datagrams with data.
    var segments = 0
    /// The first packet that acknowledges all of it, and how long after the last segment it came, in
    /// nanoseconds where that is known.
    var acknowledgment: (packet: Int, after: Int64?)?
    /// From the other end's last data before it to its first segment, in nanoseconds; nil for the first turn, and
    /// where it is not known.
    var sinceOther: Int64?
    /// What the first segment says, where it is a protocol that netprobe knows: `DNS query A example.com`. Escaped.
    var summary = ""
}
