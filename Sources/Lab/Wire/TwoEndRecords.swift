import Addressing
import Analysis
import Capture
import Conversations
import Packets
import Timeline

/// The records of both ends of a wire in one recording: interface 0 is the client's, interface 1 the server's.
public struct TwoEndRecords {
    private let records: [CapturedRecord]
    /// What need not be found out: both ends have one clock, and which host is where.
    public let known: PacketPairing.Known

    /// - Parameter client: the client's addresses, `server` the server's.
    public init(_ records: [CapturedRecord], client: [IPAddress], server: [IPAddress]) {
        self.records = records
        var homes: [IPAddress: Crossing.Place] = [:]
        for address in client { homes[address] = .first }
        for address in server { homes[address] = .second }
        known = PacketPairing.Known(clock: .same, homes: homes, ranThroughout: true)
    }

    /// The packets of the two ends, analysed each on their own.
    ///
    /// - Parameters:
    ///   - keepingWords: whether it is kept in a few words what each packet carries.
    ///   - seed: a random number, as `TransportAnalyzer` wants one.
    public func places(keepingWords: Bool = false, seed: UInt64) -> [SightingCollector] {
        var places = (0..<2).map { _ in SightingCollector(keepingWords: keepingWords, seed: seed) }
        var analyzer = PacketAnalyzer()
        for record in records where places.indices.contains(record.header.interface) {
            let bytes = record.bytes.rawSpan
            analyzer.take(record.header, bytes)
            places[record.header.interface].take(bytes, analyzer.dissection, analyzer.facts)
        }
        return places
    }

    /// The IP packets that left after the first so many records, and how they arrived. Neighbour discovery and ARP are
    /// the systems' own: no program sends them.
    func view(after count: Int, hosts: [MACAddress]) -> SceneView {
        var left: [SeenPacket] = []
        var all: [Int: SeenPacket] = [:]
        var analyzer = PacketAnalyzer()
        for record in records.dropFirst(count) {
            let bytes = record.bytes.rawSpan
            analyzer.take(record.header, bytes)
            if WireFrame(bytes, analyzer.dissection).kind == .housekeeping { continue }
            let packet = SeenPacket(bytes, analyzer.dissection, analyzer.facts)
            all[packet.number] = packet
            guard hosts.indices.contains(record.header.interface), let frame = try? EthernetFrame(bytes) else {
                continue
            }
            if frame.source == hosts[record.header.interface] { left.append(packet) }
        }
        return SceneView(packets: left, arrivals: arrivals(of: all))
    }

    private func arrivals(of packets: [Int: SeenPacket]) -> [Int: [SeenPacket]] {
        let places = places(seed: 0)
        var arrivals: [Int: [SeenPacket]] = [:]
        guard let pairing = PacketPairing(places[0].sightings, places[1].sightings, knowing: known) else { return [:] }
        for crossing in pairing.crossings {
            guard let departure = crossing.departure else { continue }
            let number = pairing.sightings(crossing.from)[departure].packet.number
            let there = crossing.arrivals.compactMap {
                packets[pairing.sightings(crossing.from.other)[$0].packet.number]
            }
            if packets[number] != nil { arrivals[number] = there.sorted { $0.number < $1.number } }
        }
        return arrivals
    }
}
