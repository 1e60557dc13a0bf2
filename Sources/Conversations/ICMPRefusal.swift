import Addressing
import Packets

/// The ICMP error that came back instead of an answer (RFC 792, RFC 4443): who sent it, and why.
public struct ICMPRefusal: Hashable, Sendable {
    public let packet: Int
    public let sender: IPAddress
    public let isVersion6: Bool
    public let type: UInt8
    public let code: UInt8

    /// Reads the error that a packet is; nil where it is none, or quotes nothing.
    public init?(_ record: RawSpan, _ dissection: borrowing Dissection, number: Int) {
        var network: LayerRange?
        for layer in dissection.layers {
            switch layer.kind {
            case .ipv4, .ipv6: network = layer
            case .icmp, .icmpv6:
                let bytes = record.extracting(layer.range)
                guard bytes.byteCount >= 2, let network else { return nil }
                if network.kind == .ipv4 {
                    guard let packet = try? IPv4Packet(record.extracting(network.range)) else { return nil }
                    sender = .v4(packet.source)
                } else {
                    guard let packet = try? IPv6Packet(record.extracting(network.range)) else { return nil }
                    sender = .v6(packet.source)
                }
                packet = number
                isVersion6 = layer.kind == .icmpv6
                type = bytes.uint8(at: 0)
                code = bytes.uint8(at: 1)
                return
            default: break
            }
        }
        return nil
    }

    /// The reason in plain words.
    public var reason: StaticString {
        if isVersion6 {
            return switch (type, code) {
            case (1, 0): "no route to the host"
            case (1, 1): "forbidden by a firewall"
            case (1, 3): "the host does not answer"
            case (1, 4): "nobody uses the port"
            case (1, _): "cannot be reached"
            case (2, _): "the packet is too big for a link"
            case (3, _): "its hop limit ran out"
            default: "a parameter problem"
            }
        }
        return switch (type, code) {
        case (3, 0): "no route to the network"
        case (3, 1): "the host does not answer"
        case (3, 2): "the host does not speak the protocol"
        case (3, 3): "nobody uses the port"
        case (3, 4): "the packet is too big for a link and must not be cut"
        case (3, 9), (3, 10), (3, 13): "forbidden by a firewall"
        case (3, _): "cannot be reached"
        case (4, _): "asked to send more slowly"
        case (5, _): "there is a better way"
        case (11, _): "its time to live ran out"
        default: "a parameter problem"
        }
    }
}
