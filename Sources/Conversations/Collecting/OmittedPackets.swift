import Addressing
import Packets

/// What a run of ordinary packets held that is not kept: how many, how much each way, how long.
public struct OmittedPackets: Hashable, Sendable {
    /// One way's packets with payload, their bytes, and the packets without.
    public struct Sums: Hashable, Sendable {
        /// Packets with payload.
        public fileprivate(set) var dataPackets = 0
        /// Their payload in bytes.
        public fileprivate(set) var bytes = 0
        /// Packets without payload.
        public fileprivate(set) var acknowledgments = 0
    }

    /// How many packets were left out.
    public private(set) var count = 0
    /// The numbers of the first and the last one.
    public private(set) var numbers: ClosedRange<Int>
    /// When the first of them passed.
    public private(set) var first: Timestamp
    /// When the last of them passed.
    public private(set) var last: Timestamp
    /// What the client sent of them.
    public private(set) var fromClient = Sums()
    /// What the server sent of them.
    public private(set) var fromServer = Sums()

    init(_ packet: ObservedPacket, fromClient isFromClient: Bool) {
        numbers = packet.number...packet.number
        (first, last) = (packet.time, packet.time)
        add(packet, fromClient: isFromClient)
    }

    mutating func add(_ packet: ObservedPacket, fromClient isFromClient: Bool) {
        count += 1
        numbers = min(numbers.lowerBound, packet.number)...max(numbers.upperBound, packet.number)
        (first, last) = (min(first, packet.time), max(last, packet.time))
        if isFromClient { Self.count(packet, &fromClient) } else { Self.count(packet, &fromServer) }
    }

    func adding(_ other: OmittedPackets) -> OmittedPackets {
        var sum = self
        sum.count += other.count
        sum.numbers =
            min(numbers.lowerBound, other.numbers.lowerBound)...max(numbers.upperBound, other.numbers.upperBound)
        (sum.first, sum.last) = (min(first, other.first), max(last, other.last))
        for way in [\OmittedPackets.fromClient, \OmittedPackets.fromServer] {
            sum[keyPath: way].dataPackets += other[keyPath: way].dataPackets
            sum[keyPath: way].bytes += other[keyPath: way].bytes
            sum[keyPath: way].acknowledgments += other[keyPath: way].acknowledgments
        }
        return sum
    }

    private static func count(_ packet: ObservedPacket, _ sums: inout Sums) {
        if packet.payloadLength > 0 {
            sums.dataPackets += 1
            sums.bytes += packet.payloadLength
        } else {
            sums.acknowledgments += 1
        }
    }
}
