import Addressing
import Sockets

/// How connections come and go.
extension EventLoopDriver {
    static var acceptsAtATime: Int { 64 }
    static var retryTime: Int64 { 100_000_000 }

    mutating func accept(from index: Int) {
        guard isAccepting, index < listeners.count else { return }
        let listener = listeners[index]
        for _ in 0..<Self.acceptsAtATime {
            if count >= most {
                fullWasTold = tell(.full(most), last: fullWasTold)
                return stopAccepting()
            }
            switch calls.accept(listener.descriptor, local: listener.local) {
            case .connection(let descriptor, let peer): join(descriptor, peer)
            case .gone: continue
            case .nobody: return
            case .exhausted(let code):
                exhaustionWasTold = tell(
                    .exhausted(SocketError(.accept, code.rawValue, local: listener.local)), last: exhaustionWasTold)
                retry = now + Self.retryTime
                return stopAccepting()
            case .failed(let code):
                exhaustionWasTold = tell(
                    .exhausted(SocketError(.accept, code.rawValue, local: listener.local)), last: exhaustionWasTold)
                retry = now + Self.retryTime
                return stopAccepting()
            }
        }
    }

    /// What lasts is told now and then, not ten times a second. Gives the time at which it was told last.
    func tell(_ event: ServiceEvent, last: Int64?) -> Int64 {
        if let last, now - last < 10_000_000_000 { return last }
        report(event)
        return now
    }

    /// The system goes on to make connections as far as the backlog goes; nobody asks for them.
    mutating func stopAccepting() {
        isAccepting = false
        for (index, listener) in listeners.enumerated() {
            try? poller.change(listener.descriptor, token: Self.firstListenerToken + UInt64(index), for: [])
        }
    }

    mutating func resumeAccepting() {
        retry = nil
        if isAccepting || count >= most { return }
        isAccepting = true
        for (index, listener) in listeners.enumerated() {
            try? poller.change(listener.descriptor, token: Self.firstListenerToken + UInt64(index), for: .readable)
        }
    }

    mutating func join(_ descriptor: Int32, _ peer: Endpoint?) {
        let slot: Int
        if let reused = free.popLast() {
            slot = reused
        } else {
            slot = connections.count
            connections.append(EventConnection())
        }
        connections[slot].open(descriptor, peer, now: now)
        do throws(SocketError) {
            try poller.add(descriptor, token: connections[slot].token(slot), for: .readable)
        } catch {
            // Out of kernel memory or watches: this one cannot be served.
            report(.exhausted(error))
            calls.close(descriptor, peer: peer)
            connections[slot].close()
            free.append(slot)
            return
        }
        count += 1
        if nextSweep == nil { nextSweep = now + Self.sweepInterval }
        if options.keepAlive { calls.set(descriptor, .keepAlive, true, peer: peer) }
        if options.noDelay { calls.set(descriptor, .noDelay, true, peer: peer) }
        report(.connected(connections[slot].name))
        answer.reset()
        group.joined(connections[slot].member(slot), connections[slot].name, &answer)
        carryOut(slot)
    }

    // MARK: Going

    /// Everything is sent and this side wants an end.
    mutating func finish(_ slot: Int) {
        if connections[slot].peerHasFinished { return end(slot, .finished(connections[slot].name, nil)) }
        calls.finish(connections[slot].descriptor, peer: connections[slot].peer)
        connections[slot].isLingering = true
        connections[slot].lastMove = now
        watch(slot)
    }

    mutating func end(_ slot: Int, _ event: ServiceEvent) {
        guard connections[slot].isOpen else { return }
        let member = connections[slot].member(slot)
        calls.close(connections[slot].descriptor, peer: connections[slot].peer)
        held -= connections[slot].counted
        connections[slot].close()
        count -= 1
        free.append(slot)
        report(event)
        var parting = ServiceAnswer()
        group.left(member, &parting)
        for remark in parting.remarks { report(.remark(nil, remark)) }
        if !parting.letters.isEmpty {
            swap(&answer, &parting)
            sendLetters()
            swap(&answer, &parting)
        }
        resumeAccepting()
    }
}
