/// Which hosts are under way: begun in the plan's order, finished when all is known that will be.
extension ConnectScanner where Network: ~Copyable {
    /// So many hosts, or so many ports of hosts, are under way or wait to be handed out: what bounds the memory.
    private static var mostHosts: Int { 512 }
    private static var mostRecords: Int { 1_100_000 }
    /// How many ports of a host in a block are asked before it is taken for absent.
    private static var firstPorts: Int { 8 }

    mutating func admitHosts() {
        while hasMoreHosts, handout.count < Self.mostHosts,
            handout.isEmpty || (handout.count + 1) * plan.ports.count <= Self.mostRecords
        {
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

    /// Finishes a host when all is known that will be.
    mutating func check(_ place: Int) {
        guard let host = hosts[place], host.pendingBanners == 0 else { return }
        if host.looksFirst, host.decidedCount == host.cursorLimit, host.retries.isEmpty {
            host.isSkipped = true
            progress.decided &+= UInt64(host.ports.count - host.decidedCount)
        } else if host.slow?.isOver == true {
            endSlowRound(host)
        } else if host.decidedCount < host.ports.count || beginSlowRound(place, host) {
            return
        }
        finish(place)
    }

    mutating func finish(_ place: Int) {
        guard let host = hosts[place] else { return }
        host.endedAt = now
        host.isFinished = true
        hosts[place] = nil
        progress.hostsDone &+= 1
        // Whatever is still open for it was for late answers.
        if table.count > 0 {
            for probe in table.places where table[probe].stage != .free && Int(table[probe].host) == place {
                drop(probe, of: host)
            }
        }
    }
}
