/// What an impaired link did to one frame.
public struct FrameFate: Hashable, Sendable {
    /// What became of a frame.
    public enum Ending: Hashable, Sendable {
        case dropped(DropReason)
        /// One delivery, or two where the frame was duplicated.
        case delivered([Delivery])
    }

    /// Why a frame did not arrive.
    public enum DropReason: Hashable, Sendable {
        /// Chance (`loss`).
        case loss
        /// A script said so.
        case script
        /// Too many frames were waiting for a link of limited rate.
        case fullQueue
    }

    /// How a frame arrives.
    public struct Delivery: Hashable, Sendable {
        /// When the frame comes out, on the clock that was handed in, in nanoseconds.
        public let time: Int64
        /// The bit that was flipped, counted from the frame's first one.
        public let flippedBit: Int?
    }

    /// Which way it went.
    public let direction: WireDirection
    /// When the frame went in, in nanoseconds.
    public let arrival: Int64
    /// What became of it.
    public let ending: Ending
    /// By how much longer than the others it was kept, so that they overtake it; 0 for most.
    public let heldBack: Int64

    /// How it arrives: not at all, once, or twice.
    public var deliveries: [Delivery] {
        if case .delivered(let deliveries) = ending { deliveries } else { [] }
    }

    /// Whether it does not arrive.
    public var isLost: Bool { if case .dropped = ending { true } else { false } }
    /// Whether it arrives more than once.
    public var isDuplicated: Bool { deliveries.count > 1 }
    /// Whether a bit of it is flipped.
    public var isCorrupted: Bool { deliveries.contains { $0.flippedBit != nil } }
}
