/// What an impaired link did to one frame.
public struct FrameFate: Hashable, Sendable {
    public enum Ending: Hashable, Sendable {
        case dropped(DropReason)
        /// One delivery, or two where the frame was duplicated.
        case delivered([Delivery])
    }

    public enum DropReason: Hashable, Sendable {
        /// Chance (`loss`).
        case loss
        /// A script said so.
        case script
        /// Too many frames were waiting for a link of limited rate.
        case fullQueue
    }

    public struct Delivery: Hashable, Sendable {
        /// When the frame comes out, on the clock that was handed in, in nanoseconds.
        public let time: Int64
        /// The bit that was flipped, counted from the frame's first one.
        public let flippedBit: Int?
    }

    public let direction: WireDirection
    /// When the frame went in, in nanoseconds.
    public let arrival: Int64
    public let ending: Ending
    /// By how much longer than the others it was kept, so that they overtake it; 0 for most.
    public let heldBack: Int64

    public var deliveries: [Delivery] {
        if case .delivered(let deliveries) = ending { deliveries } else { [] }
    }

    public var isLost: Bool { if case .dropped = ending { true } else { false } }
    public var isDuplicated: Bool { deliveries.count > 1 }
    public var isCorrupted: Bool { deliveries.contains { $0.flippedBit != nil } }
}
