import Addressing
import Conversations
import Packets
import Sockets

/// One conversation between two hosts that were both captured: what each did and saw, when, by one clock. Every packet
/// has a row where it left and one where it arrived.
public struct TwoHostDiagram: Sendable {
    public typealias Side = SequenceDiagram.Side

    public let transport: Transport
    /// Its number among the conversations of its transport at the client's host, as Wireshark counts them.
    public let stream: UInt32?
    /// The two ends as the client's host sees them.
    public let client: Endpoint
    public let server: Endpoint
    /// The two ends as the server's host sees them, where those are others: somebody translates addresses on the way.
    public let translated: (client: Endpoint, server: Endpoint)?
    /// The moment that times count from.
    public let start: Timestamp
    public let arrows: [Arrow]
    public let rows: [Row]
    /// The sides on which calls of several programs or threads stand.
    public let sharedSides: Set<Side>

    public struct Row: Hashable, Sendable {
        public let time: Timestamp
        public let event: Event
        /// Whose column the row belongs to.
        public let side: Side
        /// The state that it put this side's end in; nil where it did not change.
        public let state: TCPState?
    }

    public enum Event: Hashable, Sendable {
        /// A call began; before it returned something else happened, or it waited.
        case began(SocketCall)
        /// It returned.
        case returned(SocketCall)
        /// A call that began and returned with nothing in between, and did not wait.
        case whole(SocketCall)
        /// A packet left: position in `arrows`.
        case left(Int)
        /// A packet arrived: position in `arrows`, and which copy of it, counted from 0.
        case arrived(Int, copy: Int)
    }

    /// A packet on its way.
    public struct Arrow: Hashable, Sendable {
        /// The packet as its sender's host saw it, or where that missed it, its receiver's; nil for an ICMP error.
        public let packet: ObservedPacket?
        /// An ICMP error about a packet of the conversation.
        public let error: ICMPRefusal?
        /// Its number in the recording, where both hosts' packets are in one; else the how manieth arrow of the diagram
        /// it is.
        public let number: Int
        public let from: Side
        /// nil where only the arrival was captured.
        public let left: Timestamp?
        /// One for each copy.
        public let arrived: [Timestamp]
        public let sequence: UInt32?
        public let acknowledgment: UInt32?
        public var notes: [Note] = []

        public var isLost: Bool { arrived.isEmpty }
    }

    /// What is to be said beside an arrow.
    public enum Note: Hashable, Sendable {
        /// Sent again because no answer came in time; how long after the last time, in nanoseconds.
        case timer(wait: Int64?)
        /// Sent again because so many duplicate ACKs had come.
        case fastRetransmission(duplicates: Int, wait: Int64?)
        /// A SYN-ACK sent again because the SYN had come again.
        case answersAgain
        /// Sent again while loss is being repaired.
        case recovery(wait: Int64?)
        /// An ACK that asks once more for what is missing.
        case duplicateACK(Int)
        case zeroWindow
        case zeroWindowProbe
        case windowUpdate
        case keepAlive
        /// It arrived with a wrong checksum.
        case damaged
        /// So many packets that left later arrived earlier.
        case overtaken(by: Int)
        /// What the wire itself says that it did.
        case wire(String)
    }

    /// - Parameters:
    ///   - atClient: the conversation as captured at the client's host; `atServer`, at the server's. One of them at
    ///     least.
    ///   - crossings: its packets.
    ///   - clientPlace: which capture is the client's host's.
    ///   - wireNotes: what is known of a packet's fate besides, by its number in the capture where it left.
    init?(
        atClient: Conversation?, atServer: Conversation?, _ crossings: [Crossing], _ pairing: PacketPairing,
        clientPlace: Crossing.Place,
        calls: [ConversationCalls.Entry], wireNotes: [Int: [String]], isOneRecording: Bool,
        showing shown: Set<Int>?
    ) {
        guard let main = atClient ?? atServer else { return nil }
        transport = main.transport
        stream = main.stream
        (client, server) = (main.client, main.server)
        translated = atServer.flatMap {
            $0.client == main.client && $0.server == main.server ? nil : ($0.client, $0.server)
        }
        var builder = TwoHostBuilder(
            main, atClient == nil ? nil : atServer, clientPlace, isOneRecording: isOneRecording)
        builder.noteStates(atClient, .client, pairing, clientPlace)
        builder.noteStates(atServer, .server, pairing, clientPlace.other)
        for crossing in crossings { builder.add(crossing, pairing, wireNotes) }
        builder.addErrors(atClient, atServer, pairing)
        for entry in calls { builder.add(entry) }
        let result = builder.finish(showing: shown)
        arrows = result.arrows
        rows = result.rows
        start = result.rows.first?.time ?? .epoch
        sharedSides = Set(
            [Side.client, .server].filter { side in Set(calls.filter { $0.side == side }.map(\.call.end)).count > 1 })
    }
}

extension TwoHostDiagram {
    /// Draws every conversation of two captures of which anything was paired, in the order in which they began.
    ///
    /// - Parameters:
    ///   - conversations: those of the first capture and those of the second.
    ///   - calls: socket calls, timed by the first clock.
    ///   - wireNotes: what is known of a packet's fate besides, by its number in the capture where it left.
    ///   - isOneRecording: whether both captures' packets are numbered together.
    ///   - shown: of one recording only these packets, by their numbers where they left or arrived.
    public static func all(
        _ pairing: PacketPairing, first: [Conversation], second: [Conversation], calls: [SocketCall] = [],
        wireNotes: [Int: [String]] = [:],
        isOneRecording: Bool = false, showing shown: Set<Int>? = nil
    ) -> [TwoHostDiagram] {
        let joined = JoinedConversations(pairing, first, second)
        let placed = ConversationCalls(first.isEmpty ? second : first, calls: calls)
        return joined.all.compactMap { one in
            let atFirst = one.first.map { first[$0] }
            let atSecond = one.second.map { second[$0] }
            // The client is where its first packet left.
            let clientPlace = one.clientPlace
            var entries = (first.isEmpty ? one.second : one.first).map { placed.entries(of: $0) } ?? []
            // Of the only conversation, calls that belong to none stand beside it.
            if joined.all.count == 1 {
                entries += placed.others.map {
                    ConversationCalls.Entry(call: $0, side: ConversationCalls.side(of: $0.end))
                }
            }
            entries.sort { $0.call.id < $1.call.id }
            return TwoHostDiagram(
                atClient: clientPlace == .first ? atFirst : atSecond,
                atServer: clientPlace == .first ? atSecond : atFirst,
                one.crossings, pairing, clientPlace: clientPlace, calls: entries, wireNotes: wireNotes,
                isOneRecording: isOneRecording,
                showing: shown)
        }
    }
}
