import Addressing
import Capture
import Conversations
import Lab
import Packets
import Rendering
import Sockets
import Text
import Timeline

/// Two captures of the same traffic at two places: what crossed between them, and the ladders of it. The same for
/// `merge`, for a demo or a program on a wire of ours, and for a file that one of those wrote.
struct TwoHostReport {
    let pairing: PacketPairing
    let diagrams: [TwoHostDiagram]
    /// Calls that belong to no conversation, where there is not one alone.
    private let others: [SocketCall]
    /// Whether everything is to be drawn.
    private let isWhole: Bool

    /// - Parameters:
    ///   - places: the packets of the first and the second capture.
    ///   - wireNotes: what is known of a packet's fate besides, by its number where it left.
    ///   - isOneRecording: whether both captures' packets are numbered together.
    ///   - stream: only this conversation.
    ///   - shown: only these packets, by their numbers; notes say what all of them say.
    /// - Returns: nil where no packet was seen in both.
    init?(
        _ places: [SightingCollector], knowing known: PacketPairing.Known = PacketPairing.Known(),
        calls: [SocketCall] = [],
        wireNotes: [Int: [String]] = [:], isOneRecording: Bool = false, only stream: StreamName? = nil,
        showing shown: Set<Int>? = nil
    ) {
        var known = known
        for (place, collector) in zip(Crossing.Place.allCases, places) { known.running[place] = collector.running }
        guard places.count == 2, let pairing = PacketPairing(places[0].sightings, places[1].sightings, knowing: known)
        else { return nil }
        self.pairing = pairing
        let all = TwoHostDiagram.all(
            pairing, first: places[0].conversations, second: places[1].conversations, calls: calls,
            wireNotes: wireNotes,
            isOneRecording: isOneRecording, showing: shown)
        isWhole = stream == nil && shown == nil
        diagrams = all.filter { diagram in
            (stream.map { diagram.transport == $0.transport && diagram.stream == $0.number } ?? true)
                && (shown == nil || !diagram.arrows.isEmpty)
        }
        others = all.count == 1 ? [] : ConversationCalls(places[0].conversations, calls: calls).others
    }

    /// Both ends of a wire in one recording; its packets keep their numbers.
    init?(_ records: [CapturedRecord], client: [IPAddress], server: [IPAddress], calls: [SocketCall]) {
        let both = TwoEndRecords(records, client: client, server: server)
        var notes: [Int: [String]] = [:]
        for record in records {
            let found = WireComments.notes(in: record.comments)
            if !found.isEmpty { notes[record.header.number] = found }
        }
        self.init(
            both.places(seed: .random(in: .min ... .max)), knowing: both.known, calls: calls.sorted { $0.id < $1.id },
            wireNotes: notes,
            isOneRecording: true)
    }

    /// The first host's records, each under the number that its packet had where it left, as in the ladder.
    func firstHost(_ records: [CapturedRecord]) -> [CapturedRecord] {
        var numbers: [Int: Int] = [:]
        for crossing in pairing.crossings where crossing.from == .second {
            guard let departure = crossing.departure else { continue }
            for arrival in crossing.arrivals {
                numbers[pairing.first[arrival].packet.number] = pairing.second[departure].packet.number
            }
        }
        return records.filter { $0.header.interface == 0 }.map { record in
            var record = record
            record.header.number = numbers[record.header.number] ?? record.header.number
            return record
        }
    }

    /// Whether there is anything to draw.
    var hasLadders: Bool { !diagrams.isEmpty }

    /// Every conversation's ladder with its account, with a blank line between.
    ///
    /// - Parameters:
    ///   - chosen: only this one, by position.
    ///   - most: no more than so many.
    func writeLadders(
        of chosen: Int? = nil, atMost most: Int = .max, columns: Int?, abridged: Bool = true, to out: inout OutputBuffer
    ) {
        for (index, diagram) in diagrams.enumerated() where index < most && (chosen == nil || chosen == index) {
            if index > 0, chosen == nil { out.append(ascii: 10) }
            TwoHostLadderText(columns: columns, abridged: abridged).write(diagram, to: &out)
            TwoHostAccount.write(diagram, columns: columns, to: &out)
        }
        if isWhole, chosen == nil, !others.isEmpty {
            if !diagrams.isEmpty { out.append(text: "\nCalls that belong to no conversation\n") }
            LadderText(columns: columns).write(SequenceDiagram(calls: others), to: &out)
        }
    }
}
