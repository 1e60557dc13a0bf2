import Addressing
import Testing

@testable import Probe

/// The scanner in a world of simulated hosts, time and losses.
struct ConnectScannerTests {
    private static func address(_ last: Int) -> IPAddress {
        .v4(IPv4Address(10, 0, UInt8(last / 256), UInt8(last % 256)))
    }

    private static func plan(_ hosts: Int, _ ports: String) throws -> ScanPlan {
        ScanPlan((1...hosts).map { .single(ScanTarget(address($0))) }, try PortList(ports))
    }

    /// Every outcome against what the world holds.
    private static func mistakes(_ hosts: [HostScan], _ scenario: ScanScenario) -> [String] {
        var mistakes: [String] = []
        for host in hosts {
            for (place, port) in host.ports.enumerated() {
                let behaviour =
                    scenario.hosts[host.target.address].map { $0[port.rawValue] ?? scenario.otherwise } ?? .dropped
                let expected: ProbeReason =
                    switch behaviour {
                    case .open, .greets: .synAck
                    case .closed: .connectionRefused
                    case .dropped: .noResponse
                    case .icmp(let kind): kind.reason
                    }
                if host.reason(place) != expected {
                    mistakes.append("\(host.target.address):\(port) is \(expected), not \(host.reason(place))")
                }
            }
        }
        return mistakes
    }

    private static let reject = PortBehaviour.icmp(ICMPKind(isVersion6: false, type: 3, code: 13))

    @Test func everyMixOfAnswersIsFoundForAnySeed() throws {
        let first = UInt64.random(in: 0...UInt64(UInt32.max))
        for seed in first..<first + 40 {
            var generator = SplitMix64(seed: seed)
            var scenario = ScanScenario()
            scenario.seed = seed
            scenario.roundTrip = Int64.random(in: 50_000...300_000_000, using: &generator)
            scenario.jitter = Int64.random(in: 0...scenario.roundTrip, using: &generator)
            scenario.loss = [0, 0, 0.01, 0.05].randomElement(using: &generator) ?? 0
            scenario.capacity = Int.random(in: 3...2000, using: &generator)
            scenario.distance = [.far, .link].randomElement(using: &generator) ?? .far
            if Int.random(in: 0..<4, using: &generator) == 0 {
                scenario.distance = .own
                scenario.roundTrip = 20_000
                scenario.jitter = 0
            }
            scenario.refusals = Int.random(in: 0..<3, using: &generator) == 0 ? 0.02 : 0
            let count = Int.random(in: 1...6, using: &generator)
            for host in 1...count {
                var ports: [UInt16: PortBehaviour] = [:]
                for port in UInt16(1)...200 {
                    ports[port] = [.open, .closed, .dropped, Self.reject, .closed].randomElement(using: &generator)
                }
                // One host is silent altogether.
                scenario.hosts[Self.address(host)] = host == 3 ? [:] : ports
            }
            let (hosts, record, progress) = simulate(scenario, try Self.plan(count, "1-200"))
            let mistakes = Self.mistakes(hosts, scenario)
            #expect(mistakes.isEmpty, "seed \(seed): \(mistakes.prefix(5))")
            #expect(record.misuses.isEmpty, "seed \(seed): \(record.misuses.prefix(5))")
            #expect(record.underWay == 0, "seed \(seed): sockets stay behind")
            #expect(record.mostUnderWay <= scenario.capacity, "seed \(seed)")
            #expect(hosts.map(\.target.address) == (1...count).map(Self.address), "seed \(seed): order of hosts")
            #expect(
                progress.decided == progress.probes && progress.hostsDone == UInt64(count), "seed \(seed): \(progress)")
            #expect(progress.share == 1 && progress.unanswered == 0, "seed \(seed): \(progress)")
        }
    }

    @Test func aHundredScansThroughLossMissNoOpenPort() throws {
        let first = UInt64.random(in: 0...UInt64(UInt32.max))
        let open: [UInt16] = [22, 80, 443, 3306, 4711, 8080]
        var attempts: [Int] = []
        for seed in first..<first + 100 {
            var scenario = ScanScenario()
            scenario.seed = seed
            scenario.loss = 0.05
            scenario.roundTrip = 2_000_000
            scenario.hosts[Self.address(1)] = Dictionary(uniqueKeysWithValues: open.map { ($0, PortBehaviour.open) })
            let plan = ScanPlan([.single(ScanTarget(Self.address(1)))], try PortList("1-300,443,3306,4711,8080"))
            let (hosts, _, _) = simulate(scenario, plan)
            let found = hosts[0].ports.indices.filter { hosts[0].reason($0) == .synAck }.map {
                hosts[0].ports[$0].rawValue
            }
            #expect(found == open, "seed \(seed)")
            attempts.append((hosts[0].ports.firstIndex(of: 1).flatMap { hosts[0].outcome($0) })?.attempts ?? 0)
        }
        #expect(attempts.allSatisfy { $0 >= 3 })
    }

    @Test func lossRaisesTheAttemptsAndItsAbsenceLowersThem() {
        var pace = HostPace(.far, retries: nil)
        #expect(pace.attempts == 5)
        for _ in 0..<2000 { _ = pace.answered(attempt: 1, now: 0, wait: 1) }
        #expect(pace.attempts == 3)
        var lossy = HostPace(.far, retries: nil)
        for index in 0..<20 { _ = lossy.answered(attempt: index % 4 == 0 ? 2 : 1, now: Int64(index) * 10, wait: 1) }
        #expect(lossy.attempts >= 8)
        var fixed = HostPace(.far, retries: 1)
        for _ in 0..<20 { _ = fixed.answered(attempt: 2, now: 0, wait: 1) }
        #expect(fixed.attempts == 2)
    }

    @Test func theWindowGrowsOnSilenceAndShrinksOnEvidenceOfLoss() {
        var pace = HostPace(.far, retries: nil)
        let start = pace.window
        for _ in 0..<100 { pace.grow() }
        #expect(pace.window == start + 100)
        _ = pace.answered(attempt: 2, now: 1000, wait: 100)
        #expect(pace.window < start + 100)
        let shrunk = pace.window
        // Once a round trip is enough.
        _ = pace.answered(attempt: 2, now: 1050, wait: 100)
        #expect(pace.window == shrunk)
        for step in 0..<100 { _ = pace.answered(attempt: 3, now: Int64(step) * 1000 + 5000, wait: 100) }
        #expect(pace.window >= start / 4)
    }

    @Test func droppedPortsAreFastAndTheOpenOnesFound() throws {
        var scenario = ScanScenario()
        scenario.distance = .link
        scenario.roundTrip = 200_000
        scenario.capacity = 16_000
        scenario.hosts[Self.address(1)] = [22: .open, 4711: .open, 7777: .open, 9999: .open]
        let (hosts, record, _) = simulate(scenario, try Self.plan(1, "1-10000"))
        #expect(hosts[0].openCount == 4)
        #expect(record.time < 2_000_000_000, "\(record.time) ns")
        // Also when none of the common ports is open.
        scenario.hosts[Self.address(1)] = [4711: .open]
        let other = simulate(scenario, try Self.plan(1, "1-10000"))
        #expect(other.hosts[0].openCount == 1)
        #expect(other.record.time < 3_000_000_000, "\(other.record.time) ns")
    }

    @Test func anAnswerThatComesLaterThanExpectedStillCounts() throws {
        // The first ports answer in 1 ms, one in 400 ms: longer than the wait that the others taught.
        var scenario = ScanScenario()
        scenario.roundTrip = 400_000_000
        scenario.distance = .link
        scenario.hosts[Self.address(1)] = [5000: .open]
        let (hosts, _, _) = simulate(scenario, try Self.plan(1, "5000-5010"))
        #expect(hosts[0].openCount == 1)
    }

    @Test func hostsAreAskedSideBySideAndFairly() throws {
        var scenario = ScanScenario()
        scenario.capacity = 64
        for host in 1...8 { scenario.hosts[Self.address(host)] = [:] }
        scenario.otherwise = .closed
        let (_, record, _) = simulate(scenario, try Self.plan(8, "1-500"))
        // At any moment no host is ahead of another by more than the window's worth.
        var counts: [IPAddress: Int] = [:]
        for sent in record.sent.prefix(8 * 400) {
            counts[sent.peer.address, default: 0] += 1
            let spread = (counts.values.max() ?? 0) - (counts.count == 8 ? counts.values.min() ?? 0 : 0)
            #expect(counts.count < 8 || spread <= 16)
        }
    }

    @Test func theRateIsKept() throws {
        var scenario = ScanScenario()
        scenario.otherwise = .closed
        scenario.roundTrip = 1_000_000
        scenario.hosts[Self.address(1)] = [:]
        var settings = ScanSettings()
        settings.rate = 100
        let (_, record, _) = simulate(scenario, try Self.plan(1, "1-200"), settings)
        #expect(record.sent.count == 200)
        let span = Double((record.sent.last?.at ?? 0) - (record.sent.first?.at ?? 0)) / 1e9
        #expect(span > 1.9 && span < 2.2, "\(span) s")
    }

    @Test func parallelAndRetriesAreLimits() throws {
        var scenario = ScanScenario()
        scenario.hosts[Self.address(1)] = [:]
        var settings = ScanSettings()
        settings.parallel = 7
        settings.retries = 1
        settings.longestWait = 50_000_000
        let (hosts, record, _) = simulate(scenario, try Self.plan(1, "1-100"), settings)
        #expect(record.sent.count == 200)
        #expect(record.mostUnderWay <= 7)
        #expect(hosts[0].outcome(0)?.attempts == 2)
        #expect(!hosts[0].isUp)
        #expect(record.time < 3_100_000_000)
    }

    @Test func silentHostsOfABlockAreLeftOut() throws {
        var scenario = ScanScenario()
        scenario.distance = .link
        scenario.otherwise = .closed
        scenario.hosts[.v4(IPv4Address(10, 0, 0, 9))] = [80: .open]
        let plan = ScanPlan([try TargetBlock(.v4(IPv4Address(10, 0, 0, 0)), prefix: 27)], try PortList("1-100"))
        let (hosts, record, progress) = simulate(scenario, plan)
        #expect(hosts.count == 32)
        #expect(hosts.filter { !$0.isSkipped }.map(\.target.address) == [.v4(IPv4Address(10, 0, 0, 9))])
        #expect(hosts[9].openCount == 1 && hosts[9].isComplete)
        #expect(record.sent.count < 31 * 8 * 3 + 101)
        #expect(progress.decided == progress.probes)
        var settings = ScanSettings()
        settings.skipsSilentHosts = false
        #expect(simulate(scenario, plan, settings).hosts.allSatisfy { !$0.isSkipped && $0.isComplete })
    }

    @Test func whatServicesSayIsKept() throws {
        var scenario = ScanScenario()
        scenario.hosts[Self.address(1)] = [22: .greets(Array("SSH-2.0-x\r\n".utf8)), 80: .open, 81: .closed]
        var settings = ScanSettings()
        settings.banners = true
        let (hosts, record, _) = simulate(scenario, try Self.plan(1, "22,80,81"), settings)
        #expect(hosts[0].banner(0) == Array("SSH-2.0-x\r\n".utf8))
        #expect(hosts[0].banner(1) == nil)
        #expect(record.hungUp == 2 && record.underWay == 0)
    }

    @Test func stoppingHandsOutWhatIsKnown() throws {
        var scenario = ScanScenario()
        scenario.hosts[Self.address(1)] = [22: .open, 4711: .open]
        let record = WorldRecord()
        var scanner = ConnectScanner(try Self.plan(2, "1-5000"), ScanSettings(), SimulatedScanNetwork(scenario, record))
        for _ in 0..<10 { scanner.turn(until: scanner.now + 50_000_000) }
        let hosts = scanner.stop()
        #expect(scanner.isFinished && record.underWay == 0)
        #expect(hosts.count == 2 && !hosts[0].isComplete)
        #expect(hosts[0].ports.firstIndex(of: 22).flatMap { hosts[0].outcome($0)?.state } == .open)
    }

    @Test func aMachineWithoutRoomGivesUpInTheEnd() throws {
        var scenario = ScanScenario()
        scenario.refusals = 1
        scenario.hosts[Self.address(1)] = [:]
        let (hosts, record, _) = simulate(scenario, try Self.plan(1, "1-3"))
        #expect(hosts[0].isComplete && hosts[0].reason(0) == .other)
        #expect(record.time < 60_000_000_000)
    }

    @Test func noPortsIsNoScan() throws {
        let (hosts, record, _) = simulate(
            ScanScenario(), ScanPlan([.single(ScanTarget(Self.address(1)))], PortList([])))
        #expect(hosts.isEmpty && record.sent.isEmpty)
    }

    @Test func aRecordIsSmall() {
        #expect(MemoryLayout<PortRecord>.stride == 12)
        var record = PortRecord()
        record.set(.adminProhibited, icmp: ICMPKind(isVersion6: false, type: 3, code: 13), sender: 1, roundTrip: 61_000)
        record.attempts = 2
        let outcome = record.outcome(isVersion6: false, senders: [Self.address(7)])
        #expect(
            outcome.state == .filtered && outcome.icmp?.code == 13 && outcome.sender == Self.address(7)
                && outcome.attempts == 2)
        #expect(abs((outcome.roundTrip ?? 0) - 61_000) <= 16)
    }
}
