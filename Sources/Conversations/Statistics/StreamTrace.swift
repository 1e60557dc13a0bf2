import Addressing
import Packets

/// What one TCP connection looks like over time, one way each: sequence numbers, acknowledgments, round trips, windows,
/// throughput, and the first segments one by one. Bounded, however long the connection is.
public struct StreamTrace: Sendable {
    /// A data segment and what became of it.
    public struct Segment: Sendable {
        /// The record's number.
        public let packet: Int
        /// When it passed.
        public let sent: Timestamp
        /// Relative to the initial sequence number.
        public let sequence: UInt32
        /// Its payload in bytes.
        public let length: UInt32
        /// Whether TCP analysis marks it as sent again.
        public let isRepeated: Bool
        /// The packet that acknowledged all of it, and when that passed.
        public internal(set) var acknowledgment: (packet: Int, time: Timestamp)?
        /// From sending to the acknowledgment, in nanoseconds; nil where that may belong to another sending (Karn's
        /// algorithm, RFC 6298 section 3).
        public internal(set) var roundTrip: Int64?
        /// The smoothed round trip after this one (RFC 6298 section 2; the textbooks' EstimatedRTT), in nanoseconds.
        public internal(set) var estimated: Int64?
    }

    /// One way: the data of one end, and what the other said about it.
    public struct Direction: Sendable {
        /// The first data segments.
        public internal(set) var segments: [Segment] = []
        /// Data segments, those that were sent again included.
        public internal(set) var segmentCount = 0
        /// How many of them were sent again.
        public internal(set) var repeated = 0
        /// The application's bytes, each once.
        public internal(set) var bytes: UInt64 = 0
        /// The smallest window that the receiver announced after the handshake, scaled.
        public internal(set) var smallestWindow: UInt32?
        /// How many round trips were measured.
        public internal(set) var roundTrips = 0
        /// The shortest round trip in nanoseconds.
        public internal(set) var smallestRoundTrip: Int64?
        /// The longest round trip in nanoseconds.
        public internal(set) var largestRoundTrip: Int64?
        /// When the first data passed.
        public internal(set) var firstData: Timestamp?
        /// When the last data passed.
        public internal(set) var lastData: Timestamp?

        /// The first number behind each segment.
        public internal(set) var sequence: TraceSeries
        /// The same of the segments that were sent again.
        public internal(set) var repetitions: TraceSeries
        /// The numbers that the other end acknowledged.
        public internal(set) var acknowledged: TraceSeries
        /// Measured round trips, in nanoseconds.
        public internal(set) var roundTripSeries: TraceSeries
        /// Smoothed round trips, in nanoseconds.
        public internal(set) var estimatedSeries: TraceSeries
        /// The window that the receiver announced, scaled, in bytes.
        public internal(set) var window: TraceSeries
        /// Bytes over time.
        public internal(set) var rate = TraceRate()

        fileprivate var estimator: RoundTripEstimator
        fileprivate var pending: [Pending] = []
        fileprivate var sent = SentSegments()

        fileprivate init(limit: Int, alpha: Double) {
            sequence = TraceSeries(limit: limit)
            repetitions = TraceSeries(limit: limit)
            acknowledged = TraceSeries(limit: limit)
            roundTripSeries = TraceSeries(limit: limit)
            estimatedSeries = TraceSeries(limit: limit)
            window = TraceSeries(limit: limit)
            estimator = RoundTripEstimator(smoothing: alpha)
        }

        /// The smoothed round trip at the end.
        public var estimated: Int64? { estimator.smoothed }

        /// Application bytes a second from the first data to the last; nil where there is no time between them.
        public var throughput: Double? {
            guard let firstData, let lastData else { return nil }
            guard let time = lastData.elapsed(since: firstData) else { return nil }
            return time > 0 ? Double(bytes) * 1e9 / Double(time) : nil
        }
    }

    /// A segment whose acknowledgment is waited for.
    fileprivate struct Pending: Sendable {
        let end: UInt32
        let sent: Timestamp
        /// Its place in `segments`; -1 for later ones.
        let index: Int
        var isAmbiguous = false
    }

    private static let maximumPending = 10_000

    /// Who opened.
    public let client: Endpoint
    /// The other end.
    public let server: Endpoint
    /// What the client sent.
    public private(set) var fromClient: Direction
    /// What the server sent.
    public private(set) var fromServer: Direction
    /// When the first packet passed.
    public let start: Timestamp
    /// When the latest packet passed.
    public private(set) var end: Timestamp
    private let listed: Int
    private var axis: TimeAxis

    /// - Parameters:
    ///   - listed: how many data segments each way are kept one by one.
    ///   - limit: how many points a series may have.
    ///   - alpha: the weight of a new round trip in the smoothed one; RFC 6298 says 1/8.
    public init(first packet: ObservedPacket, listed: Int, limit: Int, alpha: Double = 0.125) {
        let answers = !ConnectionRoles.isFromClient(packet)
        client = answers ? packet.destination : packet.source
        server = answers ? packet.source : packet.destination
        fromClient = Direction(limit: limit, alpha: alpha)
        fromServer = Direction(limit: limit, alpha: alpha)
        start = packet.time
        end = packet.time
        axis = TimeAxis(from: packet.time)
        self.listed = listed
    }

    /// Takes a segment of the connection, the first one included.
    public mutating func take(_ packet: ObservedPacket, _ facts: TransportFacts) {
        guard let tcp = packet.tcp, !tcp.flags.contains(.rst) else { return }
        end = max(end, packet.time)
        let time = axis.position(of: packet.time)
        if packet.source == client {
            Self.send(packet, facts, time, listed, &fromClient)
            if tcp.flags.contains(.ack) { Self.acknowledge(packet, tcp, facts, time, &fromServer) }
        } else {
            Self.send(packet, facts, time, listed, &fromServer)
            if tcp.flags.contains(.ack) { Self.acknowledge(packet, tcp, facts, time, &fromClient) }
        }
    }

    /// The way that carried more of the application's bytes.
    public var busier: (isFromClient: Bool, direction: Direction) {
        fromServer.bytes > fromClient.bytes ? (false, fromServer) : (true, fromClient)
    }

    private static func send(
        _ packet: ObservedPacket, _ facts: TransportFacts, _ time: Int64, _ listed: Int, _ way: inout Direction
    ) {
        let opening: UInt32 = packet.tcp?.flags.contains(.syn) == true ? 1 : 0
        if opening > 0 { way.sent.open(at: facts.sequence &+ 1) }
        guard packet.payloadLength > 0, facts.heeded.marks.isDisjoint(with: [.keepAlive, .zeroWindowProbe]) else {
            return
        }
        let length = UInt32(truncatingIfNeeded: packet.payloadLength)
        let segmentEnd = facts.sequence &+ opening &+ length
        let isRepeated = !facts.heeded.marks.isDisjoint(with: .anyRetransmission)
        // Behind others in number: sent again, or overtaken by them.
        let isBehind = way.sent.next.map { !segmentEnd.isAfter($0) } ?? false
        let news = way.sent.take(
            sequence: facts.sequence &+ opening, length: length, packet: packet.number, time: packet.time)
        // Each byte counts once, when it is first seen: also one whose first sending the capture does not have.
        way.bytes &+= news.fresh
        if news.fresh > 0 { way.rate.add(time, news.fresh) }
        way.segmentCount += 1
        if way.firstData == nil { way.firstData = packet.time }
        way.lastData = packet.time
        if isRepeated {
            way.repeated += 1
            way.repetitions.add(time, Int64(segmentEnd))
        } else if news.fresh > 0 {
            way.sequence.add(time, Int64(segmentEnd))
        }
        if isBehind {
            // Segments behind it were held back with it: their acknowledgments measure the loss, not the way.
            for index in way.pending.indices where way.pending[index].end.isAfter(facts.sequence) {
                way.pending[index].isAmbiguous = true
            }
        }
        var index = -1
        if way.segments.count < listed {
            index = way.segments.count
            way.segments.append(
                Segment(
                    packet: packet.number, sent: packet.time, sequence: facts.sequence, length: length,
                    isRepeated: isRepeated))
        }
        if way.pending.count < maximumPending {
            way.pending.append(
                Pending(end: segmentEnd, sent: packet.time, index: index, isAmbiguous: isRepeated || isBehind))
        }
    }

    private static func acknowledge(
        _ packet: ObservedPacket, _ tcp: TCPHeader, _ facts: TransportFacts, _ time: Int64, _ way: inout Direction
    ) {
        if !tcp.flags.contains(.syn) {
            way.smallestWindow = min(way.smallestWindow ?? facts.window, facts.window)
            way.window.add(time, Int64(facts.window))
        }
        guard facts.has.contains(.acknowledgment) else { return }
        var latest: Int64?
        var kept = 0
        for place in way.pending.indices {
            let pending = way.pending[place]
            guard !pending.end.isAfter(facts.acknowledgment) else {
                way.pending[kept] = pending
                kept += 1
                continue
            }
            if pending.index >= 0 { way.segments[pending.index].acknowledgment = (packet.number, packet.time) }
            guard !pending.isAmbiguous, let took = packet.time.elapsed(since: pending.sent) else { continue }
            latest = measure(took, pending.index, &way)
        }
        way.pending.removeLast(way.pending.count - kept)
        way.acknowledged.add(time, Int64(facts.acknowledgment))
        if let latest {
            way.roundTripSeries.add(time, latest)
            if let smoothed = way.estimator.smoothed { way.estimatedSeries.add(time, smoothed) }
        }
    }

    private static func measure(_ roundTrip: Int64, _ index: Int, _ way: inout Direction) -> Int64 {
        way.estimator.add(roundTrip)
        way.roundTrips += 1
        way.smallestRoundTrip = min(way.smallestRoundTrip ?? roundTrip, roundTrip)
        way.largestRoundTrip = max(way.largestRoundTrip ?? roundTrip, roundTrip)
        if index >= 0 {
            way.segments[index].roundTrip = roundTrip
            way.segments[index].estimated = way.estimator.smoothed
        }
        return roundTrip
    }
}
