import Addressing
import Packets

/// Between which endpoints a packet's own TCP segment or UDP datagram goes: the innermost addresses before the first
/// transport header. A packet quoted in an ICMP error is somebody else's and does not count.
public struct TransportEnds: Sendable {
    /// TCP or UDP.
    public let transport: Transport
    /// The sender's address.
    public let source: IPAddress
    /// The receiver's address.
    public let destination: IPAddress
    /// The sender's port.
    public let sourcePort: Port
    /// The receiver's port.
    public let destinationPort: Port
    /// The TCP or UDP layer.
    public let layer: LayerRange
    /// The IP layer that carries it.
    public let network: LayerRange
    /// Whether what the segment or datagram carries asks or answers, where its protocol says so.
    let asks: Bool?

    /// nil where the packet carries neither TCP nor UDP of its own, or its ports were cut off.
    public init?(_ record: RawSpan, _ dissection: borrowing Dissection) {
        var carrierIndex = -1
        for index in 0..<dissection.layers.count {
            switch dissection.layers[index].kind {
            case .ipv4, .ipv6: carrierIndex = index
            case .icmp, .icmpv6: return nil
            case .tcp, .udp:
                guard carrierIndex >= 0 else { return nil }
                self.init(record, dissection, index, over: dissection.layers[carrierIndex])
                return
            default: continue
            }
        }
        return nil
    }

    /// The same of the TCP or UDP layer that begins at `start`: of a tunnel's packet there are more than one. nil where
    /// it is quoted.
    public init?(_ record: RawSpan, _ dissection: borrowing Dissection, at start: Int32) {
        var carrierIndex = -1
        for index in 0..<dissection.layers.count {
            switch dissection.layers[index].kind {
            case .ipv4, .ipv6: carrierIndex = index
            case .tcp, .udp:
                guard dissection.layers[index].start == start else { continue }
                guard carrierIndex >= 0, !dissection.layers[index].isQuoted else { return nil }
                self.init(record, dissection, index, over: dissection.layers[carrierIndex])
                return
            default: continue
            }
        }
        return nil
    }

    private init?(_ record: RawSpan, _ dissection: borrowing Dissection, _ index: Int, over carrier: LayerRange) {
        let layer = dissection.layers[index]
        guard Int(layer.end) <= record.byteCount, layer.end - layer.start >= 8 else { return nil }
        if carrier.kind == .ipv4 {
            guard let packet = try? IPv4Packet(record.extracting(carrier.range)) else { return nil }
            source = .v4(packet.source)
            destination = .v4(packet.destination)
        } else {
            guard let packet = try? IPv6Packet(record.extracting(carrier.range)) else { return nil }
            source = .v6(packet.source)
            destination = .v6(packet.destination)
        }
        transport = layer.kind == .tcp ? .tcp : .udp
        sourcePort = Port(record.uint16(at: Int(layer.start)))
        destinationPort = Port(record.uint16(at: Int(layer.start) + 2))
        self.layer = layer
        network = carrier
        if layer.kind == .tcp {
            // Of a SYN its flags say it.
            let isOpening = layer.range.count >= 14 && record.uint8(at: Int(layer.start) + 13) & 2 != 0
            asks =
                isOpening || layer.payload.isEmpty
                ? nil
                : CarriedMessage(
                    record.extracting(layer.payload), over: .tcp, from: sourcePort, to: destinationPort
                ).asks
        } else {
            asks = index + 1 < dissection.layers.count ? dissection.layers[index + 1].asks(record) : nil
        }
    }

    /// The IP packet's length on the wire, header included; of a datagram that came in fragments the datagram's.
    public var networkLength: Int {
        layer.start < network.end
            ? Int(network.claimedEnd - network.start)
            : Int(network.headerEnd - network.start) + Int(layer.claimedEnd - layer.start)
    }

    /// The sender's address and port.
    public var sourceEndpoint: Endpoint { Endpoint(source, sourcePort) }
    /// The receiver's address and port.
    public var destinationEndpoint: Endpoint { Endpoint(destination, destinationPort) }
}
