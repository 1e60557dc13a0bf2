import Packets
import Testing

@testable import Lab

/// Properties of the model, for many seeds; a failure prints the seed.
@Suite struct ImpairedLinkTests {
    static let seeds: [UInt64] = [0, 1, 7, 42, 0xdead_beef, .max]
    static let segment = WireFrame(kind: .tcp(flags: .ack, payloadLength: 1448), length: 1514, transportStart: 34)

    /// The fates of frames that come every `gap` microseconds.
    private func fates(
        _ impairments: Impairments, count: Int = 2000, gap: Int64 = 100, _ direction: WireDirection = .up,
        frame: WireFrame = segment
    ) -> [FrameFate] {
        var link = ImpairedLink(direction, impairments)
        return (0..<count).map { link.fate(of: frame, at: Int64($0) * gap * 1000) }
    }

    private func impairments(_ seed: UInt64, _ change: (inout LinkImpairment) -> Void) -> Impairments {
        var impairments = Impairments()
        impairments.seed = seed
        change(&impairments.up)
        return impairments
    }

    @Test func withoutImpairmentEveryFrameComesOutAtOnce() {
        for (index, fate) in fates(Impairments()).enumerated() {
            #expect(fate.deliveries == [.init(time: Int64(index) * 100_000, flippedBit: nil)])
        }
        #expect(Impairments().isNone)
    }

    @Test(arguments: seeds) func theSameSeedDoesTheSame(seed: UInt64) {
        let wanted = impairments(seed) {
            $0.delay = .milliseconds(5)
            $0.jitter = .milliseconds(2)
            ($0.loss, $0.duplicate, $0.reorder, $0.corrupt) = (0.1, 0.05, 0.05, 0.02)
        }
        #expect(fates(wanted) == fates(wanted))
        var other = wanted
        other.seed = seed &+ 1
        #expect(fates(wanted) != fates(other))
    }

    @Test(arguments: seeds) func lossIsNearItsShareAndOfOneDirection(seed: UInt64) {
        for share in [0.01, 0.2, 0.5] {
            let wanted = impairments(seed) { $0.loss = share }
            let lost = fates(wanted, count: 20_000).count(where: \.isLost)
            // Six standard deviations of a binomial: 1 seed in 500 million is further off.
            let deviation = (20_000 * share * (1 - share)).squareRoot()
            #expect(abs(Double(lost) - 20_000 * share) < 6 * deviation, "seed \(seed), share \(share)")
            #expect(fates(wanted, .down).allSatisfy { !$0.isLost })
        }
        #expect(fates(impairments(seed) { $0.loss = 1 }).allSatisfy { $0.isLost })
    }

    /// What one option hits does not depend on the others.
    @Test(arguments: seeds) func impairmentsDoNotMix(seed: UInt64) {
        let lossy = fates(impairments(seed) { $0.loss = 0.1 }).map(\.isLost)
        let more = fates(
            impairments(seed) {
                $0.loss = 0.1
                $0.delay = .milliseconds(40)
                $0.jitter = .milliseconds(10)
                ($0.duplicate, $0.corrupt, $0.reorder) = (0.3, 0.3, 0.3)
            })
        #expect(more.map(\.isLost) == lossy, "seed \(seed)")
    }

    @Test(arguments: seeds) func jitterStaysInItsBoundsAndKeepsTheOrder(seed: UInt64) {
        let wanted = impairments(seed) {
            $0.delay = .milliseconds(20)
            $0.jitter = .milliseconds(5)
        }
        var last = Int64.min
        var shortest = Int64.max
        for fate in fates(wanted, gap: 20_000) {
            let delay = fate.deliveries[0].time - fate.arrival
            #expect((15_000_000...25_000_000).contains(delay), "seed \(seed)")
            shortest = min(shortest, delay)
        }
        #expect(shortest < 17_000_000)
        // Frames that come closer together than the jitter do not overtake each other.
        for fate in fates(wanted, gap: 10) {
            #expect(fate.deliveries[0].time >= last, "seed \(seed)")
            last = fate.deliveries[0].time
        }
    }

    @Test(arguments: seeds) func heldBackFramesAreOvertaken(seed: UInt64) {
        let all = fates(
            impairments(seed) {
                $0.reorder = 0.05
                $0.reorderBy = .milliseconds(3)
            })
        for (index, fate) in all.enumerated() where fate.heldBack > 0 {
            #expect(fate.deliveries[0].time == fate.arrival + 3_000_000)
            guard index + 1 < all.count, all[index + 1].heldBack == 0 else { continue }
            #expect(all[index + 1].deliveries[0].time < fate.deliveries[0].time)
        }
        #expect(all.contains { $0.heldBack > 0 })
    }

    @Test(arguments: seeds) func theRateIsNeverExceeded(seed: UInt64) {
        let rate = 10_000_000
        let all = fates(
            impairments(seed) {
                $0.rate = rate
                $0.queue = 50
                $0.loss = 0.1
            }, gap: 50)
        // 1,514 bytes every 50 µs are 242 Mbit/s: most find the queue full.
        #expect(all.contains { $0.ending == .dropped(.fullQueue) })
        let times = all.flatMap(\.deliveries).map(\.time)
        let frameTime = Int64(1514 * 8) * 1_000_000_000 / Int64(rate)
        for (a, b) in zip(times, times.dropFirst()) { #expect(b - a >= frameTime, "seed \(seed)") }
        // Nobody waits for more than the queue.
        for fate in all { for delivery in fate.deliveries { #expect(delivery.time - fate.arrival <= 51 * frameTime) } }
    }

    @Test(arguments: seeds) func duplicatesAndFlippedBits(seed: UInt64) {
        let all = fates(impairments(seed) { ($0.duplicate, $0.corrupt) = (0.1, 0.1) })
        #expect(all.allSatisfy { (1...2).contains($0.deliveries.count) })
        #expect(all.contains(where: \.isDuplicated) && all.contains(where: \.isCorrupted))
        for bit in all.flatMap(\.deliveries).compactMap(\.flippedBit) {
            #expect((34 * 8..<1514 * 8).contains(bit), "seed \(seed)")
        }
        #expect(Set(all.flatMap(\.deliveries).compactMap(\.flippedBit)).count > 50)
    }

    @Test(arguments: seeds) func chanceLeavesNeighbourDiscoveryAlone(seed: UInt64) {
        let wanted = impairments(seed) {
            ($0.loss, $0.duplicate, $0.corrupt, $0.reorder) = (1, 1, 1, 1)
            $0.delay = .milliseconds(40)
        }
        for fate in fates(wanted, frame: WireFrame(kind: .housekeeping, length: 42)) {
            #expect(fate.deliveries == [.init(time: fate.arrival + 40_000_000, flippedBit: nil)])
        }
    }
}
