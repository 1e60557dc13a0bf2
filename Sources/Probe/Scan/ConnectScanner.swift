import Addressing

/// A TCP connect scan as a state machine: `turn` sends what may be sent now, waits a little, and takes in what came;
/// between turns the caller reads progress and finished hosts, or stops. No clock, no socket and no output of its own.
///
///     var scanner = ConnectScanner(plan, settings, network)
///     while !scanner.isFinished {
///         scanner.turn(until: scanner.now + 50_000_000)
///         while let host = scanner.nextFinishedHost() { … }
///     }
///
/// Hosts are asked side by side, one probe each in turn. A port is asked again while it is silent, with the earlier
/// sockets left open as long as there is room: a late answer to any of them counts.
public struct ConnectScanner<Network: ScanNetwork & ~Copyable>: ~Copyable {
    let plan: ScanPlan
    let settings: ScanSettings
    /// The real network, or a simulated one.
    public var network: Network

    var cursor = HostCursor()
    var hasMoreHosts = true
    /// Hosts under way by place; a place is free again when its host is finished.
    var hosts: [HostScan?] = []
    /// All hosts in the plan's order that were begun and not yet handed out.
    var handout: [HostScan] = []
    var table = ProbeTable()
    var late = ProbeQueue()
    var listening = ProbeQueue()
    var waitingCount = 0
    var estimator = RoundTripEstimator()
    var events: [ProbeEvent] = []
    var nextHost = 0
    /// What the machine has really room for, once it has refused.
    var ceiling: Int
    var refusals = 0
    var rate: SendRate

    /// How far it is, for whoever shows that.
    public internal(set) var progress = ScanProgress()

    /// Begins nothing yet; `turn` does.
    public init(_ plan: ScanPlan, _ settings: ScanSettings, _ network: consuming Network) {
        self.plan = plan
        self.settings = settings
        rate = SendRate(settings.rate)
        ceiling = max(1, min(settings.parallel ?? .max, network.capacity))
        self.network = network
        hasMoreHosts = !plan.ports.isEmpty
        progress.probes = plan.probeCount
        progress.hosts = plan.hostCount
        progress.attempts = HostPace.firstAttempts(retries: settings.retries)
    }

    /// Nanoseconds of the network's clock.
    public var now: Int64 { network.now() }

    /// Whether every host has been finished; the last ones may still have to be handed out.
    public var isFinished: Bool { !hasMoreHosts && hosts.allSatisfy { $0 == nil } }

    /// The next host in the plan's order, if it is finished.
    public mutating func nextFinishedHost() -> HostScan? {
        guard let host = handout.first, host.isFinished else { return nil }
        return handout.removeFirst()
    }

    /// Ends all probes; gives the hosts that were begun, with what is known of them.
    public mutating func stop() -> [HostScan] {
        hasMoreHosts = false
        for place in table.places where table[place].stage != .free { drop(place) }
        for place in hosts.indices {
            // Ports that were silent so often are known, unless the host was seen to hold answers back.
            if let host = hosts[place], host.slow?.isLimited == false { endSlowRound(host) }
            finish(place)
        }
        defer { handout = [] }
        return handout
    }

    /// Goes on with the scan, at most until `limit` on the network's clock.
    public mutating func turn(until limit: Int64) {
        admitHosts()
        var time = now
        expire(time)
        let mayGoOn = send(&time)
        // The last answers may all have come at once.
        if isFinished { return }
        var deadline = limit
        if mayGoOn {
            // More can be sent: only look for answers, if any can come.
            if table.count == 0 { return }
            deadline = time
        } else {
            deadline = min(deadline, nextDeadline(after: time) ?? limit)
            if let due = rate.due(after: time) { deadline = min(deadline, due) }
            if table.count == 0, refusals > 0 { deadline = min(deadline, time + 10_000_000) }
        }
        events.removeAll(keepingCapacity: true)
        network.wait(until: deadline, into: &events)
        time = now
        for event in events { take(event, time) }
    }
}
