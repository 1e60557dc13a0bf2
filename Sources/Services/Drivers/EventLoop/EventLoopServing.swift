import Addressing
import Sockets

/// What a connection brings, and what the logic answers.
extension EventLoopDriver {
    func slot(of member: MemberID) -> Int? {
        member.slot < connections.count && connections[member.slot].isOpen
            && connections[member.slot].generation == member.generation ? member.slot : nil
    }

    mutating func serve(_ event: Poller.Event, _ buffer: inout [UInt8]) {
        let slot = Int(event.token & 0xffff_ffff)
        guard slot < connections.count, connections[slot].isOpen, connections[slot].token(slot) == event.token else {
            return
        }
        if event.readiness.contains(.writable), connections[slot].interest.contains(.writable) {
            flush(slot)
            guard connections[slot].isOpen, connections[slot].token(slot) == event.token else { return }
        }
        guard event.readiness.contains(.readable) else { return }
        if connections[slot].interest.contains(.readable) {
            receive(slot, &buffer)
        } else if let error = calls.pendingError(connections[slot].descriptor) {
            // Not asked for, so it is an error: the peer is gone.
            end(
                slot,
                .finished(connections[slot].name, SocketError(.recv, error.rawValue, peer: connections[slot].peer)))
        } else if !connections[slot].interest.contains(.writable), connections[slot].queue.part == nil {
            end(slot, .finished(connections[slot].name, nil))
        }
    }

    mutating func receive(_ slot: Int, _ buffer: inout [UInt8]) {
        let peer = connections[slot].peer
        switch calls.receive(connections[slot].descriptor, into: &buffer, peer: peer) {
        case .wouldBlock: return
        case .failed(let code):
            // After this side's FIN the peer owes nothing.
            let error = connections[slot].isLingering ? nil : SocketError(.recv, code.rawValue, peer: peer)
            end(slot, .finished(connections[slot].name, error))
        case .bytes(0):
            if connections[slot].isLingering { return end(slot, .finished(connections[slot].name, nil)) }
            connections[slot].peerHasFinished = true
            answer.reset()
            group.peerFinished(connections[slot].member(slot), &answer)
            answer.close()
            carryOut(slot)
        case .bytes(let count):
            if connections[slot].isLingering {
                connections[slot].drained += count
                // A client that goes on sending is not read without end.
                if connections[slot].drained > Self.mostDrained { end(slot, .finished(connections[slot].name, nil)) }
                return
            }
            if connections[slot].isClosing { return }
            connections[slot].lastMove = now
            connections[slot].lastReceived = now
            let member = connections[slot].member(slot)
            answer.reset()
            group.received(member, buffer.span.extracting(first: count), &answer)
            carryOut(slot)
            if group.awaitsQuiet(member), self.slot(of: member) != nil { waitForQuiet(slot, member) }
        }
    }

    /// Does what the logic wants done.
    mutating func carryOut(_ slot: Int) {
        if !answer.remarks.isEmpty {
            for remark in answer.remarks { report(.remark(connections[slot].name, remark)) }
        }
        if answer.closes { connections[slot].isClosing = true }
        if !answer.letters.isEmpty {
            let member = connections[slot].member(slot)
            let (octets, isTooFast) = sendLetters()
            // One that could not be reached left, others were told, and this one may have gone by that.
            if self.slot(of: member) == nil { return }
            if isTooFast { charge(slot, octets) }
        }
        if answer.parts.isEmpty, answer.bytes.isEmpty, !answer.closes { return }
        var sent = 0
        if connections[slot].queue.isEmpty, !answer.bytes.isEmpty {
            switch calls.send(connections[slot].descriptor, answer.bytes.span, peer: connections[slot].peer) {
            case .bytes(let count): sent = count
            case .wouldBlock: break
            case .failed(let code):
                return end(
                    slot,
                    .finished(connections[slot].name, SocketError(.send, code.rawValue, peer: connections[slot].peer)))
            }
            // The common case: everything is gone, and nothing else is to be done.
            if sent == answer.bytes.count, answer.parts.isEmpty, !answer.closes { return }
        }
        if sent < answer.bytes.count {
            let rest = answer.bytes
            connections[slot].queue.add(rest.span.extracting(sent...))
        }
        for part in answer.parts {
            connections[slot].queue.add(part)
            // Worked out while the file is sent, not after it.
            if case .digest(let file) = part { _ = digests.digest(of: file) }
        }
        account(slot)
        if answer.parts.isEmpty, !connections[slot].queue.isEmpty { return watch(slot) }
        flush(slot)
    }

    /// Sends what goes to others, and says how many octets the first of them gets, and whether it is more than somebody
    /// reads.
    @discardableResult
    mutating func sendLetters() -> (octets: Int, isTooFast: Bool) {
        var first: MemberID?
        var octets = 0
        var isTooFast = false
        for letter in answer.letters {
            // Each letter of a logic goes to all others, so the first one's share is each one's.
            if first == nil { first = letter.member }
            if letter.member == first { octets += letter.bytes.count }
            guard let slot = slot(of: letter.member), !connections[slot].isLingering else { continue }
            // A member's own time starts when something is first owed to it.
            if connections[slot].queue.isEmpty { connections[slot].lastMove = now }
            connections[slot].queue.add(letter.bytes.span)
            sendBytes(slot)
            if connections[slot].isOpen {
                account(slot)
                if connections[slot].queue.held > ServiceLimits.backlog / 4 { isTooFast = true }
                if connections[slot].queue.held > ServiceLimits.backlog { overfull.append(letter.member) }
                watch(slot)
            }
        }
        return (octets, isTooFast)
    }

    /// Keeps the sum of what all queues hold. Who adds to it when it is too much goes: many that ask and do not read
    /// must not fill the memory either.
    mutating func account(_ slot: Int) {
        let now = connections[slot].queue.held
        held += now - connections[slot].counted
        let grew = now > connections[slot].counted
        connections[slot].counted = now
        if grew, held > ServiceLimits.allBacklogs { overfull.append(connections[slot].member(slot)) }
    }
}
