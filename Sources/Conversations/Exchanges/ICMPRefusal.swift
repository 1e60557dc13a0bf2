import Addressing
import Packets

/// The ICMP error that came back instead of an answer (RFC 792, RFC 4443): who sent it, and why.
public struct ICMPRefusal: Hashable, Sendable {
    /// The record's number.
    public let packet: Int
    /// Who sent the error: the host that was asked, or a router.
    public let sender: IPAddress
    /// Whether it is ICMPv6.
    public let isVersion6: Bool
    /// Its type, which says what is wrong.
    public let type: UInt8
    /// Its code, which says it more precisely.
    public let code: UInt8

    /// When it was captured; nil where the capture kept no time.
    public let time: Timestamp?
    /// The packet that it quotes: what was sent and did not arrive.
    public let quoted: Quoted?

    /// The ends of a packet that an ICMP error quotes.
    public struct Quoted: Hashable, Sendable {
        /// TCP or UDP.
        public let transport: Transport
        /// Who had sent it.
        public let source: Endpoint
        /// Whom it was for.
        public let destination: Endpoint
        /// The segment's sequence number; nil for UDP.
        public let sequence: SequenceNumber?

        /// The ends of a quoted packet.
        public init(transport: Transport, source: Endpoint, destination: Endpoint, sequence: SequenceNumber?) {
            self.transport = transport
            self.source = source
            self.destination = destination
            self.sequence = sequence
        }
    }

    /// An error of which everything is known.
    public init(
        packet: Int, time: Timestamp?, sender: IPAddress, isVersion6: Bool, type: UInt8, code: UInt8, quoted: Quoted?
    ) {
        self.packet = packet
        self.time = time
        self.sender = sender
        self.isVersion6 = isVersion6
        self.type = type
        self.code = code
        self.quoted = quoted
    }

    /// Reads the error that a packet is; nil where it is none, or quotes nothing.
    public init?(_ record: RawSpan, _ dissection: borrowing Dissection, number: Int, time: Timestamp? = nil) {
        var network: LayerRange?
        for (index, layer) in dissection.layers.enumerated() {
            switch layer.kind {
            case .ipv4, .ipv6: network = layer
            case .icmp, .icmpv6:
                let bytes = record.extracting(layer.range)
                guard bytes.byteCount >= 2, let network, let (source, _) = Self.addresses(record, network) else {
                    return nil
                }
                let isError =
                    layer.kind == .icmpv6 ? bytes.uint8(at: 0) < 128 : [3, 4, 5, 11, 12].contains(bytes.uint8(at: 0))
                guard isError else { return nil }
                self.init(
                    packet: number, time: time, sender: source, isVersion6: layer.kind == .icmpv6,
                    type: bytes.uint8(at: 0),
                    code: bytes.uint8(at: 1), quoted: Self.quoted(record, dissection.layers[(index + 1)...]))
                return
            default: break
            }
        }
        return nil
    }

    private static func addresses(_ record: RawSpan, _ network: LayerRange) -> (
        source: IPAddress, destination: IPAddress
    )? {
        if network.kind == .ipv4 {
            guard let packet = try? IPv4Packet(record.extracting(network.range)) else { return nil }
            return (.v4(packet.source), .v4(packet.destination))
        }
        guard let packet = try? IPv6Packet(record.extracting(network.range)) else { return nil }
        return (.v6(packet.source), .v6(packet.destination))
    }

    /// The ports and, for TCP, the sequence number lie in the first eight bytes, which every error quotes (RFC 792).
    private static func quoted(_ record: RawSpan, _ layers: ArraySlice<LayerRange>) -> Quoted? {
        var network: LayerRange?
        for layer in layers {
            switch layer.kind {
            case .ipv4, .ipv6: network = layer
            case .tcp, .udp:
                let bytes = record.extracting(layer.range)
                guard bytes.byteCount >= 8, let network, let (source, destination) = addresses(record, network) else {
                    return nil
                }
                return Quoted(
                    transport: layer.kind == .tcp ? .tcp : .udp, source: Endpoint(source, Port(bytes.uint16(at: 0))),
                    destination: Endpoint(destination, Port(bytes.uint16(at: 2))),
                    sequence: layer.kind == .tcp ? SequenceNumber(bytes.uint32(at: 4)) : nil)
            default: break
            }
        }
        return nil
    }

    /// The error's name, as RFC 792 and RFC 4443 have it.
    public var name: StaticString {
        if isVersion6 {
            return ICMPNames.version6(type: type, code: code)
                ?? (type == 1 ? "destination unreachable" : type == 3 ? "time exceeded" : "parameter problem")
        }
        if let name = ICMPNames.version4(type: type, code: code) { return name }
        return switch type {
        case 3: "destination unreachable"
        case 5: "redirect"
        case 11: "time exceeded"
        default: "parameter problem"
        }
    }

    /// Whether it says that the connection cannot come about: an unreachable of any kind, not a hint about size or way.
    public var isUnreachable: Bool { isVersion6 ? type == 1 : type == 3 && code != 4 }

    /// What it does to the socket that sent the quoted packet.
    public var effect: ICMPEffect { ICMPEffect(isVersion6: isVersion6, type: type, code: code) }
    /// Why it came, in plain words.
    public var reason: String { effect.reason }
}
