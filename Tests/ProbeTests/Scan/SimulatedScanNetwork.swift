import Addressing

@testable import Probe

/// What a simulated port does with a SYN.
enum PortBehaviour: Hashable, Sendable {
    case open, closed, dropped
    case icmp(ICMPKind)
    /// Open, and says something.
    case greets([UInt8])
}

/// One simulated world: hosts with behaviour, ways with delay and loss, and limits of the machine that scans.
struct ScanScenario: Sendable {
    var hosts: [IPAddress: [UInt16: PortBehaviour]] = [:]
    /// What ports do that are not in the list.
    var otherwise = PortBehaviour.dropped
    /// Nanoseconds from a SYN to its answer, and how much more at most.
    var roundTrip: Int64 = 20_000_000
    var jitter: Int64 = 0
    /// The share of SYNs that are lost, and of answers.
    var loss = 0.0
    var capacity = 1000
    var distance = HostDistance.far
    /// The share of attempts to send that the machine refuses for want of descriptors.
    var refusals = 0.0
    var seed: UInt64 = 1
    /// Each host's limit of refusals: a store of tokens that fills with time.
    var limit: (perSecond: Double, burst: Double)?
}

/// What happened in a simulated world, for the tests to look at afterwards.
final class WorldRecord {
    var time: Int64 = 0
    var sent: [(at: Int64, peer: Endpoint)] = []
    var underWay = 0
    var mostUnderWay = 0
    var hungUp = 0
    /// A probe's number was used while it was taken, or ended while it was free.
    var misuses: [String] = []
}

/// A network in memory with a clock of its own: no socket, no waiting.
struct SimulatedScanNetwork: ~Copyable, ScanNetwork {
    private struct Pending {
        let at: Int64
        let probe: Int
        let generation: Int
        let event: ProbeEvent.Kind
    }

    let scenario: ScanScenario
    let record: WorldRecord
    private var generator: SplitMix64
    private var pending: [Pending] = []
    private var generations: [Int] = []
    private var tokens: [IPAddress: (count: Double, at: Int64)] = [:]
    private var taken: [Bool] = []
    private var peers: [Endpoint] = []

    init(_ scenario: ScanScenario, _ record: WorldRecord) {
        self.scenario = scenario
        self.record = record
        generator = SplitMix64(seed: scenario.seed)
    }

    func now() -> Int64 { record.time }
    var capacity: Int { scenario.capacity }
    func distance(to target: ScanTarget) -> HostDistance { scenario.distance }

    mutating func start(_ probe: Int, to peer: Endpoint) -> ProbeStart {
        record.time += 10_000
        if scenario.refusals > 0, Double.random(in: 0..<1, using: &generator) < scenario.refusals { return .noRoom }
        while taken.count <= probe {
            taken.append(false)
            generations.append(0)
            peers.append(peer)
        }
        if taken[probe] { record.misuses.append("started \(probe) twice") }
        if record.underWay >= scenario.capacity { return .noRoom }
        take(probe, peer)
        record.sent.append((record.time, peer))
        let behaviour = scenario.hosts[peer.address].map { $0[peer.port.rawValue] ?? scenario.otherwise } ?? .dropped
        let isLost =
            Double.random(in: 0..<1, using: &generator) < scenario.loss
            || Double.random(in: 0..<1, using: &generator) < scenario.loss
        let delay =
            scenario.roundTrip + (scenario.jitter > 0 ? Int64.random(in: 0...scenario.jitter, using: &generator) : 0)
        let answer: ProbeAnswer? =
            switch behaviour {
            case .open, .greets: .connected
            case .closed: .refused
            case .icmp(let kind): .icmp(kind, from: peer.address)
            case .dropped: nil
            }
        guard let answer, !isLost, answer == .connected || takeToken(peer.address) else { return .pending }
        if scenario.distance == .own {
            if answer != .connected { free(probe) }
            return .answered(answer)
        }
        schedule(probe, delay, .answer(answer))
        return .pending
    }

    private mutating func takeToken(_ address: IPAddress) -> Bool {
        guard let limit = scenario.limit else { return true }
        let store = tokens[address] ?? (limit.burst, record.time)
        let filled = store.count + Double(record.time - store.at) / 1e9 * limit.perSecond
        let count = min(limit.burst, filled)
        tokens[address] = (count >= 1 ? count - 1 : count, record.time)
        return count >= 1
    }

    mutating func end(_ probe: Int) {
        if !taken[probe] { record.misuses.append("ended \(probe), which was free") }
        free(probe)
    }

    mutating func hangUp(_ probe: Int, reset: Bool) {
        if !taken[probe] { record.misuses.append("hung up \(probe), which was free") }
        record.hungUp += 1
        free(probe)
    }

    mutating func listen(_ probe: Int) {
        guard case .greets(let bytes)? = scenario.hosts[peers[probe].address]?[peers[probe].port.rawValue] else {
            return
        }
        schedule(probe, scenario.roundTrip, .said(bytes))
    }

    mutating func wait(until deadline: Int64, into events: inout [ProbeEvent]) {
        let next = pending.first.map { max($0.at, record.time) }
        record.time = max(record.time, min(deadline, next ?? deadline))
        while let first = pending.first, first.at <= record.time {
            pending.removeFirst()
            guard taken[first.probe], generations[first.probe] == first.generation else { continue }
            if case .answer(let answer) = first.event, answer != .connected { free(first.probe) }
            events.append(ProbeEvent(first.probe, first.event))
        }
    }

    private mutating func take(_ probe: Int, _ peer: Endpoint) {
        taken[probe] = true
        peers[probe] = peer
        generations[probe] += 1
        record.underWay += 1
        record.mostUnderWay = max(record.mostUnderWay, record.underWay)
    }

    private mutating func free(_ probe: Int) {
        taken[probe] = false
        record.underWay -= 1
    }

    private mutating func schedule(_ probe: Int, _ delay: Int64, _ event: ProbeEvent.Kind) {
        let entry = Pending(at: record.time + delay, probe: probe, generation: generations[probe], event: event)
        var low = 0
        var high = pending.count
        while low < high {
            let middle = (low + high) / 2
            if pending[middle].at <= entry.at { low = middle + 1 } else { high = middle }
        }
        pending.insert(entry, at: low)
    }
}

/// Runs a scan to its end in a simulated world; at most an hour of its time.
func simulate(_ scenario: ScanScenario, _ plan: ScanPlan, _ settings: ScanSettings = ScanSettings()) -> (
    hosts: [HostScan], record: WorldRecord, progress: ScanProgress
) {
    let record = WorldRecord()
    var scanner = ConnectScanner(plan, settings, SimulatedScanNetwork(scenario, record))
    var hosts: [HostScan] = []
    while !scanner.isFinished, record.time < 3_600_000_000_000 {
        scanner.turn(until: scanner.now + 50_000_000)
        while let host = scanner.nextFinishedHost() { hosts.append(host) }
    }
    let progress = scanner.progress
    hosts += scanner.stop()
    return (hosts, record, progress)
}
