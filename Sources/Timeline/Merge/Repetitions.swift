import Addressing
import Conversations
import Packets

/// Segments that were sent again and then arrived. The earlier one was not answered although the way was there: it was
/// lost, also where the other capture has nothing yet from its time.
struct Repetitions {
    private struct Segment: Hashable {
        let from: Crossing.Place
        let source: Endpoint
        let destination: Endpoint
        let sequence: UInt32
        let length: Int
        let opens: Bool

        init?(_ packet: ObservedPacket, from: Crossing.Place) {
            // A segment that takes no sequence number is never retransmitted.
            guard let tcp = packet.tcp, packet.payloadLength > 0 || tcp.flags.contains(.syn) else { return nil }
            self.from = from
            source = packet.source
            destination = packet.destination
            sequence = tcp.sequence.rawValue
            length = packet.payloadLength
            opens = tcp.flags.contains(.syn)
        }
    }

    /// When the last of those that arrived left, by the clock of the place that it left from.
    private var arrived: [Segment: Timestamp] = [:]

    init(_ crossings: [Crossing], _ first: [Sighting], _ second: [Sighting]) {
        for crossing in crossings where !crossing.arrivals.isEmpty {
            guard let departure = crossing.departure else { continue }
            let packet = (crossing.from == .first ? first : second)[departure].packet
            guard let segment = Segment(packet, from: crossing.from) else { continue }
            arrived[segment] = max(arrived[segment] ?? packet.time, packet.time)
        }
    }

    /// Whether the same bytes left again later, and arrived.
    func contains(_ packet: ObservedPacket, from place: Crossing.Place) -> Bool {
        guard let segment = Segment(packet, from: place), let later = arrived[segment] else { return false }
        return packet.time < later
    }
}
