import Addressing
import Conversations

/// Pairs departures with arrivals, content by content.
struct PairMatcher {
    private let sightings: [[Sighting]]
    private let clock: ClockEstimate
    private let sides: SenderSides
    /// How long packets usually take from each place, in nanoseconds.
    private var usual: [Crossing.Place: Int64] = [:]

    /// What tells packets apart, and which way they went.
    private struct Key: Hashable {
        let content: PacketContent
        let identification: UInt16?
        let from: Crossing.Place
    }

    private struct Group {
        var departures: [Int] = []
        var arrivals: [Int] = []
    }

    /// By how much an arrival may seem to come before its departure: clocks are known only so well.
    private let slack: Int64

    init(_ first: [Sighting], _ second: [Sighting], _ clock: ClockEstimate, _ sides: SenderSides) {
        sightings = [first, second]
        self.clock = clock
        self.sides = sides
        slack = max(1_000_000, clock.bound ?? 1_000_000_000)
    }

    mutating func match() -> [Crossing] {
        // By identification where there is one, which tells a segment from the same one sent again.
        let all: [(Crossing.Place, [Int])] = Crossing.Place.allCases.map { ($0, Array(sightings[$0.rawValue].indices)) }
        let fine = groups(all, withIdentification: true)
        learnUsualTimes(fine)
        var crossings: [Crossing] = []
        var left: [Crossing.Place: [Int]] = [:]
        for (key, group) in fine {
            for crossing in pair(group, from: key.from) {
                // Translation may have rewritten the identification: whoever is left alone is tried again without.
                if let departure = crossing.departure, !crossing.arrivals.isEmpty || key.identification == nil {
                    crossings.append(Crossing(from: key.from, departure: departure, arrivals: crossing.arrivals))
                } else if key.identification == nil {
                    crossings.append(crossing)
                } else if let departure = crossing.departure {
                    left[key.from, default: []].append(departure)
                } else {
                    left[key.from.other, default: []] += crossing.arrivals
                }
            }
        }
        for (key, group) in groups(left.map { ($0.key, $0.value.sorted()) }, withIdentification: false) {
            crossings += pair(group, from: key.from)
        }
        let streams = StreamRangePairing(sightings, slack: slack) { [self] in time($0, $1) }
        return streams.pair(withDamaged(crossings)).sorted { a, b in
            let (x, y) = (time(a), time(b))
            return x != y ? x < y : a.from == b.from && (a.departure ?? 0) < (b.departure ?? 0)
        }
    }

    private func groups(_ places: [(Crossing.Place, [Int])], withIdentification: Bool) -> [Key: Group] {
        var groups: [Key: Group] = [:]
        for (place, positions) in places {
            for position in positions {
                let sighting = sightings[place.rawValue][position]
                let from = sides.senderPlace(of: sighting, in: place) ?? place
                let key = Key(
                    content: sighting.content, identification: withIdentification ? sighting.identification : nil,
                    from: from)
                if from == place {
                    groups[key, default: Group()].departures.append(position)
                } else {
                    groups[key, default: Group()].arrivals.append(position)
                }
            }
        }
        return groups
    }

    /// The middle of the times that single packets took.
    private mutating func learnUsualTimes(_ groups: [Key: Group]) {
        var times: [Crossing.Place: [Int64]] = [:]
        for (key, group) in groups where group.departures.count == 1 && group.arrivals.count == 1 {
            times[key.from, default: []].append(
                time(key.from.other, group.arrivals[0]).nanoseconds(since: time(key.from, group.departures[0])))
        }
        usual = times.mapValues { $0.sorted()[$0.count / 2] }
    }

    /// A packet that was damaged on the way has another content where it arrives, and a wrong checksum: it is the one
    /// of the same length that seems lost and would have taken the most usual time.
    private func withDamaged(_ crossings: [Crossing]) -> [Crossing] {
        var crossings = crossings
        let strange = crossings.indices.filter { index in
            guard crossings[index].departure == nil, let arrival = crossings[index].arrivals.first else { return false }
            return packet(crossings[index].from.other, arrival).checksum == .incorrect
        }
        var paired: Set<Int> = []
        for index in strange.sorted(by: { time(crossings[$0]) < time(crossings[$1]) }) {
            let from = crossings[index].from
            guard let arrival = crossings[index].arrivals.first else { continue }
            let arrived = packet(from.other, arrival)
            let lost = crossings.indices.filter { other in
                guard crossings[other].from == from, crossings[other].arrivals.isEmpty,
                    let departure = crossings[other].departure
                else { return false }
                let left = packet(from, departure)
                return left.networkLength == arrived.networkLength && left.transport == arrived.transport
                    && took(departure, arrival, from) >= 0 &- slack
            }
            func unusual(_ other: Int) -> UInt64 {
                crossings[other].departure.map { (took($0, arrival, from) &- (usual[from] ?? 0)).magnitude } ?? .max
            }
            guard let chosen = lost.min(by: { unusual($0) < unusual($1) }) else { continue }
            crossings[chosen] = Crossing(
                from: from, departure: crossings[chosen].departure, arrivals: [arrival], isDamaged: true)
            paired.insert(index)
        }
        return crossings.indices.filter { !paired.contains($0) }.map { noted(crossings[$0]) }
    }

    /// Where the flipped bit is in what tells no packet from another, a port or the checksum itself.
    private func noted(_ crossing: Crossing) -> Crossing {
        guard let departure = crossing.departure, packet(crossing.from, departure).checksum == .correct,
            crossing.arrivals.contains(where: { packet(crossing.from.other, $0).checksum == .incorrect })
        else { return crossing }
        return Crossing(from: crossing.from, departure: departure, arrivals: crossing.arrivals, isDamaged: true)
    }

    private func packet(_ place: Crossing.Place, _ position: Int) -> ObservedPacket {
        sightings[place.rawValue][position].packet
    }

    private func pair(_ group: Group, from: Crossing.Place) -> [Crossing] {
        if group.departures.count == group.arrivals.count {
            let isPossible = zip(group.departures, group.arrivals).allSatisfy { took($0, $1, from) >= 0 &- slack }
            if isPossible {
                return zip(group.departures, group.arrivals).map { Crossing(from: from, departure: $0, arrivals: [$1]) }
            }
        }
        var arrivals = [[Int]](repeating: [], count: group.departures.count)
        var crossings: [Crossing] = []
        for arrival in group.arrivals {
            if let chosen = departure(of: arrival, group.departures, arrivals, from) {
                arrivals[chosen].append(arrival)
            } else {
                crossings.append(Crossing(from: from, departure: nil, arrivals: [arrival]))
            }
        }
        for (index, departure) in group.departures.enumerated() {
            crossings.append(Crossing(from: from, departure: departure, arrivals: arrivals[index]))
        }
        return crossings
    }

    /// Of the departures before an arrival the one that would have taken the most usual time; one that has arrived
    /// already only where there is no other.
    private func departure(of arrival: Int, _ departures: [Int], _ arrivals: [[Int]], _ from: Crossing.Place) -> Int? {
        let expected = time(from.other, arrival).advanced(byNanoseconds: 0 &- (usual[from] ?? 0))
        // Only the neighbours of the expected moment: a long capture may have thousands of the same datagram.
        var low = 0
        var high = departures.count
        while low < high {
            let middle = (low + high) / 2
            if time(from, departures[middle]) < expected { low = middle + 1 } else { high = middle }
        }
        let near = max(0, low - 64)..<min(departures.count, low + 64)
        let possible = near.filter { took(departures[$0], arrival, from) >= 0 &- slack }
        func unusual(_ index: Int) -> UInt64 { time(from, departures[index]).nanoseconds(since: expected).magnitude }
        return possible.filter { arrivals[$0].isEmpty }.min { unusual($0) < unusual($1) }
            ?? possible.min { unusual($0) < unusual($1) }
    }

    private func took(_ departure: Int, _ arrival: Int, _ from: Crossing.Place) -> Int64 {
        time(from.other, arrival).nanoseconds(since: time(from, departure))
    }

    private func time(_ place: Crossing.Place, _ position: Int) -> Timestamp {
        let time = sightings[place.rawValue][position].packet.time
        return place == .first ? time : clock.onFirstClock(time)
    }

    private func time(_ crossing: Crossing) -> Timestamp {
        if let departure = crossing.departure { return time(crossing.from, departure) }
        return crossing.arrivals.first.map { time(crossing.from.other, $0) } ?? .epoch
    }
}
