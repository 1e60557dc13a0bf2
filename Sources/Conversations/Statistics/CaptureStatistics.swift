import Addressing
import Packets

/// What a capture holds in numbers: packets, sizes, protocols, requests. Fed packet by packet; what it keeps grows with
/// open conversations, not with packets.
public struct CaptureStatistics: Sendable {
    /// How large the packets are.
    public private(set) var sizes = PacketSizes()
    /// Which protocols there are.
    public private(set) var hierarchy = ProtocolHierarchy()
    /// How many questions were asked and answered.
    public private(set) var requests = RequestRate()
    /// The earliest time of a packet; nil without times.
    public private(set) var firstTime: Timestamp?
    /// The latest time of a packet; nil without times.
    public private(set) var lastTime: Timestamp?
    /// What the capture has besides, a second time.
    public var copied = CopiedPackets()
    /// Segments that TCP analysis marks as sent again.
    public private(set) var retransmissions = 0
    /// Payload of each TCP connection that is not forgotten, by `tcp.stream`.
    private var payload: [UInt32: UInt64] = [:]
    /// The one among the forgotten that carried most.
    private var forgotten: (key: UInt32, value: UInt64)?

    /// No packet yet.
    public init() {}

    /// Takes the next packet; its transport's facts are needed.
    public mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        sizes.take(facts.wireLength)
        hierarchy.take(dissection, wireLength: facts.wireLength)
        if let time = facts.timestamp {
            firstTime = min(firstTime ?? time, time)
            lastTime = max(lastTime ?? time, time)
        }
        let transport = facts.transport
        if transport.forgottenStream != .max { forget(transport.forgottenStream) }
        if !transport.heeded.marks.isDisjoint(with: .anyRetransmission) { retransmissions += 1 }
        // What a tunnel carries are the requests, not the tunnel's own packets.
        var innermost: (packet: ObservedPacket, stream: UInt32)?
        for (name, layer) in transport.conversations {
            guard let packet = ObservedPacket(record, dissection, facts, at: layer) else { continue }
            innermost = (packet, name.stream)
            if name.transport == .tcp { payload[name.stream, default: 0] &+= UInt64(max(0, packet.payloadLength)) }
        }
        if let (packet, stream) = innermost, !Self.isTunnel(packet, dissection) {
            requests.take(packet, stream: stream)
        }
    }

    /// Whether a datagram carries a packet that is no TCP or UDP: ICMP or ARP through a tunnel is no request.
    private static func isTunnel(_ packet: ObservedPacket, _ dissection: borrowing Dissection) -> Bool {
        guard packet.transport == .udp else { return false }
        guard let last = dissection.layers.lastIndex(where: { $0.kind == .udp && !$0.isQuoted }) else { return false }
        return dissection.layers[last...].contains { $0.kind == .ethernet || $0.kind == .ipv4 || $0.kind == .ipv6 }
    }

    /// From the first packet to the last, in nanoseconds; nil where that is not known.
    public var duration: Int64? {
        guard let firstTime, let lastTime else { return 0 }
        return lastTime.elapsed(since: firstTime)
    }

    /// The TCP connection that carried most; nil where there is none.
    public var busiestStream: UInt32? {
        let kept = payload.max { Self.isLess($0, $1) }
        guard let forgotten else { return kept?.key }
        return kept.map { Self.isLess(forgotten, $0) ? $0.key : forgotten.key } ?? forgotten.key
    }

    private static func isLess(_ a: (key: UInt32, value: UInt64), _ b: (key: UInt32, value: UInt64)) -> Bool {
        a.value != b.value ? a.value < b.value : a.key > b.key
    }

    private mutating func forget(_ stream: UInt32) {
        requests.forget(tcpStream: stream)
        guard let bytes = payload.removeValue(forKey: stream) else { return }
        if forgotten.map({ Self.isLess($0, (stream, bytes)) }) ?? true { forgotten = (stream, bytes) }
    }
}

/// Follows one TCP connection of a capture: for its trace.
public struct TraceCollector: Sendable {
    /// nil: the first connection that carries data.
    private var stream: UInt32?
    private let listed: Int
    private let limit: Int
    private let alpha: Double
    /// Until its data come, a connection that might be the one: its opening belongs to the trace.
    private var openings: [UInt32: StreamTrace] = [:]
    /// What was traced; nil until the connection was met.
    public private(set) var trace: StreamTrace?

    /// - Parameters:
    ///   - stream: `tcp.stream`; nil takes the first connection that carries data.
    ///   - listed: how many data segments each way are kept one by one.
    public init(stream: UInt32?, listed: Int, limit: Int = 4096, alpha: Double = 0.125) {
        self.stream = stream
        self.listed = listed
        self.limit = limit
        self.alpha = alpha
    }

    /// The connection that is traced.
    public var number: UInt32? { trace == nil ? nil : stream }

    /// Takes the next packet; its transport's facts are needed.
    public mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        let transport = facts.transport
        if transport.forgottenStream != .max { openings[transport.forgottenStream] = nil }
        guard transport.tcpLayer >= 0, transport.has.contains(.stream), stream == nil || stream == transport.connection,
            let packet = ObservedPacket(record, dissection, facts, at: transport.tcpLayer)
        else { return }
        if stream != nil {
            if trace == nil { trace = StreamTrace(first: packet, listed: listed, limit: limit, alpha: alpha) }
            trace?.take(packet, transport)
            return
        }
        let number = transport.connection
        var opening = openings[number] ?? StreamTrace(first: packet, listed: listed, limit: limit, alpha: alpha)
        opening.take(packet, transport)
        if packet.payloadLength > 0 {
            stream = number
            trace = opening
            openings.removeAll()
        } else {
            openings[number] = opening
        }
    }
}
