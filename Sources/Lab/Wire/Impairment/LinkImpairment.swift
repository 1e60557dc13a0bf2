/// What a wire does to the frames that go one way over it. The default does nothing.
public struct LinkImpairment: Hashable, Sendable {
    /// How long a frame is under way.
    public var delay = Duration.zero
    /// By how much the delay of a frame may be longer or shorter, evenly spread. Frames stay in order.
    public var jitter = Duration.zero
    /// The share of packets that never arrive, 0 to 1.
    public var loss = 0.0
    /// The share of packets that arrive twice.
    public var duplicate = 0.0
    /// The share of packets that are held back by `reorderBy`, so that those behind overtake them.
    public var reorder = 0.0
    /// By how much longer those frames are kept than the others.
    public var reorderBy = Duration.milliseconds(10)
    /// Bits a second that fit through; nil for as many as come. Counted are the frames as captured, link header
    /// included.
    public var rate: Int?
    /// How many frames may wait for their turn when the rate is limited; those beyond are dropped, as a router does.
    public var queue = 1000
    /// The share of packets that arrive with one bit flipped.
    public var corrupt = 0.0

    /// Nothing is done to frames.
    public init() {}

    /// With the time that the longest frame takes to be sent.
    var longest: Duration {
        let sending = rate.map { Duration.nanoseconds(Int64(1514.0 * 8e9 / Double(max(1, $0)))) } ?? .zero
        return delay + jitter + sending + (reorder > 0 ? reorderBy : .zero)
    }
}

/// What the wire between two hosts does, each way, and the exact events of a script.
public struct Impairments: Hashable, Sendable {
    /// From the client to the server.
    public var up = LinkImpairment()
    /// From the server to the client.
    public var down = LinkImpairment()
    /// What is to happen to which packets, exactly.
    public var script: [ScriptedEvent] = []
    /// Chooses which packets are hit: the same seed hits the same ones.
    public var seed: UInt64 = 0

    /// Nothing is done to frames.
    public init() {}

    /// Whether the wire carries everything at once and unchanged.
    public var isNone: Bool { up == LinkImpairment() && down == LinkImpairment() && script.isEmpty }

    /// Whether a packet may get lost, or be as good as lost.
    public var mayLose: Bool {
        if !script.isEmpty { return true }
        return [up, down].contains { $0.loss > 0 || $0.corrupt > 0 || $0.rate != nil }
    }

    /// Whether a packet may be overtaken.
    public var mayReorder: Bool {
        if up.reorder > 0 || down.reorder > 0 { return true }
        return script.contains { if case .hold = $0.action { true } else { false } }
    }

    /// How long a packet is under way at most, each way, without what the rate and the packets before it add.
    public var longest: Duration { max(up.longest, down.longest) }

    /// What is done in one direction.
    public subscript(direction: WireDirection) -> LinkImpairment {
        get { direction == .up ? up : down }
        set { if direction == .up { up = newValue } else { down = newValue } }
    }
}

/// Which way a frame goes.
public enum WireDirection: UInt8, Hashable, Sendable, CaseIterable {
    /// From the client to the server.
    case up
    /// From the server to the client.
    case down
}
