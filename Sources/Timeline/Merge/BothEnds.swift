import Conversations
import Sockets

/// Two captures of the same traffic at two places: what crossed between them, and the scenes of it. `merge`, demos and
/// programs on netprobe's own wire, and files that those wrote all use it.
public struct BothEnds: Sendable {
    /// Which packet of one place is which of the other.
    public let pairing: PacketPairing
    /// What makes the pictures of the conversations.
    public let scenes: SceneBuilder

    /// - Parameters:
    ///   - places: the packets of the first and of the second capture.
    ///   - known: what need not be found out.
    ///   - calls: socket calls, timed by the first clock.
    ///   - wireNotes: what is known of a packet's fate besides, by its number where it left.
    ///   - isOneRecording: whether both captures' packets are numbered together.
    ///   - shown: only these packets, by their numbers; notes say what all of them say.
    /// - Returns: nil where no packet was seen in both.
    public init?(
        _ places: [SightingCollector], knowing known: PacketPairing.Known = PacketPairing.Known(),
        calls: [SocketCall] = [], wireNotes: [Int: [String]] = [:], isOneRecording: Bool = false,
        showing shown: Set<Int>? = nil
    ) {
        var known = known
        for (place, collector) in zip(Crossing.Place.allCases, places) { known.running[place] = collector.running }
        guard places.count == 2, let pairing = PacketPairing(places[0].sightings, places[1].sightings, knowing: known)
        else { return nil }
        self.pairing = pairing
        scenes = SceneBuilder(
            pairing, first: places[0].conversations, second: places[1].conversations,
            calls: calls.sorted { $0.id < $1.id }, wireNotes: wireNotes, isOneRecording: isOneRecording, showing: shown)
    }

    /// Of one recording, the number that a packet of the second host had where it left, by its number at the first
    /// host: what ladders call it.
    public var numbersWhereLeft: [Int: Int] {
        var numbers: [Int: Int] = [:]
        for crossing in pairing.crossings where crossing.from == .second {
            guard let departure = crossing.departure else { continue }
            for arrival in crossing.arrivals {
                numbers[pairing.first[arrival].packet.number] = pairing.second[departure].packet.number
            }
        }
        return numbers
    }
}
