import Addressing

/// `udp-backoff`: as `udp-length`, but pretends that a given share of the datagrams was lost on the way.
public struct LossyDatagrams: ServiceLogic {
    private let share: Double
    private var random: SplitMix64

    /// - Parameters:
    ///   - share: which part is dropped, 0 for none to 1 for all.
    ///   - seed: the same one drops the same datagrams.
    public init(dropping share: Double, seed: UInt64) {
        self.share = share
        random = SplitMix64(seed: seed)
    }

    /// Answers with the length of the datagram, or remarks that it was dropped.
    public mutating func received(_ bytes: Span<UInt8>, _ answer: inout ServiceAnswer) {
        if random.unit() < share {
            answer.remark(.text("drops a datagram of \(bytes.count) bytes"))
        } else {
            answer.send(DatagramLength.text(for: bytes.count))
        }
    }
}

extension ServiceDescription {
    /// `udp-backoff`
    public static let udpBackoff = ServiceDescription(
        "udp-backoff", "udp-length that loses datagrams; the client retries", port: 1060,
        hosting: .datagrams { LossyDatagrams(dropping: $0.drop, seed: $0.seed) },
        message: "This is another message", client: .retried, options: [.drop, .seed])
}
