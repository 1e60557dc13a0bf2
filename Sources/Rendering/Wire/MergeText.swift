import Addressing
import Text
import Timeline

/// What two captures have in common, in a few lines.
public enum MergeText {
    /// - Parameter others: packets of each that have no TCP or UDP layer of their own.
    public static func write(_ pairing: PacketPairing, others: [[OtherSighting]], to out: inout OutputBuffer) {
        writeClock(pairing.clock, &out)
        for place in Crossing.Place.allCases {
            let crossings = pairing.crossings.filter { $0.from == place && $0.departure != nil }
            let (here, there) = (place.letter, place.other.letter)
            let lost = crossings.filter(\.arrivals.isEmpty)
            var words = [
                "\(crossings.count) \(crossings.count == 1 ? "packet" : "packets")",
                "\(lost.count) lost\(numbers(lost, pairing))",
            ]
            let divided = crossings.filter { $0.division != nil }
            if !divided.isEmpty {
                let arrived = Set(divided.flatMap(\.arrivals)).count
                words.append("\(divided.count) cut or joined by network cards on the way (\(arrived) arrived)")
            }
            let incomplete = divided.filter { ($0.division?.missing ?? 0) > 0 }
            if !incomplete.isEmpty {
                let bytes = incomplete.reduce(0) { $0 + ($1.division?.missing ?? 0) }
                words.append("\(bytes) bytes of \(incomplete.count) of them lost\(numbers(incomplete, pairing))")
            }
            let doubled = crossings.count { $0.isDoubled }
            if doubled > 0 { words.append("\(doubled) arrived twice") }
            let unsent = pairing.crossings.count { $0.from == place && $0.departure == nil }
            if unsent > 0 { words.append("\(unsent) more arrived that \(here) did not capture") }
            out.append(text: "\(here) → \(there)       \(words.joined(separator: ", "))\n")
        }
        if others.count == 2, !(others[0] + others[1]).isEmpty {
            let found = OtherSighting.pairs(others[0], others[1])
            let only = [(Crossing.Place.first, found.onlyFirst), (.second, found.onlySecond)]
                .filter { !$0.1.isEmpty }
                .map { place, packets in "\(packets.count) only in \(place.letter)\(numbers(packets, of: place))" }
            out.append(
                text: "others      neither TCP nor UDP: \((["\(found.both) in both"] + only).joined(separator: ", "))\n"
            )
        }
        for place in Crossing.Place.allCases {
            var words: [String] = []
            let elsewhere = pairing.elsewhere[place]?.count ?? 0
            let outside = pairing.outside[place]?.count ?? 0
            if elsewhere > 0 { words.append("\(elsewhere) between other hosts") }
            if outside > 0 {
                words.append(
                    "\(outside) before \(place.other.letter)'s first packet or after its last: "
                        + "whether it captured then is not known"
                )
            }
            if !words.isEmpty {
                out.append(text: "left out of \(place.letter)  \(words.joined(separator: ", "))\n")
            }
        }
        out.append("names       A1 is packet 1 of A, B1 packet 1 of B; a packet is called by where it left\n")
    }

    private static func writeClock(_ clock: ClockEstimate, _ out: inout OutputBuffer) {
        let direction = clock.offset < 0 ? "behind" : "ahead of"
        let size = Int64(clamping: clock.offset.magnitude)
        guard let bound = clock.bound, let roundTrip = clock.roundTrip else {
            out.append(
                "clocks      how they stand to each other is not known: packets went one way only\n"
            )
            return
        }
        let stand = size <= bound ? "agree" : "differ: B is \(precise(size)) \(direction) A"
        var line =
            """
            clocks      \(stand) at the beginning, within ±\(DurationText.text(nanoseconds: bound)) (fastest round \
            trip \(DurationText.text(nanoseconds: roundTrip)))
            """
        let limit = ClockEstimate.greatestDrift
        if clock.driftRange.lowerBound <= -limit, clock.driftRange.upperBound >= limit {
            line += "; too short to tell a drift"
        } else {
            line +=
                """
                ; it \(clock.drift < 0 ? "loses" : "gains") \(ppm(abs(clock.drift))) (between \
                \(ppm(clock.driftRange.lowerBound)) and \(ppm(clock.driftRange.upperBound)))
                """
        }
        out.append(text: line + "\n")
        if !clock.isConsistent {
            out.append(
                """
                            no steady drift fits all packets: a clock was set meanwhile, or \
                packets were paired wrongly\n
                """
            )
        }
    }

    /// Seconds to the microsecond, for an offset is not a duration that one rounds.
    private static func precise(_ nanoseconds: Int64) -> String {
        if nanoseconds < 1_000_000_000 { return DurationText.text(nanoseconds: nanoseconds) }
        let fraction = String(nanoseconds / 1000 % 1_000_000)
        return "\(nanoseconds / 1_000_000_000)." + String(repeating: "0", count: 6 - fraction.count) + fraction + " s"
    }

    private static func ppm(_ drift: Double) -> String {
        let tenths = Int((drift * 1e7).rounded())
        return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10) ppm"
    }

    /// Of packets that left one place.
    private static func numbers(_ crossings: [Crossing], _ pairing: PacketPairing) -> String {
        guard let place = crossings.first?.from else { return "" }
        let packets = crossings.compactMap { crossing in
            crossing.departure.map { pairing.sightings(crossing.from)[$0].packet.number }
        }
        return numbers(packets, of: place)
    }

    /// The first few of them, called as the ladders call them.
    private static func numbers(_ packets: [Int], of place: Crossing.Place) -> String {
        if packets.isEmpty { return "" }
        let first = packets.prefix(8).map { place.letter + String($0) }.joined(separator: ", ")
        return " (\(packets.count == 1 ? "packet" : "packets") \(first)\(packets.count > 8 ? " …" : ""))"
    }
}
