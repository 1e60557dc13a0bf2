import Addressing
import Probe
import Sockets
import Testing

/// A network with simulated time: each address answers after so many milliseconds, or never.
private struct SimulatedDial: ~Copyable, DialNetwork {
    enum Fate {
        case accepts(Int)
        case refuses(Int)
        case silent, refusesAtOnce
    }
    let fates: [String: Fate]
    var clock: Int64 = 0
    var pending: [(at: Int64, index: Int, progress: DialProgress)] = []
    var started: [(String, Int64)] = []
    var givenUp: [Int] = []

    mutating func now() -> Int64 { clock }

    mutating func start(_ index: Int, _ endpoint: Endpoint) -> DialProgress {
        started.append(("\(endpoint.address)", clock / 1_000_000))
        let refusal = DialProgress.failed(SocketError(.connect, 111, peer: endpoint), nil)
        switch fates["\(endpoint.address)"] {
        case .accepts(let delay)?: pending.append((clock + Int64(delay) * 1_000_000, index, .connected))
        case .refuses(let delay)?: pending.append((clock + Int64(delay) * 1_000_000, index, refusal))
        case .refusesAtOnce?: return refusal
        case .silent?, nil: break
        }
        return .pending
    }

    mutating func wait(until: Int64) throws(SocketError) -> [(index: Int, progress: DialProgress)] {
        let time = min(until, pending.map(\.at).min() ?? .max)
        clock = max(clock, time)
        let due = pending.filter { $0.at <= clock }
        pending.removeAll { $0.at <= clock }
        return due.map { ($0.index, $0.progress) }
    }

    mutating func giveUp(_ index: Int) {
        givenUp.append(index)
        pending.removeAll { $0.index == index }
    }
}

@Suite struct HappyEyeballsTests {
    private func endpoints(_ texts: [String]) -> [Endpoint] {
        texts.compactMap { IPAddress($0) }.map { Endpoint($0, 80) }
    }

    private func run(_ order: [String], _ fates: [String: SimulatedDial.Fate], timeout: Int64 = 5000) throws -> (
        race: HappyEyeballs, started: [String: Int64], clock: Int64, givenUp: [Int]
    ) {
        var network = SimulatedDial(fates: fates)
        var race = HappyEyeballs(endpoints(order), now: 0, timeout: timeout * 1_000_000)
        try race.run(&network)
        return (race, Dictionary(uniqueKeysWithValues: network.started), network.clock / 1_000_000, network.givenUp)
    }

    @Test func familiesTakeTurns() {
        let race = HappyEyeballs(
            endpoints(["2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1", "192.0.2.2"]), now: 0, timeout: 1)
        #expect(
            race.attempts.map { "\($0.endpoint.address)" } == [
                "2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "2001:db8::3",
            ])
        #expect(HappyEyeballs([], now: 0, timeout: 1).step(at: 0) == .finished)
    }

    @Test func aFastFirstAnswerLeavesTheRestAlone() throws {
        let (race, started, clock, _) = try run(
            ["2001:db8::1", "192.0.2.1"], ["2001:db8::1": .accepts(30), "192.0.2.1": .accepts(1)])
        #expect((race.winner, clock) == (0, 30))
        #expect(started.count == 1)
        #expect(race.attempts[1].outcome == .notTried)
    }

    @Test func brokenIPv6CostsAQuarterOfASecond() throws {
        let (race, started, clock, givenUp) = try run(["2001:db8::1", "192.0.2.1"], ["192.0.2.1": .accepts(10)])
        #expect((race.winner, clock) == (1, 260))
        #expect(started["192.0.2.1"] == 250)
        #expect(race.attempts[0].outcome == .overtaken)
        #expect(givenUp == [0])
    }

    @Test func aSlowFirstMayStillWin() throws {
        let (race, _, clock, givenUp) = try run(
            ["2001:db8::1", "192.0.2.1"], ["2001:db8::1": .accepts(300), "192.0.2.1": .accepts(100)])
        #expect((race.winner, clock) == (0, 300))
        #expect(givenUp == [1])
    }

    @Test func aRefusalIsNotWaitedOut() throws {
        let (race, started, clock, _) = try run(
            ["::1", "127.0.0.1", "127.0.0.2"],
            ["::1": .refusesAtOnce, "127.0.0.1": .refuses(3), "127.0.0.2": .accepts(2)])
        #expect((race.winner, clock) == (2, 5))
        #expect(started["127.0.0.2"] == 3)
    }

    @Test func everybodyRefuses() throws {
        let (race, _, clock, _) = try run(["::1", "127.0.0.1"], ["::1": .refuses(1), "127.0.0.1": .refuses(1)])
        #expect((race.winner, clock) == (nil, 2))
        #expect(race.attempts.allSatisfy { if case .failed = $0.outcome { true } else { false } })
    }

    @Test func silenceEndsWithTheTime() throws {
        let (race, started, clock, givenUp) = try run(["2001:db8::1", "192.0.2.1", "2001:db8::2"], [:], timeout: 2000)
        #expect((race.winner, clock) == (nil, 2000))
        #expect(started == ["2001:db8::1": 0, "192.0.2.1": 250, "2001:db8::2": 500])
        #expect(race.attempts.map(\.outcome) == [.timedOut, .timedOut, .timedOut])
        #expect(givenUp.sorted() == [0, 1, 2])
    }
}
