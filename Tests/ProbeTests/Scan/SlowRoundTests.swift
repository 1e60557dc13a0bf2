import Addressing
import Testing

@testable import Probe

/// Hosts that limit their refusals, in a simulated world.
struct SlowRoundTests {
    private static let host = IPAddress.v4(IPv4Address(10, 0, 0, 1))

    private static func world(_ limit: (Double, Double)?, closed: Int, dropped: Int, seed: UInt64) -> ScanScenario {
        var scenario = ScanScenario()
        var generator = SplitMix64(seed: seed)
        let fates =
            [PortBehaviour](repeating: .closed, count: closed) + [PortBehaviour](repeating: .dropped, count: dropped)
            + [.open, .open, .open]
        var ports: [UInt16: PortBehaviour] = [:]
        for (index, fate) in fates.shuffled(using: &generator).enumerated() { ports[UInt16(index + 1)] = fate }
        scenario.hosts[host] = ports
        scenario.distance = .link
        scenario.roundTrip = 300_000
        scenario.capacity = 4000
        scenario.seed = seed
        scenario.limit = limit.map { (perSecond: $0.0, burst: $0.1) }
        return scenario
    }

    private static func scan(_ scenario: ScanScenario) throws -> (host: HostScan, mistakes: Int, seconds: Double) {
        let count = scenario.hosts[host]?.count ?? 0
        let plan = ScanPlan([.single(ScanTarget(host))], try PortList("1-\(count)"))
        let (hosts, record, progress) = simulate(scenario, plan)
        let scanned = try #require(hosts.first)
        #expect(record.misuses.isEmpty && record.underWay == 0)
        #expect(progress.share == 1 && progress.unanswered == 0 && progress.slowHosts == 0, "\(progress)")
        let mistakes = scanned.ports.indices.count { place in
            let expected: ProbeReason =
                switch scenario.hosts[host]?[scanned.ports[place].rawValue] {
                case .open: .synAck
                case .closed: .connectionRefused
                default: .noResponse
                }
            return scanned.reason(place) != expected
        }
        return (scanned, mistakes, Double(record.time) / 1e9)
    }

    @Test(arguments: [(1.0, 6.0), (1, 1), (2, 20), (5, 5), (20, 1), (50, 50), (200, 5), (200, 200)])
    func noPortIsWrongWhateverTheLimit(rate: Double, burst: Double) throws {
        let first = UInt64.random(in: 0...UInt64(UInt32.max))
        for seed in first..<first + 4 {
            for (closed, dropped) in [(60, 0), (60, 200), (300, 30)] {
                let (host, mistakes, seconds) = try Self.scan(
                    Self.world((rate, burst), closed: closed, dropped: dropped, seed: seed))
                #expect(mistakes == 0, "seed \(seed), \(closed) closed, \(dropped) dropped")
                // The limit's price of each closed port, and some seconds to find the last ones among dropped ports
                // and to see that there are no more.
                let price = max(0, Double(closed) - burst) / rate
                #expect(seconds < price * 1.5 + 25, "seed \(seed): \(seconds) s for \(price) s of closed ports")
                if price > 4 {
                    // A store that was full lets more through at first.
                    let measured = try #require(host.rateLimit?.answersPerSecond, "seed \(seed)")
                    #expect(measured > rate * 0.6 && measured < rate * 3, "seed \(seed): \(measured), not \(rate)")
                }
            }
        }
    }

    @Test func whereThereIsNoLimitOnePassIsEnough() throws {
        let (host, mistakes, seconds) = try Self.scan(Self.world(nil, closed: 100, dropped: 900, seed: 3))
        #expect(mistakes == 0 && host.rateLimit == nil)
        #expect(seconds < 2.5, "\(seconds) s")
        // Without a refusal there is nothing that could be held back.
        let silent = try Self.scan(Self.world(nil, closed: 0, dropped: 1000, seed: 3))
        #expect(silent.mistakes == 0 && silent.seconds < 1.2, "\(silent.seconds) s")
    }

    @Test func retriesThatTheUserFixedLeaveTheSlowRoundOut() throws {
        var settings = ScanSettings()
        settings.retries = 1
        let scenario = Self.world((1, 6), closed: 50, dropped: 0, seed: 1)
        let plan = ScanPlan([.single(ScanTarget(Self.host))], try PortList("1-53"))
        let (hosts, record, _) = simulate(scenario, plan, settings)
        #expect(record.time < 2_000_000_000 && hosts.first?.rateLimit == nil)
    }
}
