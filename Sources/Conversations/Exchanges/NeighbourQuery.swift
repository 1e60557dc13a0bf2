import Addressing
import Packets

/// A question for the hardware address of a host on the link, or an answer to one: ARP (RFC 826) and IPv6's neighbour
/// discovery (RFC 4861 sections 4.3 and 4.4). Without an answer nothing can be sent there.
public struct NeighbourQuery: Hashable, Sendable {
    /// The record's number.
    public let packet: Int
    /// When it was captured.
    public let time: Timestamp
    /// Who is asked for, or who answers.
    public let target: IPAddress
    /// Whether it answers; else it asks.
    public let isAnswer: Bool

    /// A question or an answer about one address.
    public init(packet: Int, time: Timestamp, target: IPAddress, isAnswer: Bool) {
        self.packet = packet
        self.time = time
        self.target = target
        self.isAnswer = isAnswer
    }

    /// nil where a packet is neither, or is cut.
    public init?(_ record: RawSpan, _ dissection: borrowing Dissection, number: Int, time: Timestamp) {
        guard let layer = dissection.layers.last(where: { $0.kind == .arp || $0.kind == .icmpv6 }) else { return nil }
        let bytes = record.extracting(layer.range)
        if layer.kind == .arp {
            guard let packet = try? ARPPacket(bytes),
                let asked = packet.operation == 1 ? packet.targetIPv4 : packet.senderIPv4,
                packet.operation == 1 || packet.operation == 2
            else { return nil }
            self.init(packet: number, time: time, target: .v4(asked), isAnswer: packet.operation == 2)
            return
        }
        guard bytes.byteCount >= 24, bytes.uint8(at: 0) == Self.solicitation || bytes.uint8(at: 0) == Self.advertisement
        else { return nil }
        self.init(
            packet: number, time: time, target: .v6(bytes.ipv6Address(at: 8)),
            isAnswer: bytes.uint8(at: 0) == Self.advertisement)
    }

    private static let solicitation: UInt8 = 135
    private static let advertisement: UInt8 = 136
}
