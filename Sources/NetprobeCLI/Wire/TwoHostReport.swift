import Addressing
import Capture
import Conversations
import Packets
import Rendering
import Sockets
import Timeline

/// Two captures of the same traffic at two places: what crossed between them, and the ladders of it. The same for `merge`, for a
/// demo or a program on a wire of ours, and for a file that one of those wrote.
struct TwoHostReport {
    let pairing: PacketPairing
    let diagrams: [TwoHostDiagram]

    /// - Parameters:
    ///   - places: the packets of the first and the second capture.
    ///   - wireNotes: what is known of a packet's fate besides, by its number where it left.
    /// - Returns: nil where no packet was seen in both.
    init?(
        _ places: [SightingCollector], knowing known: PacketPairing.Known = PacketPairing.Known(), calls: [SocketCall] = [],
        wireNotes: [Int: [String]] = [:]
    ) {
        guard places.count == 2, let pairing = PacketPairing(places[0].sightings, places[1].sightings, knowing: known) else { return nil }
        self.pairing = pairing
        diagrams = TwoHostDiagram.all(
            pairing, first: places[0].conversations, second: places[1].conversations, calls: calls, wireNotes: wireNotes)
    }

    /// Every conversation's ladder with its account, with a blank line between.
    func writeLadders(columns: Int?, to out: inout OutputBuffer) {
        for (index, diagram) in diagrams.enumerated() {
            if index > 0 { out.append(ascii: 10) }
            TwoHostLadderText(columns: columns).write(diagram, to: &out)
            TwoHostAccount.write(diagram, to: &out)
        }
    }
}
