import Addressing
import Conversations
import Packets

/// Pairs TCP segments by the ranges of the byte stream that they carry, where network cards have cut or joined them.
///
/// A host with segmentation offload hands its card up to 64 KB at once, and its own capture shows that; on the wire,
/// and where they arrive, there are segments of the connection's maximum size, unless the receiving card has joined
/// them again. So what left as one may arrive as many, and the other way round: bytes count, not packets.
struct StreamRangePairing {
    private let sightings: [[Sighting]]
    /// When a packet was seen, by the first clock.
    private let time: (Crossing.Place, Int) -> Timestamp
    /// By how much an arrival may seem to come before its departure.
    private let slack: Int64

    init(_ sightings: [[Sighting]], slack: Int64, time: @escaping (Crossing.Place, Int) -> Timestamp) {
        self.sightings = sightings
        self.slack = slack
        self.time = time
    }

    /// The ends of a segment as the first place sees them, and the way that it went.
    private struct Stream: Hashable {
        let from: Crossing.Place
        let source: Endpoint
        let destination: Endpoint
    }

    /// A departure without an arrival, and which of its bytes have been found.
    private struct Departure {
        let crossing: Int
        let position: Int
        let time: Timestamp
        let length: Int
        /// Where its first byte stands in the stream, counted from the first departure's.
        var start: Int64 = 0
        /// Found ranges of 0..<length, apart from each other and in order.
        var found: [Range<Int>] = []
        var arrivals: [Int] = []

        /// - Parameter countsEnd: whether what is missing behind the last byte that arrived counts.
        func missing(countsEnd: Bool) -> Int {
            let end = countsEnd ? length : found.last?.upperBound ?? 0
            return end - found.reduce(0) { $0 + $1.count }
        }

        func has(_ range: Range<Int>) -> Bool {
            found.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }
        }

        mutating func find(_ range: Range<Int>) {
            var merged = range
            var rest: [Range<Int>] = []
            for other in found {
                if other.upperBound < merged.lowerBound || other.lowerBound > merged.upperBound {
                    rest.append(other)
                } else {
                    merged = min(other.lowerBound, merged.lowerBound)..<max(other.upperBound, merged.upperBound)
                }
            }
            found = (rest + [merged]).sorted { $0.lowerBound < $1.lowerBound }
        }
    }

    /// - Parameter crossings: what was found packet by packet.
    /// - Returns: the same, but departures and arrivals that carry the same bytes are together.
    func pair(_ crossings: [Crossing]) -> [Crossing] {
        let translation = translation(crossings)
        let arrivedLast = arrivedLast(crossings)
        var departures: [Stream: [Departure]] = [:]
        var arrivals: [Stream: [Int]] = [:]
        for (index, crossing) in crossings.enumerated() {
            if crossing.arrivals.isEmpty, let position = crossing.departure {
                guard let bytes = bytes(crossing.from, position) else { continue }
                departures[stream(crossing.from, crossing.from, position, translation), default: []].append(
                    Departure(
                        crossing: index, position: position, time: time(crossing.from, position), length: bytes.length)
                )
            } else if crossing.departure == nil, let position = crossing.arrivals.first {
                guard bytes(crossing.from.other, position) != nil else { continue }
                arrivals[stream(crossing.from, crossing.from.other, position, translation), default: []].append(index)
            }
        }
        var result = crossings
        var settled: Set<Int> = []
        for (stream, sent) in departures {
            guard let came = arrivals[stream] else { continue }
            let (sent, used) = match(sent, came, crossings, from: stream.from)
            settled.formUnion(used)
            // Whether a segment's last bytes were lost, or the other capture had ended, only a later segment tells.
            let last = max(
                sent.filter { !$0.arrivals.isEmpty }.map(\.time).max() ?? .epoch, arrivedLast[stream] ?? .epoch)
            for departure in sent where !departure.arrivals.isEmpty {
                result[departure.crossing] = Crossing(
                    from: stream.from, departure: crossings[departure.crossing].departure,
                    arrivals: departure.arrivals,
                    division: .init(missing: departure.missing(countsEnd: departure.time < last)))
            }
        }
        return result.indices.filter { !settled.contains($0) }.map { result[$0] }
    }

    /// Gives each arrival to the departures whose bytes it carries.
    /// - Returns: the departures with what was found of them, and the crossings of arrivals that belong to them.
    private func match(
        _ sent: [Departure], _ came: [Int], _ crossings: [Crossing], from: Crossing.Place
    ) -> (departures: [Departure], used: [Int]) {
        var departures = sent.sorted { $0.time < $1.time }
        guard let base = departures.first.flatMap({ bytes(from, $0.position)?.start }) else { return (sent, []) }
        var place = StreamPlace(base)
        for index in departures.indices {
            guard let start = bytes(from, departures[index].position)?.start else { continue }
            departures[index].start = place.advance(to: start)
        }
        departures.sort { $0.start != $1.start ? $0.start < $1.start : $0.time < $1.time }
        let longest = Int64(departures.reduce(0) { max($0, $1.length) })

        let arrivals = came.compactMap { index -> (crossing: Int, position: Int, time: Timestamp)? in
            guard let position = crossings[index].arrivals.first else { return nil }
            return (index, position, time(from.other, position))
        }.sorted { $0.time < $1.time }
        place = StreamPlace(base)
        var used: [Int] = []
        for arrival in arrivals {
            guard let bytes = bytes(from.other, arrival.position) else { continue }
            let start = place.advance(to: bytes.start)
            let end = start + Int64(bytes.length)
            var isUsed = false
            var index = Self.first(departures) { $0.start > start - longest }
            while index < departures.count, departures[index].start < end {
                defer { index += 1 }
                let departure = departures[index]
                let low = Int(max(0, start - departure.start))
                let high = Int(min(Int64(departure.length), end - departure.start))
                guard low < high, arrival.time.nanoseconds(since: departure.time) >= 0 &- slack else { continue }
                // What has arrived before is the repetition's, which left later.
                if departure.has(low..<high) { continue }
                departures[index].find(low..<high)
                departures[index].arrivals.append(arrival.position)
                isUsed = true
            }
            if isUsed { used.append(arrival.crossing) }
        }
        return (departures, used)
    }

    /// A place in a stream of any length, followed through sequence numbers that start again after 4 GiB.
    private struct StreamPlace {
        private var number: SequenceNumber
        private var offset: Int64 = 0

        init(_ base: SequenceNumber) { number = base }

        mutating func advance(to next: SequenceNumber) -> Int64 {
            offset += Int64(Int32(bitPattern: next.rawValue &- number.rawValue))
            number = next
            return offset
        }
    }

    /// The position of the first departure that fulfils a condition which all behind it fulfil, too.
    private static func first(_ departures: [Departure], where isTrue: (Departure) -> Bool) -> Int {
        var (low, high) = (0, departures.count)
        while low < high {
            let middle = (low + high) / 2
            if isTrue(departures[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The bytes that a segment carries; nil for datagrams and segments without data.
    private func bytes(_ place: Crossing.Place, _ position: Int) -> (start: SequenceNumber, length: Int)? {
        let packet = sightings[place.rawValue][position].packet
        guard let tcp = packet.tcp, packet.payloadLength > 0, !tcp.flags.contains(.rst) else { return nil }
        // A SYN takes the number before its data (RFC 9293 section 3.4).
        return (SequenceNumber(tcp.sequence.rawValue &+ (tcp.flags.contains(.syn) ? 1 : 0)), packet.payloadLength)
    }

    /// When the last segment of each stream left that was seen to arrive.
    private func arrivedLast(_ crossings: [Crossing]) -> [Stream: Timestamp] {
        var times: [Stream: Timestamp] = [:]
        for crossing in crossings where !crossing.arrivals.isEmpty {
            guard let departure = crossing.departure else { continue }
            let here = sightings[0][crossing.from == .first ? departure : crossing.arrivals[0]].packet
            guard here.transport == .tcp else { continue }
            let stream = Stream(from: crossing.from, source: here.source, destination: here.destination)
            let time = time(crossing.from, departure)
            times[stream] = max(times[stream] ?? time, time)
        }
        return times
    }

    private func stream(
        _ from: Crossing.Place, _ place: Crossing.Place, _ position: Int, _ translation: [Stream: Stream]
    ) -> Stream {
        let packet = sightings[place.rawValue][position].packet
        let seen = Stream(from: from, source: packet.source, destination: packet.destination)
        return place == .first ? seen : translation[seen] ?? seen
    }

    /// How the second place's ends are called at the first one, from what was paired packet by packet.
    private func translation(_ crossings: [Crossing]) -> [Stream: Stream] {
        var names: [Stream: Stream] = [:]
        for crossing in crossings {
            guard let departure = crossing.departure, let arrival = crossing.arrivals.first else { continue }
            let positions = crossing.from == .first ? [departure, arrival] : [arrival, departure]
            let (here, there) = (sightings[0][positions[0]].packet, sightings[1][positions[1]].packet)
            guard here.transport == .tcp, here.source != there.source || here.destination != there.destination else {
                continue
            }
            names[Stream(from: crossing.from, source: there.source, destination: there.destination)] =
                Stream(from: crossing.from, source: here.source, destination: here.destination)
        }
        return names
    }
}
