/// What is sent: one probe of each host in turn, within the host's window, the rate, and what the machine has room for.
extension ConnectScanner where Network: ~Copyable {
    /// Sends in one go before looking for answers: an answer's time is measured when it is looked at.
    private static var batch: Int { 32 }

    /// Sends until nothing more may be sent or a batch is full; true in the latter case.
    mutating func send(_ time: inout Int64) -> Bool {
        rate.catchUp(time)
        var idle = 0
        var sent = 0
        while idle < hosts.count, waitingCount < ceiling {
            if nextHost >= hosts.count { nextHost = 0 }
            let place = nextHost
            nextHost += 1
            guard let host = hosts[place], host.waitingCount < Int(host.pace.window),
                let port = nextPort(of: host, time)
            else {
                idle += 1
                continue
            }
            idle = 0
            guard rate.take(at: time) else {
                putBack(port, host)
                return false
            }
            guard send(port, place, host, &time) else { return false }
            sent += 1
            if sent == Self.batch { return true }
        }
        return false
    }

    /// The next port to ask: one that was not asked yet, or else one that kept silent.
    func nextPort(of host: HostScan, _ time: Int64) -> UInt16? {
        if host.slow != nil { return host.slow?.take(at: time) }
        if host.cursor < host.cursorLimit {
            defer { host.cursor += 1 }
            return plan.order[host.cursor]
        }
        while let port = host.retries.next() {
            if host.records[Int(port)].reason == .undecided { return port }
        }
        return nil
    }

    /// Attempts are counted up to 255.
    private mutating func count(_ port: UInt16, _ host: HostScan) {
        guard host.records[Int(port)].attempts < .max else { return }
        host.records[Int(port)].attempts += 1
        progress.unanswered += 1
    }

    func putBack(_ port: UInt16, _ host: HostScan) {
        if host.slow != nil {
            host.slow?.putBack(port)
            return
        }
        if host.records[Int(port)].attempts == 0 { host.cursor -= 1 } else { host.retries.append(port) }
    }

    /// Asks one port; false when the machine has no room for it now.
    mutating func send(_ port: UInt16, _ place: Int, _ host: HostScan, _ time: inout Int64) -> Bool {
        if table.count >= ceiling, !late.isEmpty { drop(Int(late.first)) }
        let probe = table.freePlace()
        switch network.start(probe, to: host.endpoint(Int(port))) {
        case .noRoom:
            return refuse(port, place, host)
        case .pending:
            count(port, host)
            insert(probe, port, place, host, time)
            time = now
        case .answered(let answer):
            count(port, host)
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

    mutating func insert(_ probe: Int, _ port: UInt16, _ place: Int, _ host: HostScan, _ time: Int64) {
        // A slow round waits for each answer as for a first one.
        let attempt = host.slow == nil ? host.records[Int(port)].attempts : 1
        var entry = Probe()
        (entry.stage, entry.attempt, entry.port, entry.host, entry.sentAt) = (
            .waiting, attempt, port, Int32(place), time
        )
        table.insert(entry, at: probe)
        let level = HostScan.level(attempt: attempt)
        while host.waiting.count <= level { host.waiting.append(ProbeQueue()) }
        table.append(probe, to: &host.waiting[level])
        host.waitingCount += 1
        waitingCount += 1
    }

    /// There was no descriptor, port or memory: fewer probes are sent at once from now on, and this one later. Where
    /// nothing is under way that could make room, and that for a second, the port is given up.
    mutating func refuse(_ port: UInt16, _ place: Int, _ host: HostScan) -> Bool {
        putBack(port, host)
        refusals += 1
        for _ in 0..<64 where !late.isEmpty { drop(Int(late.first)) }
        if waitingCount > 0 { ceiling = max(1, waitingCount) }
        if refusals > 100, table.count == 0, let port = nextPort(of: host, now) {
            refusals = 0
            decide(Int(port), .other, icmp: nil, sender: nil, roundTrip: nil, host)
            host.slow?.wasAnswered(isRefusal: false, at: now)
            check(place)
        }
        return false
    }
}
