import Addressing
import Packets

/// One station's way into a cell: authentication, association, the four-way handshake of keys, and how it ended.
struct StationJoining: Sendable {
    /// What a step's frames were, and how the cell answered.
    private struct Progress: Sendable {
        var packets: [Int] = []
        /// nil where no answer was seen.
        var status: UInt16?

        mutating func add(_ packet: Int) { if packets.count < PacketNumbers.limit { packets.append(packet) } }
    }

    private let station: MACAddress
    let cell: MACAddress
    /// The network's name, where a frame says it.
    var network: String?
    private let start: Timestamp
    private var end: Timestamp
    private var packets = PacketNumbers()
    private var authentication = Progress()
    private var association = Progress()
    private var keys = Progress()
    /// The highest message of the four-way handshake, and how often its first came.
    private var keyMessage = 0
    private var firstKeys = 0
    private var ending: (byStation: Bool, reason: UInt16, packet: Int)?

    init(station: MACAddress, cell: MACAddress, start: Timestamp) {
        (self.station, self.cell, self.start, end) = (station, cell, start, start)
    }

    /// Whether a step begins another joining: the first message of authentication, once this one has come further or
    /// has ended.
    func isFollowed(by step: WirelessJoining.Step) -> Bool {
        switch step {
        case .authentication(message: 1, status: _): !association.packets.isEmpty || ending != nil
        case .associationRequest: ending != nil
        default: false
        }
    }

    mutating func take(_ frame: WirelessJoining, packet: Int, at time: Timestamp) {
        packets.add(packet)
        end = time
        switch frame.step {
        case .beacon: break
        case .authentication(_, let status):
            authentication.add(packet)
            // Each message has the field; only the cell's says how it went.
            if frame.source == cell { authentication.status = status }
        case .associationRequest: association.add(packet)
        case .associationResponse(let status):
            association.add(packet)
            association.status = status
        case .key(let message):
            keys.add(packet)
            keyMessage = max(keyMessage, message)
            if message == 1 { firstKeys += 1 }
        case .deauthentication(let reason), .disassociation(let reason):
            ending = (frame.source == station, reason, packet)
        }
    }

    var finding: Finding {
        let who: Sentence = "The station \(.words("\(station)"))"
        let name: Sentence? = network.map { " of the network \(.name($0))" }
        let place: Sentence = "the cell \(.words("\(cell)"))\(name)"
        let (kind, severity, sentence) = told(who, place)
        return Finding(
            kind, severity, "\(sentence)\(ended)", evidence: Finding.Evidence(packets: packets), at: start,
            duration: end.elapsed(since: start))
    }

    private func told(_ who: Sentence, _ place: Sentence) -> (Finding.Kind, Finding.Severity, Sentence) {
        if let status = authentication.status, status != 0 {
            return (
                .joiningFailed, .failure,
                """
                \(who) was refused by \(place) at authentication (\(.packets(authentication.packets))): \
                \(Self.status(status)).
                """
            )
        }
        if let status = association.status, status != 0 {
            return (
                .joiningFailed, .failure,
                """
                \(who) was refused by \(place) at association (\(.packets(association.packets))): \
                \(Self.status(status)).
                """
            )
        }
        var steps: [Sentence] = []
        if !authentication.packets.isEmpty { steps.append("authentication (\(.packets(authentication.packets)))") }
        if !association.packets.isEmpty { steps.append("association (\(.packets(association.packets)))") }
        if !keys.packets.isEmpty { steps.append("the four-way handshake of keys (EAPOL, \(.packets(keys.packets)))") }
        let way = steps.joined(separator: ", ")
        if keyMessage > 0 {
            if keyMessage == 4 {
                return (
                    .joined80211, .success,
                    "\(who) joined \(place): \(way), in \(.duration(end.elapsed(since: start)))."
                )
            }
            let again: Sentence? =
                firstKeys > 1 ? " The cell began it \(.times(firstKeys)): a wrong passphrase does that." : nil
            return (
                .joiningFailed, .failure,
                """
                \(who) came to \(place) as far as message \(.number(keyMessage)) of 4 of the handshake of keys: \
                \(way).\(again)
                """
            )
        }
        if association.status == 0 {
            return (
                .joined80211, .success,
                """
                \(who) was associated with \(place): \(way). No handshake of keys is in the capture: the cell is \
                open, or its frames were not captured.
                """
            )
        }
        if steps.isEmpty {
            return (.leftCell, .note, "Nothing is in the capture of how \(.words("\(station)")) joined \(place).")
        }
        return (.joiningFailed, .warning, "\(who) began to join \(place): \(way). What followed is not in the capture.")
    }

    /// Who ended it, and why.
    private var ended: Sentence? {
        guard let ending else { return nil }
        let who: Sentence = ending.byStation ? "The station" : "The cell"
        return " \(who) ended it (\(.packet(ending.packet))): \(Self.reason(ending.reason))."
    }

    /// Status codes (IEEE 802.11 table 9-50).
    private static func status(_ code: UInt16) -> Sentence {
        let meaning =
            switch code {
            case 10: "it cannot support all capabilities"
            case 12: "for a reason outside of the standard"
            case 13: "it does not support this kind of authentication"
            case 14: "a frame out of sequence"
            case 15: "the challenge was not met"
            case 16: "it waited too long for the next frame"
            case 17: "it has as many stations as it takes"
            case 18: "the station does not support its rates"
            case 30: "for now; it may try again later"
            case 43: "the pairwise cipher is not valid"
            default: "no reason that is known here"
            }
        return "status \(.number(code)), \(.words(meaning))"
    }

    /// Reason codes (IEEE 802.11 table 9-49).
    private static func reason(_ code: UInt16) -> Sentence {
        let meaning =
            switch code {
            case 1: "not specified"
            case 2: "the authentication is not valid any more"
            case 3, 8: "the station is leaving"
            case 4: "nothing was heard for too long"
            case 5: "too many stations"
            case 6: "a frame from a station that is not authenticated"
            case 7: "a frame from a station that is not associated"
            case 14: "a frame's integrity check failed"
            case 15: "the four-way handshake was not completed in time"
            case 16: "the group's key was not taken over in time"
            case 23: "802.1X authentication failed"
            default: "no meaning that is known here"
            }
        return "reason \(.number(code)), \(.words(meaning))"
    }
}

extension Finding.Kind {
    /// A station is in a cell.
    package static let joined80211: Self = "station_joined"
    /// It did not come that far, or was refused.
    package static let joiningFailed: Self = "joining_failed"
    /// Only its end was seen.
    package static let leftCell: Self = "station_left"
}
