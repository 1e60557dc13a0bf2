import Addressing

/// What an answer means for its port, its host and the pace.
extension ConnectScanner where Network: ~Copyable {
    /// When the system repeats a SYN (RFC 6298 section 2.1), less what timers may be early.
    private static var firstRepetition: Int64 { 950_000_000 }

    mutating func take(_ event: ProbeEvent, _ time: Int64) {
        let probe = table[event.probe]
        guard probe.stage != .free, let host = hosts[Int(probe.host)] else { return }
        switch event.kind {
        case .answer(let answer):
            settle(
                answer, event.probe, Int(probe.port), Int(probe.attempt), Int(probe.host), host, sentAt: probe.sentAt,
                time)
        case .said(let bytes):
            if !bytes.isEmpty { host.setBanner(bytes, port: Int(probe.port)) }
            endListening(event.probe, host)
        }
    }

    /// Takes in the answer of a probe. Except for a connection its socket is gone already.
    mutating func settle(
        _ answer: ProbeAnswer, _ probe: Int, _ port: Int, _ attempt: Int, _ place: Int, _ host: HostScan, sentAt: Int64,
        _ time: Int64
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
            note(host.records[port].reason, hasICMP: answer.isICMP, host, time)
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

    /// Whether the answer is one that a limit may hold back (`SlowRound`). An ICMP message that leaves its port
    /// filtered says nothing that silence does not say, unless the same limit holds back port unreachables.
    func note(_ reason: ProbeReason, hasICMP: Bool, _ host: HostScan, _ time: Int64) {
        let isRefusal = reason.state != .filtered || (hasICMP && host.refusesByICMP)
        if reason.state == .closed {
            host.isRefusing = true
            if hasICMP { host.refusesByICMP = true }
        }
        if isRefusal { host.lastAnswerAt = time }
        host.slow?.wasAnswered(isRefusal: isRefusal, at: time)
    }

    /// Notes that the host answers: all of its ports may be asked.
    func isUp(_ host: HostScan) {
        host.isUp = true
        host.looksFirst = false
        host.cursorLimit = host.ports.count
    }

    /// An answer tells how long the way is and whether SYNs get lost on it.
    mutating func learn(_ roundTrip: Int64, _ attempt: Int, _ port: Int, _ host: HostScan, _ time: Int64) {
        // Each attempt has a socket of its own, so it is clear which SYN was answered (RFC 6298 section 3), but for
        // those that the system itself repeats after a second: such a time is no round trip where others took far less.
        let mayBeRepeated =
            roundTrip >= Self.firstRepetition && host.estimator.smoothed.map { roundTrip / 4 > $0 } == true
        if !mayBeRepeated {
            host.estimator.add(roundTrip)
            estimator.add(roundTrip)
        }
        // What a slow round finds was held back, not lost.
        guard host.slow == nil else { return }
        // An answer to an earlier attempt than the last came late, nothing was lost.
        let lost = attempt == Int(host.records[port].attempts) ? attempt : 1
        if host.pace.answered(attempt: lost, now: time, wait: wait(host, attempt: 1)) { reopen(host) }
    }

    /// More is lost than was thought: the ports that were given up too soon are asked again.
    mutating func reopen(_ host: HostScan) {
        for port in host.records.indices
        where host.records[port].reason == .noResponse && host.records[port].attempts < host.pace.attempts {
            host.records[port].reason = .undecided
            host.decidedCount -= 1
            progress.decided &-= 1
            progress.unanswered += Int64(host.records[port].attempts)
            host.retries.append(UInt16(truncatingIfNeeded: port))
        }
    }

    mutating func decide(
        _ port: Int, _ reason: ProbeReason, icmp: ICMPKind?, sender: IPAddress?, roundTrip: Int64?, _ host: HostScan
    ) {
        host.records[port].set(reason, icmp: icmp, sender: host.place(of: sender), roundTrip: roundTrip)
        host.decidedCount += 1
        progress.decided &+= 1
        progress.unanswered -= Int64(host.records[port].attempts)
        if reason.state == .open {
            host.openCount += 1
            progress.open += 1
        }
    }
}
