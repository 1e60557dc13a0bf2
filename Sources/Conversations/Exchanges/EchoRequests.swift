import Addressing
import DequeModule
import Packets

/// Echo requests that nobody has answered yet, to tell of a reply which request it answers (RFC 792, "Echo or Echo
/// Reply Message").
///
/// A reply repeats the request's identifier, number and data, so its checksum is the request's but for the type. Where
/// a host sends the same request again, a reply answers the last one; a second reply answers none. At most 16,384
/// requests without a reply are remembered, so that a scan takes no more memory than that.
struct EchoRequests: Sendable {
    static let remembered = 1 << 14
    private static let request: UInt8 = 8
    private static let reply: UInt8 = 0
    /// What the type adds to a request's checksum, in one's complement (RFC 1071).
    private static let requestWord: UInt32 = 0x0800

    private struct Key: Hashable, Sendable {
        let lower: IPAddress
        let upper: IPAddress
        let checksum: UInt16
        let identifier: UInt16
        let number: UInt16
    }

    /// The packet of each request.
    private var open: [Key: UInt32] = [:]
    private var order = Deque<(key: Key, packet: UInt32)>()

    var count: Int { open.count }

    /// Takes in an ICMP message.
    /// - Returns: the packet of the request that it answers; nil where it answers none.
    mutating func take(
        _ message: borrowing ICMPMessage, from source: IPAddress, to destination: IPAddress, packet: UInt32
    ) -> UInt32? {
        switch message.type {
        case Self.request:
            let key = Self.key(message, message.checksum, source, destination)
            open[key] = packet
            order.append((key, packet))
            if order.count > Self.remembered, let oldest = order.popFirst(), open[oldest.key] == oldest.packet {
                open[oldest.key] = nil
            }
            return nil
        case Self.reply:
            let sum = UInt32(~message.checksum) + Self.requestWord
            let checksum = ~UInt16(truncatingIfNeeded: sum & 0xffff + sum >> 16)
            return open.removeValue(forKey: Self.key(message, checksum, source, destination))
        default: return nil
        }
    }

    private static func key(
        _ message: borrowing ICMPMessage, _ checksum: UInt16, _ source: IPAddress, _ destination: IPAddress
    ) -> Key {
        let isSorted = source <= destination
        return Key(
            lower: isSorted ? source : destination, upper: isSorted ? destination : source, checksum: checksum,
            identifier: message.identifier, number: message.sequenceNumber)
    }
}
