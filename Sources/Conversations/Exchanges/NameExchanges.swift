import DequeModule
import Packets

/// DNS queries and the answers to them (RFC 1035 section 4.1.1: an answer has its query's identifier), within a stream.
///
/// As in Wireshark 4.0 a query that is sent again before its answer came belongs to the first one, and so does the
/// answer's time; the same identifier behind an answer is a new query. So many are remembered, the oldest are forgotten
/// first.
struct NameExchanges: Sendable {
    private struct Key: Hashable {
        let isOverTCP: Bool
        let stream: UInt32
        let identifier: UInt16
    }

    private struct Query {
        let packet: UInt32
        let time: Int64
        var isAnswered = false
    }

    private static let remembered = 1 << 16

    private var queries: [Key: Query] = [:]
    private var order = Deque<Key>()

    /// Takes in a message.
    /// - Parameters:
    ///   - layer: DNS, of whatever kind.
    ///   - packet: its packet's number.
    ///   - time: in nanoseconds since 1970.
    mutating func take(
        _ layer: LayerRange, _ record: RawSpan, isOverTCP: Bool, stream: UInt32, packet: UInt32, time: Int64,
        _ facts: inout TransportFacts
    ) {
        guard facts.dns.layer < 0, !layer.isQuoted, let (identifier, isResponse) = DNSMessage.identity(layer, record)
        else { return }
        facts.dns.layer = layer.start
        let key = Key(isOverTCP: isOverTCP, stream: stream, identifier: identifier)
        let known = queries[key]
        if isResponse {
            guard let known else { return }
            if known.isAnswered {
                facts.dns.isRepeated = true
            } else {
                queries[key]?.isAnswered = true
                facts.dns.query = known.packet
                facts.dns.time = time &- known.time
            }
        } else if let known, !known.isAnswered {
            facts.dns.isRepeated = true
        } else {
            if known == nil {
                order.append(key)
                if order.count > Self.remembered, let oldest = order.popFirst() { queries[oldest] = nil }
            }
            queries[key] = Query(packet: packet, time: time)
        }
    }
}
