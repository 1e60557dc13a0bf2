import Addressing
import Packets

/// How often clients ask and how fast they are answered, whatever protocol they speak.
///
/// A request is what a client sends until its server does: one or more TCP segments in a row, or each datagram.
/// Requests sent one behind the other without waiting (pipelining) count as one. Who the client is, `ConnectionRoles`
/// says.
public struct RequestRate: Sendable {
    /// So many response times are kept for the median; of more, only these.
    private static let keptTimes = 1 << 17

    private struct Exchange: Sendable {
        let client: Endpoint
        var asked: Timestamp?
        var clientSpokeLast = false
    }

    /// Turns in which a client asked.
    public private(set) var requests = 0
    /// How many of them the server answered.
    public private(set) var answered = 0
    /// The most requests in one second, counted from the first one.
    public private(set) var peak = 0
    /// When the first request was seen.
    public private(set) var firstTime: Timestamp?
    /// When the last request was seen.
    public private(set) var lastTime: Timestamp?
    private var times: [Int64] = []
    private var second: Int64 = -1
    private var secondsBegin: Timestamp?
    private var inSecond = 0
    private var tcp: [UInt32: Exchange] = [:]
    private var udp: [UInt32: Exchange] = [:]

    /// No request yet.
    public init() {}

    /// Takes the next packet of a conversation.
    public mutating func take(_ packet: ObservedPacket, stream: UInt32) {
        if packet.transport == .tcp {
            let exchange = tcp[stream]
            if exchange == nil {
                tcp[stream] = Exchange(
                    client: ConnectionRoles.isFromClient(packet) ? packet.source : packet.destination)
            }
            guard packet.payloadLength > 0, var now = tcp[stream] else { return }
            take(packet, &now, each: false)
            tcp[stream] = now
        } else {
            var now = udp[stream] ?? Exchange(client: packet.source)
            take(packet, &now, each: true)
            udp[stream] = now
        }
    }

    /// Forgets a TCP connection of which nothing comes any more.
    public mutating func forget(tcpStream stream: UInt32) { tcp[stream] = nil }

    /// The middle one of the times from a request's first packet to its answer's first, in nanoseconds.
    public var medianResponse: Int64? {
        let sorted = times.sorted()
        return sorted.isEmpty ? nil : sorted[sorted.count / 2]
    }

    /// Requests a second from the first to the last one; nil for fewer than two.
    public var perSecond: Double? {
        guard requests > 1, let firstTime, let lastTime else { return nil }
        guard let time = lastTime.elapsed(since: firstTime) else { return nil }
        return time > 0 ? Double(requests - 1) * 1e9 / Double(time) : nil
    }

    private mutating func take(_ packet: ObservedPacket, _ exchange: inout Exchange, each: Bool) {
        if packet.source == exchange.client {
            if each || !exchange.clientSpokeLast {
                note(packet.time)
                exchange.asked = packet.time
            }
            exchange.clientSpokeLast = true
        } else {
            if let asked = exchange.asked {
                answered += 1
                if times.count < Self.keptTimes, let took = packet.time.elapsed(since: asked) { times.append(took) }
                exchange.asked = nil
            }
            exchange.clientSpokeLast = false
        }
    }

    private mutating func note(_ time: Timestamp) {
        requests += 1
        firstTime = firstTime ?? time
        lastTime = max(lastTime ?? time, time)
        // Where the clock was set, seconds are counted anew.
        if secondsBegin.map({ $0.setting != time.setting }) ?? true { (secondsBegin, second) = (time, -1) }
        let number = time.nanoseconds(since: secondsBegin ?? time) / 1_000_000_000
        inSecond = number == second ? inSecond + 1 : 1
        second = number
        peak = max(peak, inSecond)
    }
}
