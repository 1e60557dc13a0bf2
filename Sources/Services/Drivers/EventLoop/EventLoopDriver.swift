import Addressing
import Sockets

/// Serves thousands of clients on one thread: it waits for all sockets at once (epoll, kqueue) and makes only calls that do not
/// block. It drives a `GroupLogic`, of whatever nature: the logic is that of the blocking drivers.
///
/// - A client that sends faster than it reads is not read from until it has read.
/// - A client that does not read what others send it is sent away, so that it holds nobody up and fills no memory.
/// - One that is silent for too long is sent away.
/// - When descriptors are used up, those who wait go on waiting; nothing spins.
/// - A connection that this side ends is shut down and read to its end: a close with unread data would be a reset, and the
///   reset could overtake the last answer (RFC 1122 section 4.2.2.13).
public struct EventLoopDriver<Group: GroupLogic>: ~Copyable {
    private var group: Group
    private let calls: EventCalls
    private let options: ServerOptions
    private let most: Int
    private let receiveSize: Int
    private let idle: Int64?
    private let report: (ServiceEvent) -> Void

    private var poller: Poller
    private var events: [Poller.Event] = []
    private var listeners: [(descriptor: Int32, local: Endpoint?)] = []
    private var connections: [EventConnection] = []
    private var free: [Int] = []
    private var count = 0
    private var quiet = QuietQueue()
    private var now = MonotonicClock.now()
    private var nextSweep: Int64?

    private var isAccepting = true
    /// accept failed for want of descriptors: when to try again.
    private var retry: Int64?
    private var fullWasTold: Int64?
    private var exhaustionWasTold: Int64?

    private var answer = ServiceAnswer()
    /// What all queues hold, and the members that are to go because theirs holds too much.
    private var held = 0
    private var overfull: [MemberID] = []

    private let wake: ThreadGate
    private let digests: FileDigests
    private var awaitingDigests: [MemberID] = []

    private static var stopToken: UInt64 { .max }
    private static var wakeToken: UInt64 { .max - 1 }
    private static var firstListenerToken: UInt64 { .max - 1024 }

    /// - Parameters:
    ///   - most: how many clients at once; the next wait in the system's queue.
    ///   - receiveSize: how much of one client is taken before the others have their turn.
    ///   - recorder: sees every socket call.
    ///   - report: called on the loop's thread.
    public init(
        _ group: Group, most: Int, receiveSize: Int = 16_384, options: ServerOptions = ServerOptions(), recorder: CallRecorder? = nil,
        transport: SocketCall.Transport = .tcp, report: @escaping (ServiceEvent) -> Void
    ) throws(SocketError) {
        let poller = try Poller()
        let gate = try ThreadGate()
        try poller.add(gate.descriptor, token: Self.wakeToken, for: .readable)
        self.poller = poller
        wake = gate
        digests = FileDigests { gate.open() }
        self.group = group
        self.most = max(1, most)
        self.receiveSize = max(1, receiveSize)
        self.options = options
        self.report = report
        idle = options.idle.map { $0.nanoseconds }
        calls = EventCalls(recorder: recorder, transport: transport)
    }

    deinit {
        for listener in listeners { calls.close(listener.descriptor, peer: nil) }
        for connection in connections where connection.isOpen { calls.close(connection.descriptor, peer: connection.peer) }
    }

    /// Takes over a socket that listens.
    public mutating func add<S: BerkeleySocket & ~Copyable>(_ listener: consuming S, local: Endpoint?) throws(SocketError) {
        let descriptor = listener.release()
        EventCalls.setNonblocking(descriptor)
        listeners.append((descriptor, local))
        try poller.add(descriptor, token: Self.firstListenerToken + UInt64(listeners.count - 1), for: .readable)
    }

    /// Serves until the descriptor can be read (a signal has come, somebody wants an end). What is queued then still leaves if
    /// it can at once.
    public mutating func run(until stop: Int32) throws(SocketError) {
        try poller.add(stop, token: Self.stopToken, for: .readable)
        // One for all connections.
        var buffer = [UInt8](repeating: 0, count: receiveSize)
        while true {
            events.removeAll(keepingCapacity: true)
            try poller.wait(nanoseconds: timeout, into: &events)
            now = MonotonicClock.now()
            var isOver = false
            for index in events.indices {
                let event = events[index]
                switch event.token {
                case Self.stopToken: isOver = true
                case Self.wakeToken: digestsAreDone()
                case Self.firstListenerToken...: accept(from: Int(event.token - Self.firstListenerToken))
                default: serve(event, &buffer)
                }
            }
            passTime()
            if isOver { break }
        }
        poller.remove(stop)
        for slot in connections.indices where connections[slot].isOpen {
            flush(slot)
            if connections[slot].isOpen { end(slot, .finished(connections[slot].name, nil)) }
        }
    }

    // MARK: Time

    private var timeout: Int64? {
        let next = [quiet.next, nextSweep, retry].compactMap(\.self).min()
        return next.map { max(0, $0 - MonotonicClock.now()) }
    }

    private mutating func passTime() {
        while let member = quiet.take(before: now) { quietIsOver(member) }
        if let retry, retry <= now { resumeAccepting() }
        if let sweep = nextSweep, sweep <= now { sweepIdle() }
        while let member = overfull.popLast() {
            if let slot = slot(of: member) { end(slot, .dismissed(connections[slot].name, .tooSlow)) }
        }
    }

    private static var sweepInterval: Int64 { 500_000_000 }
    /// How long, and how far, a connection that this side has ended is read on.
    private static var lingerTime: Int64 { 2_000_000_000 }
    private static var mostDrained: Int { 1 << 20 }

    private mutating func sweepIdle() {
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

    private mutating func quietIsOver(_ member: MemberID) {
        guard let slot = slot(of: member) else { return }
        connections[slot].isInQuietQueue = false
        guard group.awaitsQuiet(member), !connections[slot].isClosing else { return }
        let due = connections[slot].lastReceived + Quiet.time.nanoseconds
        if due > now { return waitForQuiet(slot, member) }
        answer.reset()
        group.fellQuiet(member, &answer)
        carryOut(slot)
    }

    private mutating func waitForQuiet(_ slot: Int, _ member: MemberID) {
        if connections[slot].isInQuietQueue { return }
        connections[slot].isInQuietQueue = true
        quiet.add(member, at: connections[slot].lastReceived + Quiet.time.nanoseconds)
    }

    // MARK: Coming

    private static var acceptsAtATime: Int { 64 }
    private static var retryTime: Int64 { 100_000_000 }

    private mutating func accept(from index: Int) {
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
                exhaustionWasTold = tell(.exhausted(SocketError(.accept, code.rawValue, local: listener.local)), last: exhaustionWasTold)
                retry = now + Self.retryTime
                return stopAccepting()
            case .failed(let code):
                exhaustionWasTold = tell(.exhausted(SocketError(.accept, code.rawValue, local: listener.local)), last: exhaustionWasTold)
                retry = now + Self.retryTime
                return stopAccepting()
            }
        }
    }

    /// What lasts is told now and then, not ten times a second. Gives the time at which it was told last.
    private func tell(_ event: ServiceEvent, last: Int64?) -> Int64 {
        if let last, now - last < 10_000_000_000 { return last }
        report(event)
        return now
    }

    /// The system goes on to make connections as far as the backlog goes; nobody asks for them.
    private mutating func stopAccepting() {
        isAccepting = false
        for (index, listener) in listeners.enumerated() { try? poller.change(listener.descriptor, token: Self.firstListenerToken + UInt64(index), for: []) }
    }

    private mutating func resumeAccepting() {
        retry = nil
        if isAccepting || count >= most { return }
        isAccepting = true
        for (index, listener) in listeners.enumerated() { try? poller.change(listener.descriptor, token: Self.firstListenerToken + UInt64(index), for: .readable) }
    }

    private mutating func join(_ descriptor: Int32, _ peer: Endpoint?) {
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

    // MARK: Serving

    private func slot(of member: MemberID) -> Int? {
        member.slot < connections.count && connections[member.slot].isOpen && connections[member.slot].generation == member.generation ? member.slot : nil
    }

    private mutating func serve(_ event: Poller.Event, _ buffer: inout [UInt8]) {
        let slot = Int(event.token & 0xffff_ffff)
        guard slot < connections.count, connections[slot].isOpen, connections[slot].token(slot) == event.token else { return }
        if event.readiness.contains(.writable), connections[slot].interest.contains(.writable) {
            flush(slot)
            guard connections[slot].isOpen, connections[slot].token(slot) == event.token else { return }
        }
        guard event.readiness.contains(.readable) else { return }
        if connections[slot].interest.contains(.readable) {
            receive(slot, &buffer)
        } else if let error = calls.pendingError(connections[slot].descriptor) {
            // Not asked for, so it is an error: the peer is gone.
            end(slot, .finished(connections[slot].name, SocketError(.recv, error.rawValue, peer: connections[slot].peer)))
        } else if !connections[slot].interest.contains(.writable), connections[slot].queue.part == nil {
            end(slot, .finished(connections[slot].name, nil))
        }
    }

    private mutating func receive(_ slot: Int, _ buffer: inout [UInt8]) {
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
                // Whoever goes on and on is not read for ever.
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
    private mutating func carryOut(_ slot: Int) {
        if !answer.remarks.isEmpty {
            for remark in answer.remarks { report(.remark(connections[slot].name, remark)) }
        }
        if answer.closes { connections[slot].isClosing = true }
        if !answer.letters.isEmpty {
            let member = connections[slot].member(slot)
            sendLetters()
            // One that could not be reached left, others were told, and this one may have gone by that.
            if self.slot(of: member) == nil { return }
        }
        if answer.parts.isEmpty, answer.bytes.isEmpty, !answer.closes { return }
        var sent = 0
        if connections[slot].queue.isEmpty, !answer.bytes.isEmpty {
            switch calls.send(connections[slot].descriptor, answer.bytes.span, peer: connections[slot].peer) {
            case .bytes(let count): sent = count
            case .wouldBlock: break
            case .failed(let code): return end(slot, .finished(connections[slot].name, SocketError(.send, code.rawValue, peer: connections[slot].peer)))
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

    private mutating func sendLetters() {
        for letter in answer.letters {
            guard let slot = slot(of: letter.member), !connections[slot].isLingering else { continue }
            // A member's own time starts when something is first owed to it.
            if connections[slot].queue.isEmpty { connections[slot].lastMove = now }
            connections[slot].queue.add(letter.bytes.span)
            sendBytes(slot)
            if connections[slot].isOpen {
                account(slot)
                if connections[slot].queue.held > ServiceLimits.backlog { overfull.append(letter.member) }
                watch(slot)
            }
        }
    }

    /// Keeps the sum of what all queues hold. Who adds to it when it is too much goes: many that ask and do not read must not
    /// fill the memory either.
    private mutating func account(_ slot: Int) {
        let now = connections[slot].queue.held
        held += now - connections[slot].counted
        let grew = now > connections[slot].counted
        connections[slot].counted = now
        if grew, held > ServiceLimits.allBacklogs { overfull.append(connections[slot].member(slot)) }
    }

    /// Sends what is queued as far as there is room.
    private mutating func flush(_ slot: Int) {
        sending: while connections[slot].isOpen {
            if connections[slot].queue.hasBytes {
                if sendBytes(slot) { continue }
                break
            }
            switch connections[slot].queue.part {
            case nil: break sending
            case .bytes(let bytes)?: connections[slot].queue.openPart(bytes)
            case .digest(let file)?:
                guard let digest = digests.digest(of: file) else {
                    awaitingDigests.append(connections[slot].member(slot))
                    break sending
                }
                connections[slot].queue.openPart(Array(digest.utf8))
            case .file(let region)?:
                if !sendFile(slot, region) { break sending }
            }
        }
        guard connections[slot].isOpen else { return }
        if connections[slot].queue.isEmpty, connections[slot].isClosing { return finish(slot) }
        watch(slot)
    }

    /// Whether everything of the first octets is gone.
    @discardableResult
    private mutating func sendBytes(_ slot: Int) -> Bool {
        let (bytes, start) = (connections[slot].queue.bytes, connections[slot].queue.start)
        let step = calls.send(connections[slot].descriptor, bytes.span.extracting(start...), peer: connections[slot].peer)
        switch step {
        case .bytes(let count):
            connections[slot].queue.drop(count)
            connections[slot].lastMove = now
            account(slot)
            return !connections[slot].queue.hasBytes
        case .wouldBlock: return false
        case .failed(let code):
            end(slot, .finished(connections[slot].name, SocketError(.send, code.rawValue, peer: connections[slot].peer)))
            return false
        }
    }

    /// How much of a file goes before others have their turn.
    private static var fileTurn: Int64 { 1 << 20 }

    /// Sends some of a file; whether there may be room for more.
    private mutating func sendFile(_ slot: Int, _ region: FileRegion) -> Bool {
        let (descriptor, peer) = (connections[slot].descriptor, connections[slot].peer)
        let step = calls.sendFile(descriptor, region.file, offset: region.offset, count: Int(min(region.count, Self.fileTurn)), peer: peer)
        switch step {
        case .bytes(let count) where count > 0:
            connections[slot].queue.dropFromFile(Int64(count))
            connections[slot].lastMove = now
            // The rest when the socket is asked about again.
            return connections[slot].queue.part.map { if case .file = $0 { false } else { true } } ?? true
        case .wouldBlock: return false
        case .failed(.notSupported), .failed(.invalidArgument), .failed(.noFunction):
            var content = [UInt8](repeating: 0, count: Int(min(region.count, 65_536)))
            let count = region.file.read(at: region.offset, into: &content)
            if count > 0 {
                content.removeLast(content.count - count)
                connections[slot].queue.replaceFileStart(with: content)
                return true
            }
            fallthrough
        default:
            // The file became shorter, or cannot be read: the peer must not take what follows for its content.
            let error = if case .failed(let code) = step { code.rawValue } else { SocketError.ioError }
            end(slot, .finished(connections[slot].name, SocketError("sendfile", error, peer: peer)))
            return false
        }
    }

    private mutating func digestsAreDone() {
        wake.clear()
        let waiting = awaitingDigests
        awaitingDigests = []
        for member in waiting {
            if let slot = slot(of: member) { flush(slot) }
        }
    }

    /// Asks for the events that matter now.
    private mutating func watch(_ slot: Int) {
        var interest: Readiness = []
        let isFull = connections[slot].queue.held > ServiceLimits.backlog / 4 || connections[slot].queue.part != nil
        if !connections[slot].peerHasFinished, !isFull, !connections[slot].isClosing || connections[slot].isLingering { interest.insert(.readable) }
        if connections[slot].queue.hasBytes { interest.insert(.writable) }
        switch connections[slot].queue.part {
        case .file?, .bytes?: interest.insert(.writable)
        case .digest?, nil: break
        }
        if interest == connections[slot].interest { return }
        connections[slot].interest = interest
        try? poller.change(connections[slot].descriptor, token: connections[slot].token(slot), for: interest)
    }

    // MARK: Going

    /// Everything is sent and this side wants an end.
    private mutating func finish(_ slot: Int) {
        if connections[slot].peerHasFinished { return end(slot, .finished(connections[slot].name, nil)) }
        calls.finish(connections[slot].descriptor, peer: connections[slot].peer)
        connections[slot].isLingering = true
        connections[slot].lastMove = now
        watch(slot)
    }

    private mutating func end(_ slot: Int, _ event: ServiceEvent) {
        guard connections[slot].isOpen else { return }
        let member = connections[slot].member(slot)
        calls.close(connections[slot].descriptor, peer: connections[slot].peer)
        held -= connections[slot].counted
        connections[slot].close()
        count -= 1
        free.append(slot)
        report(event)
        var farewell = ServiceAnswer()
        group.left(member, &farewell)
        for remark in farewell.remarks { report(.remark(nil, remark)) }
        if !farewell.letters.isEmpty {
            swap(&answer, &farewell)
            sendLetters()
            swap(&answer, &farewell)
        }
        resumeAccepting()
    }
}

extension Duration {
    /// Rounded towards zero, and at most 292 years.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, isTooLarge) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return isTooLarge ? .max / 4 : product &+ attoseconds / 1_000_000_000
    }
}
