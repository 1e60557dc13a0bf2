import Addressing

/// A TCP connect scan as a state machine: `turn` sends what may be sent now, waits a little, and takes in what came; between
/// turns the caller reads progress and finished hosts, or stops. No clock, no socket and no output of its own.
///
///     var scanner = ConnectScanner(plan, settings, network)
///     while !scanner.isFinished {
///         scanner.turn(until: scanner.now + 50_000_000)
///         while let host = scanner.nextFinishedHost() { … }
///     }
///
/// Hosts are asked side by side, one probe each in turn. A port is asked again while it is silent, with the earlier sockets
/// left open as long as there is room: a late answer to any of them counts.
public struct ConnectScanner<Network: ScanNetwork & ~Copyable>: ~Copyable {
    private let plan: ScanPlan
    private let settings: ScanSettings
    public var network: Network

    private var cursor = HostCursor()
    private var hasMoreHosts = true
    /// Hosts under way by place; a place is free again when its host is finished.
    private var hosts: [HostScan?] = []
    /// All hosts in the plan's order that were begun and not yet handed out.
    private var handout: [HostScan] = []
    private var table = ProbeTable()
    private var late = ProbeQueue()
    private var listening = ProbeQueue()
    private var waitingCount = 0
    private var estimator = RoundTripEstimator()
    private var events: [ProbeEvent] = []
    private var nextHost = 0
    /// What the machine has really room for, once it has refused.
    private var ceiling: Int
    private var refusals = 0
    private var nextSendAt: Int64 = .min

    public private(set) var progress = ScanProgress()

    /// So many hosts, or so many ports of hosts, are under way or wait to be handed out: what bounds the memory.
    private static var mostHosts: Int { 512 }
    private static var mostRecords: Int { 1_100_000 }
    /// Sends in one go before looking for answers: an answer's time is measured when it is looked at.
    private static var batch: Int { 32 }
    /// How many ports of a host in a block are asked before it is taken for absent.
    private static var firstPorts: Int { 8 }
    private static var firstPortsAttempts: Int { 3 }

    public init(_ plan: ScanPlan, _ settings: ScanSettings, _ network: consuming Network) {
        self.plan = plan
        self.settings = settings
        ceiling = max(1, min(settings.parallel ?? .max, network.capacity))
        self.network = network
        hasMoreHosts = !plan.ports.isEmpty
        progress.probes = plan.probeCount
        progress.hosts = plan.hostCount
    }

    public var now: Int64 { network.now() }

    /// Whether every host has been finished; the last ones may still have to be handed out.
    public var isFinished: Bool { !hasMoreHosts && hosts.allSatisfy { $0 == nil } }

    /// The next host in the plan's order, if it is finished.
    public mutating func nextFinishedHost() -> HostScan? {
        guard let host = handout.first, isFinished(host) else { return nil }
        return handout.removeFirst()
    }

    /// Ends all probes; gives the hosts that were begun, with what is known of them.
    public mutating func stop() -> [HostScan] {
        hasMoreHosts = false
        for place in table.places where table[place].stage != .free { drop(place) }
        for place in hosts.indices where hosts[place] != nil { finish(place) }
        defer { handout = [] }
        return handout
    }

    /// Goes on with the scan, at most until `limit` on the network's clock.
    public mutating func turn(until limit: Int64) {
        admitHosts()
        var time = now
        expire(time)
        let mayGoOn = send(&time)
        var deadline = limit
        if mayGoOn {
            // More can be sent: only look for answers, if any can come.
            if table.count == 0 { return }
            deadline = time
        } else {
            deadline = min(deadline, nextDeadline() ?? limit)
            if nextSendAt > time { deadline = min(deadline, nextSendAt) }
            if table.count == 0, refusals > 0 { deadline = min(deadline, time + 10_000_000) }
        }
        events.removeAll(keepingCapacity: true)
        network.wait(until: deadline, into: &events)
        time = now
        for event in events { take(event, time) }
    }
}

// MARK: Hosts

extension ConnectScanner where Network: ~Copyable {
    private mutating func admitHosts() {
        while hasMoreHosts, handout.count < Self.mostHosts, handout.isEmpty || (handout.count + 1) * plan.ports.count <= Self.mostRecords {
            guard let target = cursor.next(in: plan) else {
                hasMoreHosts = false
                return
            }
            let distance = network.distance(to: target)
            let looksFirst = settings.skipsSilentHosts && target.isFromBlock && distance != .own
            let host = HostScan(
                target, plan, cursorLimit: looksFirst ? min(Self.firstPorts, plan.ports.count) : plan.ports.count,
                pace: HostPace(distance, retries: settings.retries), now: now)
            host.firstWait = HostPace.firstWait(distance)
            if distance == .own { host.shortestWait = settings.shortestWait / 2 }
            host.looksFirst = looksFirst
            if let place = hosts.firstIndex(where: { $0 == nil }) { hosts[place] = host } else { hosts.append(host) }
            handout.append(host)
        }
    }

    private func isFinished(_ host: HostScan) -> Bool { host.isFinished }

    /// Finishes a host when all is known that will be.
    private mutating func check(_ place: Int) {
        guard let host = hosts[place], host.pendingBanners == 0 else { return }
        if host.looksFirst, host.decidedCount == host.cursorLimit, host.retries.isEmpty {
            host.isSkipped = true
            progress.decided &+= UInt64(host.ports.count - host.decidedCount)
        } else if host.decidedCount < host.ports.count {
            return
        }
        finish(place)
    }

    private mutating func finish(_ place: Int) {
        guard let host = hosts[place] else { return }
        host.endedAt = now
        host.isFinished = true
        hosts[place] = nil
        progress.hostsDone &+= 1
        // Whatever is still open for it was for late answers.
        if table.count > 0 {
            for probe in table.places where table[probe].stage != .free && Int(table[probe].host) == place { drop(probe, of: host) }
        }
    }
}

// MARK: Sending

extension ConnectScanner where Network: ~Copyable {
    /// Sends until nothing more may be sent or a batch is full; true in the latter case.
    private mutating func send(_ time: inout Int64) -> Bool {
        if let rate = settings.rate, rate > 0, nextSendAt < time - Int64(10_000_000) { nextSendAt = time - Int64(min(10_000_000, 1e9 / rate)) }
        var idle = 0
        var sent = 0
        while idle < hosts.count, waitingCount < ceiling {
            if nextHost >= hosts.count { nextHost = 0 }
            let place = nextHost
            nextHost += 1
            guard let host = hosts[place], host.waitingCount < Int(host.pace.window), let port = nextPort(of: host) else {
                idle += 1
                continue
            }
            idle = 0
            if let rate = settings.rate {
                guard nextSendAt <= time else {
                    putBack(port, host)
                    return false
                }
                nextSendAt += Int64(1e9 / max(rate, 1e-3))
            }
            guard send(port, place, host, &time) else { return false }
            sent += 1
            if sent == Self.batch { return true }
        }
        return false
    }

    /// The next port to ask: one that was not asked yet, or else one that kept silent.
    private func nextPort(of host: HostScan) -> UInt16? {
        if host.cursor < host.cursorLimit {
            defer { host.cursor += 1 }
            return plan.order[host.cursor]
        }
        while let port = host.retries.next() {
            if host.records[Int(port)].reason == .undecided { return port }
        }
        return nil
    }

    private func putBack(_ port: UInt16, _ host: HostScan) {
        if host.records[Int(port)].attempts == 0 { host.cursor -= 1 } else { host.retries.append(port) }
    }

    /// Asks one port; false when the machine has no room for it now.
    private mutating func send(_ port: UInt16, _ place: Int, _ host: HostScan, _ time: inout Int64) -> Bool {
        if table.count >= ceiling, !late.isEmpty { drop(Int(late.first)) }
        let probe = table.freePlace()
        switch network.start(probe, to: host.endpoint(Int(port))) {
        case .noRoom:
            return refuse(port, place, host)
        case .pending:
            host.records[Int(port)].attempts &+= 1
            insert(probe, port, place, host, time)
            time = now
        case .answered(let answer):
            host.records[Int(port)].attempts &+= 1
            let sentAt = time
            time = now
            if answer == .connected { insert(probe, port, place, host, sentAt) }
            let attempt = Int(host.records[Int(port)].attempts)
            settle(answer, probe, Int(port), attempt, place, host, sentAt: sentAt, time)
        }
        refusals = 0
        progress.sent &+= 1
        return true
    }

    private mutating func insert(_ probe: Int, _ port: UInt16, _ place: Int, _ host: HostScan, _ time: Int64) {
        let attempt = host.records[Int(port)].attempts
        var entry = Probe()
        (entry.stage, entry.attempt, entry.port, entry.host, entry.sentAt) = (.waiting, attempt, port, Int32(place), time)
        table.insert(entry, at: probe)
        while host.waiting.count < Int(attempt) { host.waiting.append(ProbeQueue()) }
        table.append(probe, to: &host.waiting[Int(attempt) - 1])
        host.waitingCount += 1
        waitingCount += 1
    }

    /// No descriptor, port or memory: fewer at once from now on, and later again. Where nothing is under way that could make
    /// room, and that for a second, the port is given up.
    private mutating func refuse(_ port: UInt16, _ place: Int, _ host: HostScan) -> Bool {
        putBack(port, host)
        refusals += 1
        for _ in 0..<64 where !late.isEmpty { drop(Int(late.first)) }
        if waitingCount > 0 { ceiling = max(1, waitingCount) }
        if refusals > 100, table.count == 0, let port = nextPort(of: host) {
            refusals = 0
            decide(Int(port), .other, icmp: nil, sender: nil, roundTrip: nil, host)
            check(place)
        }
        return false
    }
}

// MARK: Answers and silence

extension ConnectScanner where Network: ~Copyable {
    private mutating func take(_ event: ProbeEvent, _ time: Int64) {
        let probe = table[event.probe]
        guard probe.stage != .free, let host = hosts[Int(probe.host)] else { return }
        switch event.kind {
        case .answer(let answer):
            settle(answer, event.probe, Int(probe.port), Int(probe.attempt), Int(probe.host), host, sentAt: probe.sentAt, time)
        case .said(let bytes):
            if !bytes.isEmpty { host.setBanner(bytes, port: Int(probe.port)) }
            endListening(event.probe, host)
        }
    }

    /// Takes in the answer of a probe. Except for a connection its socket is gone already.
    private mutating func settle(
        _ answer: ProbeAnswer, _ probe: Int, _ port: Int, _ attempt: Int, _ place: Int, _ host: HostScan, sentAt: Int64, _ time: Int64
    ) {
        let isInTable = table[probe].stage != .free
        if isInTable { unlink(probe, host) }
        var keeps = false
        let isNews = host.records[port].reason == .undecided
        if isNews {
            let roundTrip = time - sentAt
            switch answer {
            case .connected:
                decide(port, .synAck, icmp: nil, sender: nil, roundTrip: roundTrip, host)
                keeps = settings.banners
                isUp(host)
            case .refused, .metItself:
                decide(port, .connectionRefused, icmp: nil, sender: nil, roundTrip: roundTrip, host)
                isUp(host)
            case .icmp(let kind, let sender):
                decide(port, kind.reason, icmp: kind, sender: sender, roundTrip: roundTrip, host)
                if sender == host.target.address { isUp(host) }
            case .local(let reason):
                decide(port, reason, icmp: nil, sender: nil, roundTrip: nil, host)
            }
            if host.records[port].hasRoundTrip { learn(roundTrip, attempt, port, host, time) }
            host.pace.grow()
        }
        if keeps {
            table[probe].stage = .listening
            table[probe].sentAt = time
            table.append(probe, to: &listening)
            host.pendingBanners += 1
            network.listen(probe)
        } else if isInTable {
            table.remove(probe)
            if answer == .connected { network.hangUp(probe, reset: settings.reset) }
        }
        check(place)
    }

    /// The host is there: all of its ports may be asked.
    private func isUp(_ host: HostScan) {
        host.isUp = true
        host.looksFirst = false
        host.cursorLimit = host.ports.count
    }

    /// An answer tells how long the way is and whether SYNs get lost on it.
    private mutating func learn(_ roundTrip: Int64, _ attempt: Int, _ port: Int, _ host: HostScan, _ time: Int64) {
        // Each attempt has a socket of its own, so it is clear which SYN was answered (RFC 6298 section 3).
        host.estimator.add(roundTrip)
        estimator.add(roundTrip)
        // An answer to an earlier attempt than the last came late, nothing was lost.
        let lost = attempt == Int(host.records[port].attempts) ? attempt : 1
        if host.pace.answered(attempt: lost, now: time, wait: wait(host, attempt: 1)) { reopen(host) }
    }

    /// More is lost than was thought: the ports that were given up too soon are asked again.
    private mutating func reopen(_ host: HostScan) {
        for port in host.records.indices where host.records[port].reason == .noResponse && host.records[port].attempts < host.pace.attempts {
            host.records[port].reason = .undecided
            host.decidedCount -= 1
            progress.decided &-= 1
            host.retries.append(UInt16(truncatingIfNeeded: port))
        }
    }

    private mutating func decide(_ port: Int, _ reason: ProbeReason, icmp: ICMPKind?, sender: IPAddress?, roundTrip: Int64?, _ host: HostScan) {
        host.records[port].set(reason, icmp: icmp, sender: host.place(of: sender), roundTrip: roundTrip)
        host.decidedCount += 1
        progress.decided &+= 1
        if reason.state == .open {
            host.openCount += 1
            progress.open += 1
        }
    }

    /// How long a host's probes are waited for: its own measured times, else what others took, else a first guess.
    private func wait(_ host: HostScan, attempt: Int) -> Int64 {
        let bounds = min(host.shortestWait ?? settings.shortestWait, settings.longestWait)...settings.longestWait
        var first = host.firstWait
        if host.estimator.smoothed == nil, estimator.smoothed != nil {
            first = min(first, 3 * estimator.timeout(initial: first, within: bounds))
        }
        let wait = host.estimator.timeout(initial: first, within: bounds)
        return min(wait / 100 * HostPace.patience(attempt: attempt), bounds.upperBound)
    }

    /// Deals with the probes whose time is over.
    private mutating func expire(_ time: Int64) {
        while !listening.isEmpty, time - table[Int(listening.first)].sentAt >= settings.bannerWait {
            let probe = Int(listening.first)
            guard let host = hosts[Int(table[probe].host)] else { break }
            endListening(probe, host)
        }
        guard waitingCount > 0 else { return }
        for place in hosts.indices {
            guard let host = hosts[place], host.waitingCount > 0 else { continue }
            for level in host.waiting.indices {
                let wait = wait(host, attempt: level + 1)
                while !host.waiting[level].isEmpty, time - table[Int(host.waiting[level].first)].sentAt >= wait {
                    giveUp(Int(host.waiting[level].first), host)
                }
            }
            check(place)
        }
    }

    /// A probe has waited long enough: its port is asked again or is filtered.
    private mutating func giveUp(_ probe: Int, _ host: HostScan) {
        unlink(probe, host)
        let port = Int(table[probe].port)
        host.pace.grow()
        guard host.records[port].reason == .undecided else {
            table.remove(probe)
            return network.end(probe)
        }
        table[probe].stage = .late
        table.append(probe, to: &late)
        let limit = host.looksFirst && settings.retries == nil ? min(host.pace.attempts, Self.firstPortsAttempts) : host.pace.attempts
        if Int(host.records[port].attempts) < limit {
            host.retries.append(UInt16(truncatingIfNeeded: port))
        } else {
            decide(port, .noResponse, icmp: nil, sender: nil, roundTrip: nil, host)
        }
    }

    /// When the next probe's time is over.
    private func nextDeadline() -> Int64? {
        var soonest: Int64?
        func consider(_ moment: Int64) { soonest = min(soonest ?? moment, moment) }
        if !listening.isEmpty { consider(table[Int(listening.first)].sentAt + settings.bannerWait) }
        for case let host? in hosts where host.waitingCount > 0 {
            for (level, queue) in host.waiting.enumerated() where !queue.isEmpty {
                consider(table[Int(queue.first)].sentAt + wait(host, attempt: level + 1))
            }
        }
        return soonest
    }

    private mutating func endListening(_ probe: Int, _ host: HostScan) {
        unlink(probe, host)
        let place = Int(table[probe].host)
        table.remove(probe)
        network.hangUp(probe, reset: settings.reset)
        host.pendingBanners -= 1
        check(place)
    }

    /// Takes a probe out of its queue.
    private mutating func unlink(_ probe: Int, _ host: HostScan) {
        switch table[probe].stage {
        case .free: break
        case .waiting:
            table.unlink(probe, from: &host.waiting[Int(table[probe].attempt) - 1])
            host.waitingCount -= 1
            waitingCount -= 1
        case .late: table.unlink(probe, from: &late)
        case .listening: table.unlink(probe, from: &listening)
        }
    }

    private mutating func drop(_ probe: Int) {
        guard let host = hosts[Int(table[probe].host)] else { return }
        drop(probe, of: host)
    }

    /// Forgets a probe, whatever it is at.
    private mutating func drop(_ probe: Int, of host: HostScan) {
        let isConnected = table[probe].stage == .listening
        unlink(probe, host)
        table.remove(probe)
        if isConnected { network.hangUp(probe, reset: settings.reset) } else { network.end(probe) }
    }
}

/// How far a scan is.
public struct ScanProgress: Hashable, Sendable {
    /// How many ports of hosts are to be asked in all, and how many of them are known or left out.
    public internal(set) var probes: UInt64 = 0
    public internal(set) var decided: UInt64 = 0
    public internal(set) var hosts: UInt64 = 0
    public internal(set) var hostsDone: UInt64 = 0
    /// SYNs sent, not counting those that the system repeats.
    public internal(set) var sent: UInt64 = 0
    public internal(set) var open = 0

    public init() {}
}
