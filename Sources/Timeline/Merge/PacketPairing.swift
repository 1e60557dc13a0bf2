import Addressing
import Conversations
import Packets

/// Finds for every packet of two captures its sightings at the other place: one, none where it was lost, two where it
/// was doubled.
///
///  1. What occurs once in each capture is a pair, whatever the clocks say.
///  2. From those pairs follows which place is nearer to which sender (`SenderSides`), and how the clocks stand
///    (`ClockEstimate`).
///  3. What occurs more often (the same segment sent again, the same datagram time after time) is paired in order,
///    where as
///     many arrived as left, else by the time that packets usually take.
public struct PacketPairing: Sendable {
    /// The packets of the first capture.
    public let first: [Sighting]
    /// The packets of the second capture.
    public let second: [Sighting]
    /// In the order of their departures by the first clock; where only the arrival was captured, of that.
    public let crossings: [Crossing]
    /// How the second clock differs from the first.
    public let clock: ClockEstimate
    /// Positions of packets of conversations that the other capture has nothing of.
    public let elsewhere: [Crossing.Place: [Int]]
    /// Positions of packets from before the other capture's first packet or after its last, of which nothing says
    /// whether they were lost.
    public let outside: [Crossing.Place: [Int]]

    /// - Parameters:
    ///   - first: the first capture's packets.
    ///   - known: what need not be found out.
    /// - Returns: nil where no packet was seen in both.
    public init?(_ first: [Sighting], _ second: [Sighting], knowing known: Known = Known()) {
        // Captures on several interfaces are not always in order.
        let first = first.sorted { $0.packet.time < $1.packet.time }
        let second = second.sorted { $0.packet.time < $1.packet.time }
        let sure = SurePair.all(first, second)
        guard let sides = SenderSides(first, second, sure, clock: known.clock, homes: known.homes) else { return nil }
        func clockPairs(_ place: Crossing.Place) -> [ClockEstimate.Pair] {
            sure.filter { sides.senderPlace(of: first[$0.first], in: .first) == place }
                .map { ClockEstimate.Pair(first: first[$0.first].packet.time, second: second[$0.second].packet.time) }
        }
        guard let clock = known.clock ?? ClockEstimate(there: clockPairs(.first), back: clockPairs(.second)) else {
            return nil
        }
        self.first = first
        self.second = second
        self.clock = clock

        var matcher = PairMatcher(first, second, clock, sides)
        let found = matcher.match()
        let spans = [
            Self.span(first, known.running[.first]) { $0 },
            Self.span(second, known.running[.second], clock.onFirstClock),
        ]
        let repeated = Repetitions(found, first, second)
        var (elsewhere, outside): ([Crossing.Place: [Int]], [Crossing.Place: [Int]]) = ([:], [:])
        crossings = found.filter { crossing in
            guard crossing.departure == nil || crossing.arrivals.isEmpty else { return true }
            // Seen at one place only: lost, unless there is another reason.
            let place = crossing.departure == nil ? crossing.from.other : crossing.from
            guard let position = crossing.departure ?? crossing.arrivals.first else { return false }
            let packet = (place == .first ? first : second)[position].packet
            if !sides.isShared(packet, in: place) {
                elsewhere[place, default: []].append(position)
                return false
            }
            let time = place == .first ? packet.time : clock.onFirstClock(packet.time)
            if !known.ranThroughout, let span = spans[place.other.rawValue], !span.contains(time),
                crossing.departure == nil || !repeated.contains(packet, from: place)
            {
                outside[place, default: []].append(position)
                return false
            }
            return true
        }
        self.elsewhere = elsewhere
        self.outside = outside
    }

    /// What is known of two captures besides their packets.
    public struct Known: Hashable, Sendable {
        /// How the second clock stands to the first.
        public var clock: ClockEstimate?
        /// Hosts and the place that each is at.
        public var homes: [IPAddress: Crossing.Place]
        /// Whether both captures ran all the time, so that what is not in them did not come.
        public var ranThroughout: Bool
        /// When each capture is known to have run, by its own clock: from its first packet of any kind to its last.
        public var running: [Crossing.Place: ClosedRange<Timestamp>]

        /// What need not be found out from the packets.
        public init(
            clock: ClockEstimate? = nil, homes: [IPAddress: Crossing.Place] = [:], ranThroughout: Bool = false,
            running: [Crossing.Place: ClosedRange<Timestamp>] = [:]
        ) {
            self.running = running
            self.clock = clock
            self.homes = homes
            self.ranThroughout = ranThroughout
        }
    }

    /// The packets of one capture.
    public func sightings(_ place: Crossing.Place) -> [Sighting] { place == .first ? first : second }

    /// When a packet was seen, by the first clock.
    public func time(_ place: Crossing.Place, _ position: Int) -> Timestamp {
        place == .first ? first[position].packet.time : clock.onFirstClock(second[position].packet.time)
    }

    /// The packets that left and were not seen to arrive.
    public var lost: [Crossing] { crossings.filter { $0.departure != nil && $0.arrivals.isEmpty } }
    /// The packets that arrived and were not seen to leave: the capture there missed them.
    public var unsent: [Crossing] { crossings.filter { $0.departure == nil } }

    private static func span(
        _ sightings: [Sighting], _ running: ClosedRange<Timestamp>?, _ clock: (Timestamp) -> Timestamp
    ) -> ClosedRange<Timestamp>? {
        guard let start = sightings.first, let end = sightings.last else { return nil }
        let low = clock(min(start.packet.time, running?.lowerBound ?? start.packet.time))
        let high = clock(max(end.packet.time, running?.upperBound ?? end.packet.time))
        return low <= high ? low...high : nil
    }
}
