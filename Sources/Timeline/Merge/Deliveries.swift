import Addressing
import Conversations

/// What became of packets, by their numbers where they left: known where both hosts were captured. Without, every
/// packet is taken to have arrived when it was seen, as on loopback.
public struct Deliveries: Hashable, Sendable {
    /// What became of a packet.
    public enum Fate: Hashable, Sendable {
        /// The first whole copy came at this time; of a segment that network cards cut, its last byte.
        case arrived(Timestamp)
        /// No whole copy came.
        case lost
        /// It came with a wrong checksum, and the receiving host threw it away.
        case damaged
    }

    private let fates: [Int: Fate]

    /// Fates by the numbers where the packets left.
    public init(_ fates: [Int: Fate] = [:]) { self.fates = fates }

    /// - Parameter pairing: of two hosts' captures with numbers in common.
    public init(_ pairing: PacketPairing) {
        var fates: [Int: Fate] = [:]
        for crossing in pairing.crossings {
            guard let departure = crossing.departure else { continue }
            let number = pairing.sightings(crossing.from)[departure].packet.number
            let times = crossing.arrivals.map { pairing.time(crossing.from.other, $0) }
            let whole = crossing.division.map { $0.missing == 0 ? times.max() : nil } ?? times.min()
            fates[number] = crossing.isDamaged ? .damaged : whole.map { .arrived($0) } ?? .lost
        }
        self.fates = fates
    }

    /// A packet's fate; where nothing is known, it arrived when it was seen.
    public subscript(_ packet: ObservedPacket) -> Fate { fates[packet.number] ?? .arrived(packet.time) }

    /// When its receiver had it; nil where it never did.
    package func arrival(of packet: ObservedPacket) -> Timestamp? {
        if case .arrived(let time) = self[packet] { time } else { nil }
    }

    /// Whether its receiver had it by a moment; nil is the end of the recording.
    package func reached(_ packet: ObservedPacket, by time: Timestamp?) -> Bool {
        guard let arrival = arrival(of: packet) else { return false }
        return time.map { arrival <= $0 } ?? true
    }
}
