/// A packet's way between two places where it was to be captured.
public struct Crossing: Hashable, Sendable {
    /// The place that it left from.
    public let from: Place
    /// Its position in that place's sightings; nil where only its arrival was captured.
    public let departure: Int?
    /// Its positions in the other place's sightings: none where it was lost, two where it was doubled.
    public let arrivals: [Int]
    /// Whether it arrived with a wrong checksum, and had left with a right one.
    public let isDamaged: Bool
    /// Where network cards cut the segment, or joined it with others, on its way: then each arrival has a part of its
    /// bytes, perhaps with others' bytes.
    public let division: Division?

    /// What is known of a segment that arrived in other pieces than it left.
    public struct Division: Hashable, Sendable {
        /// How many of its bytes were not seen to arrive.
        public let missing: Int

        /// A segment of which so many bytes are missing.
        public init(missing: Int) { self.missing = missing }
    }

    /// The two captures.
    public enum Place: Int, Hashable, Sendable, CaseIterable {
        case first = 0
        case second = 1

        /// The other capture.
        public var other: Place { self == .first ? .second : .first }
        /// What reports call it: A or B. With a number behind it, one of its packets: `A12`.
        public var letter: String { self == .first ? "A" : "B" }
    }

    /// A packet's way; positions count in the captures' sightings.
    public init(
        from: Place, departure: Int?, arrivals: [Int], isDamaged: Bool = false, division: Division? = nil
    ) {
        self.from = from
        self.departure = departure
        self.arrivals = arrivals
        self.isDamaged = isDamaged
        self.division = division
    }

    /// Whether the whole packet arrived more than once.
    public var isDoubled: Bool { division == nil && arrivals.count > 1 }
}
