/// How long probes are waited for, and what becomes of those whose time is over.
extension ConnectScanner where Network: ~Copyable {
    /// For the first ports of a host in a block, which may be absent.
    private static var firstPortsAttempts: Int { 3 }

    /// How long a host's probes are waited for: its own measured times, else what others took, else a first guess.
    func wait(_ host: HostScan, attempt: Int) -> Int64 {
        let bounds = min(host.shortestWait ?? settings.shortestWait, settings.longestWait)...settings.longestWait
        var first = host.firstWait
        if host.estimator.smoothed == nil, estimator.smoothed != nil {
            first = min(first, 3 * estimator.timeout(initial: first, within: bounds))
        }
        let wait = host.estimator.timeout(initial: first, within: bounds)
        return min(wait / 100 * HostPace.patience(attempt: attempt), bounds.upperBound)
    }

    /// Deals with the probes whose time is over.
    mutating func expire(_ time: Int64) {
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
    mutating func giveUp(_ probe: Int, _ host: HostScan) {
        unlink(probe, host)
        let port = Int(table[probe].port)
        host.pace.grow()
        guard host.records[port].reason == .undecided else {
            table.remove(probe)
            return network.end(probe)
        }
        if host.slow != nil {
            table.remove(probe)
            network.end(probe)
            host.slow?.wasSilent(UInt16(truncatingIfNeeded: port), at: now)
            return
        }
        table[probe].stage = .late
        table.append(probe, to: &late)
        let limit =
            host.looksFirst && settings.retries == nil
            ? min(host.pace.attempts, Self.firstPortsAttempts) : host.pace.attempts
        if Int(host.records[port].attempts) < limit {
            host.retries.append(UInt16(truncatingIfNeeded: port))
        } else {
            decide(port, .noResponse, icmp: nil, sender: nil, roundTrip: nil, host)
        }
    }

    /// When the next probe's time is over.
    func nextDeadline(after time: Int64) -> Int64? {
        var soonest: Int64?
        func consider(_ moment: Int64) { soonest = min(soonest ?? moment, moment) }
        if !listening.isEmpty { consider(table[Int(listening.first)].sentAt + settings.bannerWait) }
        for case let host? in hosts {
            // What is due and was not sent waits for the rate or for room.
            if let due = host.slow?.due, due > time { consider(due) }
            for (level, queue) in host.waiting.enumerated() where !queue.isEmpty {
                consider(table[Int(queue.first)].sentAt + wait(host, attempt: level + 1))
            }
        }
        return soonest
    }

    mutating func endListening(_ probe: Int, _ host: HostScan) {
        unlink(probe, host)
        let place = Int(table[probe].host)
        table.remove(probe)
        network.hangUp(probe, reset: settings.reset)
        host.pendingBanners -= 1
        check(place)
    }

    /// Takes a probe out of its queue.
    mutating func unlink(_ probe: Int, _ host: HostScan) {
        switch table[probe].stage {
        case .free: break
        case .waiting:
            table.unlink(probe, from: &host.waiting[HostScan.level(attempt: table[probe].attempt)])
            host.waitingCount -= 1
            waitingCount -= 1
        case .late: table.unlink(probe, from: &late)
        case .listening: table.unlink(probe, from: &listening)
        }
    }

    mutating func drop(_ probe: Int) {
        guard let host = hosts[Int(table[probe].host)] else { return }
        drop(probe, of: host)
    }

    /// Forgets a probe, whatever it is at.
    mutating func drop(_ probe: Int, of host: HostScan) {
        let isConnected = table[probe].stage == .listening
        unlink(probe, host)
        table.remove(probe)
        if isConnected { network.hangUp(probe, reset: settings.reset) } else { network.end(probe) }
    }
}
