import Addressing
import Conversations
import Packets
import Sockets

/// Socket calls and packets in the order in which they happened: the model that every ladder is drawn from, whatever
/// the format, for one host or several, with one clock or several.
///
/// Its lanes are the columns of the picture. In the scene of one conversation they are its two ends, the client's and
/// the server's; what several programs do at one end stands in one lane. Rows are what happened, from top to bottom.
/// Where packets were captured at one place, a packet has one row, when it passed; where both hosts were captured, it
/// has a row where it left and one for each copy that arrived.
public struct Scene: Sendable {
    /// The machines, in the order of their lanes.
    public let hosts: [Host]
    /// The columns, from left to right.
    public let lanes: [Lane]
    /// The conversations whose packets are shown; none where there are calls alone.
    public let exchanges: [Exchange]
    /// In the order in which they left, conversation by conversation.
    public let packets: [Packet]
    /// What happened, in the order of time.
    public let rows: [Row]
    /// The moment that the times of the rows count from: the start of the first call, or the first packet.
    public let start: Timestamp
    /// Whether packets were captured where they left and where they arrived.
    public let hasBothEnds: Bool
    /// Whether it is known how long packets were under way: not where two clocks showed their departures and their
    /// arrivals, and packets went one way only.
    public internal(set) var knowsTransit = true
    /// A gap between two rows of so many nanoseconds is a silence.
    let silenceLimit: Int64

    /// Whether its lanes are programs with any number of conversations, not the two ends of one.
    public var showsPrograms: Bool { !exchanges.isEmpty && lanes.allSatisfy { $0.endpoint == nil } }

    /// The two ends of a conversation.
    public enum Side: Hashable, Sendable {
        /// Who opened it.
        case client
        case server

        /// The other end.
        public var other: Side { self == .client ? .server : .client }
    }

    /// A machine, or what is known of it: its addresses.
    public struct Host: Hashable, Sendable {
        /// Its addresses, as far as packets and calls tell them.
        public internal(set) var addresses: [IPAddress]
    }

    /// A column of the picture.
    public struct Lane: Hashable, Sendable {
        /// Position of its machine in `hosts`.
        public let host: Int
        /// The programs and threads whose calls stand here, in the order of their first calls.
        public let programs: [SocketCall.End]
        /// The end of the only conversation that this lane is; nil where it is a program's, with any number of ends.
        public let endpoint: Endpoint?
    }

    /// A conversation: who talks to whom.
    public struct Exchange: Hashable, Sendable {
        /// TCP or UDP.
        public let transport: Transport
        /// Its number among those of its transport, as Wireshark counts them; nil where nobody counted.
        public let stream: UInt32?
        /// The two ends as the client's host sees them.
        public let client: Endpoint
        /// The other end.
        public let server: Endpoint
        /// The two ends as the server's host sees them, where those are others: addresses are translated on the way.
        public let translated: Ends?
        /// The lanes that own its ends.
        public let clientLane: Int
        /// The lane that owns the server's end.
        public let serverLane: Int

        /// Two ends of a conversation.
        public struct Ends: Hashable, Sendable {
            /// Who opened.
            public let client: Endpoint
            /// The other end.
            public let server: Endpoint
        }

        /// The two ends are one socket, which is connected to itself: there is one state, the client's.
        public var isSelfConnected: Bool { client == server }
    }

    /// A packet on its way from one end to the other.
    public struct Packet: Hashable, Sendable {
        /// The segment or datagram as its sender's host saw it, or where that missed it, its receiver's; nil for an
        /// ICMP error. Its marks are what the analysis of one capture supposes; where both ends were captured there
        /// are none, for `notes` say what was.
        public internal(set) var segment: ObservedPacket?
        /// An ICMP error about a packet of the conversation.
        public internal(set) var error: ICMPRefusal?
        /// Its number in the recording; where two captures were numbered apart, in `capture`.
        public let number: Int
        /// Which of two captures that were numbered apart counted it: the one where it left, or where that missed it,
        /// the one where it arrived. nil where one numbering counts all packets.
        public internal(set) var capture: Crossing.Place?
        /// Position of its conversation in `exchanges`.
        public internal(set) var exchange = 0
        /// Which end sent it.
        public let from: Side
        /// Positions in `lanes`; the same for a socket that is connected to itself.
        public internal(set) var fromLane: Int
        /// The lane that it goes to.
        public internal(set) var toLane: Int
        /// nil where only the arrival was captured.
        public let left: Timestamp?
        /// One for each copy. Where one place was captured, packets count as arrived when they passed it.
        public let arrived: [Timestamp]
        /// Relative to each end's first; nil where that is not known.
        public let sequence: UInt32?
        /// The acknowledgment number, relative to the other end's first; nil where that is not known.
        public let acknowledgment: UInt32?
        /// Whether a segment is larger than its receiver's MSS allows on the wire: see `Conversation.isOffloaded`.
        public internal(set) var isOffloaded = false
        /// Where one place was captured: the number of the packet in which the same was sent again, because this one or
        /// its acknowledgment was lost.
        public internal(set) var repeatedIn: Int?
        /// Where both ends were captured: what happened to it, and why it was sent.
        public internal(set) var notes: [Note] = []
        /// Where network cards cut the segment, or joined it with others: the segments that brought its bytes, one for
        /// each of `arrived`. Else none.
        public internal(set) var pieces: [Piece] = []
        /// How many bytes of a segment that came in pieces did not arrive.
        public internal(set) var missingBytes = 0

        /// A segment as it arrived.
        public struct Piece: Hashable, Sendable {
            /// Relative to the sender's first; nil where that is not known.
            public let sequence: UInt32?
            /// Its payload in bytes, others' included.
            public let length: Int
        }

        /// How reports call it: its number, behind the letter of the capture that counted it where there are two.
        public var name: String { (capture?.letter ?? "") + String(number) }
        /// Whether it is known that no copy arrived.
        public var isLost: Bool { arrived.isEmpty }
        /// Whether the whole packet arrived more than once.
        public var isDoubled: Bool { pieces.isEmpty && arrived.count > 1 }
    }

    /// One thing that happened in one lane.
    public struct Row: Hashable, Sendable {
        /// When it happened.
        public let time: Timestamp
        /// What happened.
        public let event: Event
        /// Where it happened: the caller's lane, the sender's or for an arrival the receiver's.
        public let lane: Int
        /// Position in `exchanges` of the conversation that it belongs to; nil for a call that concerns several, or
        /// none.
        public let exchange: Int?
        /// The state that it put this lane's end of the conversation in; nil where it did not change.
        public let state: TCPState?
        /// The same for the other end, where a packet that passed the only place of capture changed both.
        public var otherState: TCPState?
        /// Ordinary packets before it that were not kept.
        public var omittedBefore: OmittedPackets?
    }

    /// What can happen in a lane.
    public enum Event: Hashable, Sendable {
        /// A call began; before it returned something else happened, or it waited.
        case began(SocketCall)
        /// It returned.
        case returned(SocketCall)
        /// A call that began and returned with nothing in between, and did not wait.
        case whole(SocketCall)
        /// A packet passed the only place of capture: position in `packets`.
        case passed(Int)
        /// A packet left, as captured there.
        case left(Int)
        /// A packet arrived, as captured there, and which copy of it, counted from 0.
        case arrived(Int, copy: Int)
    }
}

extension SocketCall {
    /// Whether it stood still until something came, as far as its duration tells: without a reason to wait a call is
    /// back in microseconds, under strace in a tenth of a millisecond.
    var hasWaited: Bool { name.mayWait && (returned.map { $0.nanoseconds(since: start) >= 1_000_000 } ?? true) }
}
