import Addressing

/// `udp-sink`: prints what comes and never answers. The sender cannot know whether anybody is there.
public struct Sink: ServiceLogic {
    public init() {}

    public mutating func received(_ bytes: Span<UInt8>, _ answer: inout ServiceAnswer) {
        var copy: [UInt8] = []
        copy.append(copying: bytes)
        answer.remark(.data(copy))
    }
}

/// `udp-length`: says how long each datagram was.
public struct DatagramLength: ServiceLogic {
    public init() {}

    public static func text(for count: Int) -> String { "The msg was \(count) bytes long" }

    public mutating func received(_ bytes: Span<UInt8>, _ answer: inout ServiceAnswer) {
        answer.send(Self.text(for: bytes.count))
    }
}

/// `udp-backoff`: as `udp-length`, but pretends that a given share of the datagrams was lost on the way.
public struct LossyDatagrams: ServiceLogic {
    private let share: Double
    private var random: SplitMix64

    /// - Parameter share: which part is dropped, 0 for none to 1 for all.
    public init(dropping share: Double, seed: UInt64) {
        self.share = share
        random = SplitMix64(seed: seed)
    }

    public mutating func received(_ bytes: Span<UInt8>, _ answer: inout ServiceAnswer) {
        if random.unit() < share {
            answer.remark(.text("drops a datagram of \(bytes.count) bytes"))
        } else {
            answer.send(DatagramLength.text(for: bytes.count))
        }
    }
}
