import Addressing
import Analysis
import Capture
import Conversations
import Lab
import Packets
import Sockets
import Timeline

/// Takes the packets of a file that has both ends of a wire: one that a demo or a run between two hosts wrote, or
/// `merge`. Such a file says so in the descriptions of its interfaces.
struct BothEndsCollector {
    private var places: [WireEnd] = []
    private var collectors: [SightingCollector] = []
    private var placeOfInterface: [Int: Int] = [:]
    private var wireNotes: [Int: [String]] = [:]
    private var shown: Set<Int> = []
    private var isFiltered = false
    /// Whether every interface so far is an end of one wire.
    private(set) var isPossible = true
    private let keepsWords: Bool

    /// - Parameter keepingWords: whether it is kept in a few words what each packet carries.
    init(keepingWords: Bool = false) { keepsWords = keepingWords }

    mutating func take(
        _ bytes: RawSpan, _ dissection: borrowing Dissection, _ facts: PacketFacts, interface number: Int,
        of interfaces: [CaptureInterface],
        comments: [String], isShown: Bool
    ) {
        guard isPossible else { return }
        guard let place = place(of: number, interfaces) else {
            isPossible = false
            (collectors, placeOfInterface, wireNotes, shown) = ([], [:], [:], [])
            return
        }
        collectors[place].take(bytes, dissection, facts)
        if isShown { shown.insert(facts.number) } else { isFiltered = true }
        let found = WireComments.notes(in: comments)
        if !found.isEmpty { wireNotes[facts.number] = found }
    }

    private mutating func place(of number: Int, _ interfaces: [CaptureInterface]) -> Int? {
        if let known = placeOfInterface[number] { return known }
        guard interfaces.indices.contains(number), let place = WireEnd(interfaces[number]) else { return nil }
        if let known = places.firstIndex(of: place) {
            placeOfInterface[number] = known
            return known
        }
        if places.count == 2 { return nil }
        places.append(place)
        collectors.append(SightingCollector(keepingWords: keepsWords, seed: .random(in: .min ... .max)))
        placeOfInterface[number] = places.count - 1
        return places.count - 1
    }

    /// What the two have in common; nil where the file has not both ends of one wire.
    func bothEnds(calls: [SocketCall]) -> BothEnds? {
        guard isPossible, collectors.count == 2 else { return nil }
        // The client's place is the first, as in every recording that netprobe makes.
        let order = places[1].name == "client" && places[1].isOurWire ? [1, 0] : [0, 1]
        var known = PacketPairing.Known(clock: .same)
        if places.allSatisfy(\.isOurWire) {
            for (place, which) in zip(order, Crossing.Place.allCases) {
                for address in places[place].addresses { known.homes[address] = which }
            }
            known.ranThroughout = true
        }
        return BothEnds(
            order.map { collectors[$0] }, knowing: known, calls: calls, wireNotes: wireNotes, isOneRecording: true,
            showing: isFiltered ? shown : nil)
    }
}
