import Addressing
import Conversations

/// Which of two places each sender is nearer to: from there its packets leave, at the other they arrive.
///
/// Where a router stands between, it has taken one off the time to live. In one network it has not; then the
/// conversation itself tells: a packet there and its answer back differ in time at the two places by both ways
/// together, and that is positive where the first place is the sender's (the clocks' offset is in both and cancels).
struct SenderSides {
    /// A packet's ends, as one place sees them; address translation may show the other place different ones.
    fileprivate struct Ends: Hashable {
        let place: Crossing.Place
        let source: Endpoint
        let destination: Endpoint
    }

    /// Two hosts, as one place sees them, in either order.
    private struct Route: Hashable {
        let place: Crossing.Place
        let from: IPAddress
        let to: IPAddress
    }

    private var places: [Ends: Crossing.Place] = [:]
    /// Which place a host is at, by its address; nil for one that seemed to be at both.
    private var homes: [IPAddress: Crossing.Place?] = [:]
    private var shared: Set<Route> = []

    /// - Parameter homes: hosts whose place is known.
    init?(
        _ first: [Sighting], _ second: [Sighting], _ pairs: [SurePair], clock: ClockEstimate?,
        homes known: [IPAddress: Crossing.Place]
    ) {
        if pairs.isEmpty, known.isEmpty { return nil }
        homes = known.mapValues { $0 }
        for a in known.keys {
            for b in known.keys {
                for place in Crossing.Place.allCases { shared.insert(Route(place: place, from: a, to: b)) }
            }
        }
        var groups: [Ends: [SurePair]] = [:]
        for pair in pairs { groups[Ends(first[pair.first], .first), default: []].append(pair) }
        var undecided: [Ends] = []
        for (ends, pairs) in groups.sorted(by: { $0.value[0].first < $1.value[0].first }) where places[ends] == nil {
            guard
                let place = known[ends.source.address] ?? Self.byHops(pairs, first, second)
                    ?? Self.byAnswers(pairs, groups[ends.reversed] ?? [], first, second)
            else {
                undecided.append(ends)
                continue
            }
            settle(ends, place, pairs, first, second)
            if let back = groups[ends.reversed] { settle(ends.reversed, place.other, back, first, second) }
        }
        for ends in undecided where places[ends] == nil {
            // Nobody answers: only the hosts' other conversations or synchronous clocks can tell.
            let pairs = groups[ends] ?? []
            let place =
                hostPlace(ends.source.address) ?? hostPlace(ends.destination.address)?.other
                ?? Self.byTimes(pairs, first, second, clock ?? .same)
            settle(ends, place, pairs, first, second)
        }
    }

    private mutating func settle(
        _ ends: Ends, _ place: Crossing.Place, _ pairs: [SurePair], _ first: [Sighting], _ second: [Sighting]
    ) {
        note(ends, place)
        for pair in pairs {
            let other = Ends(second[pair.second], .second)
            note(other, place)
            // Its answers come the other way, also those that were not paired.
            if places[other.reversed] == nil { places[other.reversed] = place.other }
        }
        if places[ends.reversed] == nil { places[ends.reversed] = place.other }
    }

    private mutating func note(_ ends: Ends, _ place: Crossing.Place) {
        places[ends] = place
        for (address, home) in [(ends.source.address, place), (ends.destination.address, place.other)] {
            if let before = homes[address] {
                if before != home { homes[address] = .some(nil) }
            } else {
                homes[address] = home
            }
        }
        shared.insert(Route(place: ends.place, from: ends.source.address, to: ends.destination.address))
        shared.insert(Route(place: ends.place, from: ends.destination.address, to: ends.source.address))
    }

    /// The place that a packet, seen at a place, was sent from. Where nothing of its conversation was paired, that of
    /// its hosts.
    func senderPlace(of sighting: Sighting, in place: Crossing.Place) -> Crossing.Place? {
        let ends = Ends(sighting, place)
        return places[ends] ?? hostPlace(ends.source.address) ?? hostPlace(ends.destination.address)?.other
    }

    /// Whether anything between a packet's two hosts was seen at both places.
    func isShared(_ packet: ObservedPacket, in place: Crossing.Place) -> Bool {
        shared.contains(Route(place: place, from: packet.source.address, to: packet.destination.address))
    }

    private func hostPlace(_ address: IPAddress) -> Crossing.Place? { homes[address] ?? nil }

    private static func byHops(_ pairs: [SurePair], _ first: [Sighting], _ second: [Sighting]) -> Crossing.Place? {
        let balance = pairs.reduce(0) {
            $0 + (Int(first[$1.first].hopsLeft) - Int(second[$1.second].hopsLeft)).signum()
        }
        return balance == 0 ? nil : balance > 0 ? .first : .second
    }

    /// Each packet with the answer that follows it.
    private static func byAnswers(
        _ there: [SurePair], _ back: [SurePair], _ first: [Sighting], _ second: [Sighting]
    ) -> Crossing.Place? {
        var balance = 0
        var next = 0
        for pair in there {
            while next < back.count, back[next].first < pair.first { next += 1 }
            guard next < back.count else { break }
            let way = second[pair.second].packet.time.nanoseconds(since: first[pair.first].packet.time)
            let wayBack = first[back[next].first].packet.time.nanoseconds(since: second[back[next].second].packet.time)
            balance += Int((way &+ wayBack).signum())
        }
        return balance == 0 ? nil : balance > 0 ? .first : .second
    }

    private static func byTimes(_ pairs: [SurePair], _ first: [Sighting], _ second: [Sighting], _ clock: ClockEstimate)
        -> Crossing.Place
    {
        let balance = pairs.reduce(0) { sum, pair in
            sum
                + Int(
                    clock.onFirstClock(second[pair.second].packet.time).nanoseconds(
                        since: first[pair.first].packet.time
                    ).signum())
        }
        return balance >= 0 ? .first : .second
    }
}

extension SenderSides.Ends {
    fileprivate init(_ sighting: Sighting, _ place: Crossing.Place) {
        self.init(place: place, source: sighting.packet.source, destination: sighting.packet.destination)
    }

    fileprivate var reversed: Self { Self(place: place, source: destination, destination: source) }
}
