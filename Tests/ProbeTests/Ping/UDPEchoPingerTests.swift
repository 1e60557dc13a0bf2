import Addressing
import Probe
import Sockets
import Testing

/// The pinger against a simulated network with simulated time: every figure is known beforehand.
@Suite struct UDPEchoPingerTests {
    private func run(_ scenario: Scenario, _ change: (inout PingPlan) -> Void = { _ in }) throws -> (
        figures: PingStatistics, reports: [PingReport]
    ) {
        var plan = PingPlan()
        plan.count = 10
        change(&plan)
        var pinger = UDPEchoPinger(
            network: SimulatedNetwork(scenario: scenario), plan: plan, session: 0x1234_5678, interimSignal: 3)
        var reports: [PingReport] = []
        let figures = try pinger.run { reports.append($0) }
        return (figures, reports)
    }

    @Test func everythingComesBack() throws {
        let scenario = Scenario { .echo($0) }
        let (figures, _) = try run(scenario)
        #expect((figures.sent, figures.received, figures.lost) == (10, 10, 0))
        #expect((figures.minimum, figures.maximum) == (1_000_000, 10_000_000))
        #expect(figures.average == 5_500_000)
        // Of 1…10 ms: sqrt((10² − 1) / 12).
        #expect(abs(figures.deviation - 2_872_281) < 1)
        #expect(scenario.sent == (0..<10).map { Int64($0) * 1000 })
        // The difference is always 1 ms, so J(n) = J(n-1) + (1 - J(n-1)) / 16, nine times.
        #expect(abs(figures.jitter - 1_000_000 * (1 - pow16(9))) < 1)
        #expect(figures.percentile(50).map { abs($0 - 5_000_000) <= 5_000 } == true)
        #expect(figures.percentile(90).map { abs($0 - 9_000_000) <= 9_000 } == true)
        #expect(
            figures.percentile(99) == 10_000_000
                || figures.percentile(99).map { abs($0 - 10_000_000) <= 10_000 } == true)
    }

    private func pow16(_ times: Int) -> Double { (0..<times).reduce(1.0) { product, _ in product * 15 / 16 } }

    @Test func losses() throws {
        let (figures, _) = try run(Scenario { $0 % 3 == 0 ? .lost : .echo(2) }) { $0.count = 30 }
        #expect((figures.sent, figures.received, figures.lost) == (30, 20, 10))
        #expect(figures.lossPercent > 33.3 && figures.lossPercent < 33.4)
        #expect((figures.duplicated, figures.reordered, figures.corrupted) == (0, 0, 0))
    }

    @Test func duplicatesAlsoOfTheLast() throws {
        let (figures, reports) = try run(
            Scenario { $0 == 4 ? .echoes([1, 5, 9]) : $0 == 10 ? .echoes([1, 3]) : .echo(1) })
        #expect((figures.received, figures.duplicated, figures.lost) == (10, 3, 0))
        let kinds = reports.compactMap { if case .answer(let verdict) = $0 { verdict.kind } else { nil } }
        #expect(kinds.count { $0 == .duplicate } == 3)
    }

    @Test func reordering() throws {
        // Each even request overtakes the odd one before: answers 2, 1, 4, 3 …
        let (figures, reports) = try run(Scenario { .echo($0 % 2 == 1 ? 150 : 1) }) { $0.interval = 100_000_000 }
        #expect((figures.received, figures.reordered, figures.lost) == (10, 5, 0))
        let order = reports.compactMap { if case .answer(let verdict) = $0 { verdict.sequence } else { nil } }
        #expect(order == [2, 1, 4, 3, 6, 5, 8, 7, 10, 9])
    }

    /// One that is late by many is one reordered answer, not many.
    @Test func oneLateAnswer() throws {
        let (figures, _) = try run(Scenario { .echo($0 == 1 ? 555 : 1) }) { $0.interval = 100_000_000 }
        #expect((figures.received, figures.reordered) == (10, 1))
    }

    @Test(arguments: 0..<56) func damageAnywhereIsSeenAndBelongsToItsRequest(place: Int) throws {
        let (figures, reports) = try run(Scenario { $0 == 5 ? .damaged(at: place, delay: 1) : .echo(1) })
        #expect((figures.sent, figures.received, figures.corrupted, figures.lost, figures.strange) == (10, 9, 1, 0, 0))
        let found = reports.compactMap { report -> PingVerdict? in
            if case .answer(let verdict) = report, verdict.kind != .reply { verdict } else { nil }
        }
        #expect(found.map(\.sequence) == [5])
        #expect(found.map(\.kind) == [.corrupted(offset: place)])
    }

    @Test(arguments: [0, 1, 3, 4, 7, 8, 15, 16, 55]) func cutAnswers(length: Int) throws {
        let (figures, reports) = try run(Scenario { $0 == 5 ? .cut(to: length, delay: 1) : .echo(1) })
        #expect((figures.received, figures.corrupted, figures.lost) == (9, 1, 0))
        let damage = reports.contains {
            if case .answer(let verdict) = $0 {
                verdict.kind == .corrupted(offset: length) && verdict.sequence == 5
            } else {
                false
            }
        }
        #expect(damage)
    }

    @Test(arguments: [0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 24, 1472]) func everySizeIsCounted(size: Int) throws {
        let scenario = Scenario { $0 % 5 == 0 && size > 0 ? .lost : $0 == 7 ? .echoes([1, 1]) : .echo(1) }
        let (figures, _) = try run(scenario) { ($0.size, $0.count) = (size, 600) }
        #expect(figures.sent == 600)
        #expect(figures.lost == (size > 0 ? 120 : 0))
        #expect(figures.corrupted == 0)
        if size > 0 { #expect(figures.duplicated == 1) }
    }

    @Test func refusalsAreNoSilence() throws {
        let (figures, reports) = try run(Scenario { _ in .refused(1) }) { $0.count = 3 }
        #expect((figures.sent, figures.undeliverable, figures.lost, figures.answered) == (3, 3, 3, 0))
        let sequences = reports.compactMap { if case .undeliverable(let sequence, _) = $0 { sequence } else { nil } }
        #expect(sequences == [1, 2, 3])
    }

    @Test func aClockThatIsSetDoesNotSpoilTheTimes() throws {
        for jump in [-3_600_000, 3_600_000] as [Int64] {
            let scenario = Scenario { _ in .echo(4) }
            scenario.jump = (after: 5, by: jump)
            let (figures, _) = try run(scenario)
            #expect((figures.minimum, figures.maximum, figures.received) == (4_000_000, 4_000_000, 10))
        }
    }

    @Test func silenceEndsAfterTheWait() throws {
        let scenario = Scenario { _ in .lost }
        var clock = SimulatedNetwork(scenario: scenario)
        let before = clock.now().monotonic
        let (figures, reports) = try run(scenario) { ($0.count, $0.linger) = (3, 500_000_000) }
        #expect(figures.lost == 3)
        #expect(clock.now().monotonic - before == 2_500_000_000)
        let unanswered = reports.compactMap { if case .unanswered(let sequence) = $0 { sequence } else { nil } }
        #expect(unanswered == [1, 2])
    }

    @Test func aDeadlineCountsAnswers() throws {
        let scenario = Scenario { $0 % 2 == 0 ? .echo(1) : .lost }
        let (figures, _) = try run(scenario) { ($0.count, $0.deadline) = (3, 60_000_000_000) }
        #expect((figures.sent, figures.answered) == (6, 3))
        let late = Scenario { _ in .lost }
        let (none, _) = try run(late) { ($0.count, $0.deadline) = (3, 4_500_000_000) }
        #expect((none.sent, none.answered) == (5, 0))
    }

    @Test func floodSendsWhenAnsweredOrAfterTenMilliseconds() throws {
        let scenario = Scenario { $0 == 3 ? .lost : .echo(2) }
        let (figures, _) = try run(scenario) { ($0.count, $0.pace) = (5, .flood) }
        #expect(figures.lost == 1)
        #expect(scenario.sent == [0, 2, 4, 14, 16])
    }

    @Test func adaptiveKeepsTwoMillisecondsAndWaitsForTheInterval() throws {
        let scenario = Scenario { $0 == 3 ? .lost : .echo($0 == 1 ? 1 : 7) }
        _ = try run(scenario) { ($0.count, $0.pace, $0.interval) = (5, .adaptive, 50_000_000) }
        #expect(scenario.sent == [0, 2, 9, 59, 66])
    }

    @Test func aSignalForFiguresGoesOnAndAnotherEnds() throws {
        let scenario = Scenario { _ in .echo(1) }
        scenario.signals = [(at: 1500, number: 3), (at: 3500, number: 2)]
        let (figures, reports) = try run(scenario) { $0.count = nil }
        #expect((figures.sent, figures.received) == (4, 4))
        let interim = reports.compactMap { if case .interim(let figures) = $0 { figures.received } else { nil } }
        #expect(interim == [2])
    }

    /// Any mix of fates is counted exactly.
    @Test(arguments: 0..<40) func randomMixes(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let fates = (0..<200).map { _ in Int.random(in: 0..<6, using: &random) }
        let scenario = Scenario { number in
            switch fates[number - 1] {
            case 0: .lost
            case 1: .echoes([1, 2])
            case 2: .damaged(at: number % 56, delay: 1)
            case 3: .echo(25)
            default: .echo(1)
            }
        }
        let (figures, _) = try run(scenario) { ($0.count, $0.interval) = (200, 10_000_000) }
        #expect(figures.lost == fates.count { $0 == 0 }, "seed \(seed)")
        #expect(figures.duplicated == fates.count { $0 == 1 }, "seed \(seed)")
        #expect(figures.corrupted == fates.count { $0 == 2 }, "seed \(seed)")
        // An answer that takes 25 ms is overtaken when one of the next two is answered in 1 or 2 ms.
        let overtaken = fates.indices.count { index in
            fates[index] == 3
                && (index + 1...index + 2).contains { $0 < fates.count && [1, 2, 4, 5].contains(fates[$0]) }
        }
        #expect(figures.reordered == overtaken, "seed \(seed)")
        #expect(figures.received + figures.corrupted + figures.lost == 200, "seed \(seed)")
    }
}
