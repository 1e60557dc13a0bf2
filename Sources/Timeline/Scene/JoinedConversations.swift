import Addressing
import Conversations

/// The conversations of two captures, each with the other capture's view of it.
struct JoinedConversations {
    struct Joined {
        var first: Int?
        var second: Int?
        var crossings: [Crossing] = []
        /// Where the end is that opened it.
        var clientPlace = Crossing.Place.first
    }

    private(set) var all: [Joined] = []

    init(_ pairing: PacketPairing, _ first: [Conversation], _ second: [Conversation]) {
        let owners = [Self.owners(first), Self.owners(second)]
        func owner(_ place: Crossing.Place, _ position: Int?) -> Int? {
            position.flatMap { owners[place.rawValue][pairing.sightings(place)[$0].packet.number] }
        }
        func ends(_ crossing: Crossing) -> (first: Int?, second: Int?) {
            let here = owner(crossing.from, crossing.departure)
            let there = owner(crossing.from.other, crossing.arrivals.first)
            return crossing.from == .first ? (here, there) : (there, here)
        }
        var partner: [Int: Int] = [:]
        // A damaged packet may seem to be another conversation's.
        for crossing in pairing.crossings where !crossing.isDamaged {
            if case (let first?, let second?) = ends(crossing), partner[first] == nil { partner[first] = second }
        }
        let backwards = Dictionary(partner.map { ($0.value, $0.key) }) { min($0, $1) }
        var places: [[Int?]: Int] = [:]
        for crossing in pairing.crossings {
            var (one, other) = ends(crossing)
            one = one ?? other.flatMap { backwards[$0] }
            other = one.flatMap { partner[$0] } ?? other
            if places[[one, other]] == nil {
                places[[one, other]] = all.count
                var joined = Joined(first: one, second: other)
                joined.clientPlace = Self.clientPlace(
                    crossing, pairing, one.map { first[$0] } ?? other.map { second[$0] })
                all.append(joined)
            }
            if let place = places[[one, other]] { all[place].crossings.append(crossing) }
        }
    }

    /// The conversation of each packet, by its number.
    private static func owners(_ conversations: [Conversation]) -> [Int: Int] {
        var owners: [Int: Int] = [:]
        for (index, conversation) in conversations.enumerated() {
            for packet in conversation.packets { owners[packet.number] = index }
        }
        return owners
    }

    private static func clientPlace(_ crossing: Crossing, _ pairing: PacketPairing, _ conversation: Conversation?)
        -> Crossing.Place
    {
        let place = crossing.departure == nil ? crossing.from.other : crossing.from
        guard let position = crossing.departure ?? crossing.arrivals.first, let conversation else {
            return crossing.from
        }
        let packet = pairing.sightings(place)[position].packet
        // Ports and addresses may be translated: the packet's own view of who is the client counts.
        let isFromClient =
            conversation.isFromClient(packet)
            || packet.source != conversation.server && packet.destination == conversation.server
        return isFromClient ? crossing.from : crossing.from.other
    }
}
