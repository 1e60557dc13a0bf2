import Addressing
import Packets

/// Who sent a packet to whom, by its innermost IP header before a layer, and how many hops it had left.
struct PacketAddresses: Sendable {
    let source: IPAddress
    let destination: IPAddress
    /// Time to live, or hop limit.
    let hops: UInt8
    /// Its length with the IP header, as claimed.
    let length: Int

    /// - Parameter index: of a layer; the IP header is looked for before it.
    init?(_ record: RawSpan, _ dissection: borrowing Dissection, before index: Int) {
        var position = index - 1
        while position >= 0 {
            let layer = dissection.layers[position]
            if layer.kind == .ipv4 || layer.kind == .ipv6 {
                self.init(record, layer)
                return
            }
            position -= 1
        }
        return nil
    }

    /// - Parameter layer: an IP header.
    init?(_ record: RawSpan, _ layer: LayerRange) {
        let claimed = Int(layer.claimedEnd - layer.start)
        if layer.kind == .ipv4 {
            guard let packet = try? IPv4Packet(record.extracting(layer.range)) else { return nil }
            (source, destination, hops) = (.v4(packet.source), .v4(packet.destination), packet.timeToLive)
            // A quoted packet is there in part; its header says how long it was. 0 is left to the network card.
            length = packet.totalLength == 0 ? claimed : Int(packet.totalLength)
        } else {
            guard let packet = try? IPv6Packet(record.extracting(layer.range)) else { return nil }
            (source, destination, hops) = (.v6(packet.source), .v6(packet.destination), packet.hopLimit)
            length = packet.payloadLength == 0 ? claimed : IPv6Packet.headerLength + Int(packet.payloadLength)
        }
    }
}
