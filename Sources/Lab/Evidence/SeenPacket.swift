import Addressing
import Conversations
import Packets

/// A packet of a recording and what a demo's verdict asks about it.
public struct SeenPacket: Hashable, Sendable {
    /// Its number in the recording, from 1: the one that lines and ladder show.
    public let number: Int
    /// When it was captured; nil where the capture does not say.
    public let time: Timestamp?
    /// Its TCP segment or UDP datagram; nil for ICMP, and for later fragments, which carry no ports.
    public let segment: ObservedPacket?
    /// The ICMP error that it is.
    public let refusal: ICMPRefusal?
    /// Its place in the fragmented packet that it is a part of, in bytes; nil where it is whole.
    public let fragmentOffset: Int?

    init(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: PacketFacts) {
        number = facts.number
        time = facts.timestamp
        segment = ObservedPacket(record, dissection, facts)
        let refusal = ICMPRefusal(record, dissection, number: facts.number, time: facts.timestamp)
        self.refusal = refusal.flatMap { Self.isError($0) ? $0 : nil }
        fragmentOffset = Self.fragmentOffset(record, dissection)
    }

    /// RFC 792 and RFC 4443 section 2.1: which types report an error.
    private static func isError(_ refusal: ICMPRefusal) -> Bool {
        refusal.isVersion6 ? refusal.type < 128 : [3, 4, 5, 11, 12].contains(refusal.type)
    }

    private static func fragmentOffset(_ record: RawSpan, _ dissection: borrowing Dissection) -> Int? {
        for layer in dissection.layers {
            if layer.kind == .ipv4, let packet = try? IPv4Packet(record.extracting(layer.range)) {
                return packet.moreFragments || packet.fragmentOffset > 0 ? packet.fragmentOffset : nil
            }
            if layer.kind == .ipv6Fragment, let header = try? IPv6FragmentHeader(record.extracting(layer.range)) {
                return header.fragmentOffset
            }
        }
        return nil
    }

    /// TCP's flags; none for other packets.
    public var flags: TCPFlags { segment?.tcp?.flags ?? [] }
    /// Whether it is a UDP datagram.
    public var isUDP: Bool { segment?.transport == .udp }
    /// Whether it is a TCP segment.
    public var isTCP: Bool { segment?.transport == .tcp }
    /// Octets above TCP or UDP.
    public var payload: Int { segment?.payloadLength ?? 0 }
    /// Where it comes from; nil for what is neither TCP nor UDP.
    public var source: Endpoint? { segment?.source }
    /// Where it goes; nil for what is neither TCP nor UDP.
    public var destination: Endpoint? { segment?.destination }
    /// The window that it announces, as it stands in the header.
    public var window: UInt16 { segment?.tcp?.window ?? 0 }
    /// A TCP segment that asks for a connection.
    public var isSYN: Bool { flags.contains(.syn) && !flags.contains(.ack) }
    /// The answer to a SYN.
    public var isSYNACK: Bool { flags.contains([.syn, .ack]) }
    /// Whether it ends its direction.
    public var isFIN: Bool { flags.contains(.fin) }
    /// Whether it resets the connection.
    public var isRST: Bool { flags.contains(.rst) }
    /// A TCP segment with neither data nor flags other than ACK.
    public var isBareACK: Bool { flags == .ack && payload == 0 }
}
