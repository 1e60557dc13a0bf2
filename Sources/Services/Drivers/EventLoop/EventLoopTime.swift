import Addressing
import Sockets
import Text

/// What happens because time passes: quiet that ends a message, clients that are silent for too long, pauses, another
/// try to accept.
extension EventLoopDriver {
    var timeout: Int64? {
        let next = [quiet.next, pauses.next, nextSweep, retry].compactMap(\.self).min()
        return next.map { max(0, $0 - MonotonicClock.now()) }
    }

    mutating func passTime() {
        while let member = quiet.take(before: now) { quietIsOver(member) }
        while let member = pauses.take(before: now) { pauseIsOver(member) }
        if let retry, retry <= now { resumeAccepting() }
        if let sweep = nextSweep, sweep <= now { sweepIdle() }
        while let member = overfull.popLast() {
            if let slot = slot(of: member) { end(slot, .dismissed(connections[slot].name, .tooSlow)) }
        }
    }

    static var sweepInterval: Int64 { 500_000_000 }
    /// How long, and how far, a connection that this side has ended is read on.
    static var lingerTime: Int64 { 2_000_000_000 }
    static var mostDrained: Int { 1 << 20 }

    mutating func sweepIdle() {
        for slot in connections.indices where connections[slot].isOpen {
            let silence = now - connections[slot].lastMove
            if connections[slot].isLingering {
                if silence > Self.lingerTime { end(slot, .finished(connections[slot].name, nil)) }
            } else if let idle, silence > idle {
                end(slot, .dismissed(connections[slot].name, .idle))
            }
        }
        nextSweep = count > 0 ? now + Self.sweepInterval : nil
    }

    mutating func quietIsOver(_ member: MemberID) {
        guard let slot = slot(of: member) else { return }
        connections[slot].isInQuietQueue = false
        guard group.awaitsQuiet(member), !connections[slot].isClosing else { return }
        let due = connections[slot].lastReceived + Quiet.time.clampedNanoseconds
        if due > now { return waitForQuiet(slot, member) }
        answer.reset()
        group.fellQuiet(member, &answer)
        carryOut(slot)
    }

    /// Charges a client for what it made others be sent; if that was too much, it is not read from until it is made up
    /// for.
    mutating func charge(_ slot: Int, _ octets: Int) {
        guard let end = connections[slot].budget.spend(octets, at: now), !connections[slot].isPaused else { return }
        connections[slot].isPaused = true
        pauses.add(connections[slot].member(slot), at: end)
        watch(slot)
    }

    private mutating func pauseIsOver(_ member: MemberID) {
        guard let slot = slot(of: member) else { return }
        connections[slot].isPaused = false
        watch(slot)
    }

    mutating func waitForQuiet(_ slot: Int, _ member: MemberID) {
        if connections[slot].isInQuietQueue { return }
        connections[slot].isInQuietQueue = true
        quiet.add(member, at: connections[slot].lastReceived + Quiet.time.clampedNanoseconds)
    }
}
