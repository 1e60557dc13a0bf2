import Addressing
import Sockets
import Synchronization

/// The course's other server loop: a thread for each client, and a lock around what they share. Each call blocks. It
/// drives a `GroupLogic`.
///
/// A member that does not read blocks the thread that sends to it, and is cut off after a second.
public final class ThreadedDriver<S: BerkeleySocket & ~Copyable, Group: GroupLogic>: Sendable {
    private struct State {
        var group: Group
        var members: [MemberID: Member<S>] = [:]
        var served = 0
    }

    private let socket: SocketMaker<S>
    private let stop: SocketStop
    private let options: ServerOptions
    private let state: Mutex<State>
    private let digests = FileDigests()
    private let report: @Sendable (ServiceEvent) -> Void

    private static var patience: Duration { .seconds(1) }

    /// - Parameter report: called on any of the threads.
    public init(
        _ group: Group, socket: @escaping SocketMaker<S>, stop: SocketStop = SocketStop(),
        options: ServerOptions = ServerOptions(),
        report: @escaping @Sendable (ServiceEvent) -> Void
    ) {
        self.socket = socket
        self.stop = stop
        self.options = options
        self.report = report
        state = Mutex(State(group: group))
    }

    /// Serves TCP: socket, bind, listen, then accept and a thread for each client.
    ///
    /// - Parameters:
    ///   - most: how many clients at once; the next wait in the system's queue.
    ///   - limit: after how many connections no more are accepted; it returns when the last has ended.
    public func serve(at local: Endpoint, backlog: Int32 = 5, most: Int = 10, connections limit: Int? = nil)
        throws(SocketError)
    {
        let listener = try options.makeBound(socket, .stream, at: local)
        try listener.listen(backlog: backlog)
        report(.listening(local.port == .any ? try listener.localEndpoint() : local))
        stop.add(listener.descriptor)
        let gate = try ThreadGate()
        var present = 0
        var failure: SocketError?
        var lastExhaustion: ContinuousClock.Instant?
        do throws(SocketError) {
            var accepted = 0
            while accepted < limit ?? .max, !stop.isStopped {
                if present >= most {
                    report(.full(most))
                    while try !gate.pass(within: .seconds(1)), !stop.isStopped {}
                    present -= 1
                    continue
                }
                while try gate.pass(within: .zero) { present -= 1 }
                do throws(SocketError) {
                    guard let client = try accept(from: listener) else { continue }
                    try start(client, number: accepted, gate)
                } catch {
                    guard error.isExhaustion, !stop.isStopped else { throw error }
                    // Those who wait go on waiting until a descriptor, or a thread, is free again.
                    if lastExhaustion.map({ ContinuousClock.now - $0 > .seconds(10) }) ?? true {
                        report(.exhausted(error))
                        lastExhaustion = .now
                    }
                    if try gate.pass(within: .milliseconds(100)) { present -= 1 }
                    continue
                }
                accepted += 1
                present += 1
            }
        } catch {
            if !stop.isStopped { failure = error }
        }
        stop.remove(listener.descriptor)
        if failure != nil { stop.stop() }
        while present > 0 {
            if try gate.pass(within: .seconds(1)) { present -= 1 }
        }
        if let failure { throw failure }
        try listener.close()
    }

    private func accept(from listener: borrowing S) throws(SocketError) -> Member<S>? {
        do throws(SocketError) {
            let client = try listener.accept()
            let peer = client.peer
            return Member(client.socket, peer)
        } catch {
            if error.code == .connectionAbort || stop.isStopped { return nil }
            throw error
        }
    }

    private func start(_ member: Member<S>, number: Int, _ gate: ThreadGate) throws(SocketError) {
        let id = MemberID(slot: number, generation: 0)
        // Before the thread runs, so that members join in the order in which they came.
        report(.connected(member.peer))
        var failure: SocketError?
        do throws(SocketError) {
            try options.prepare(member.socket)
            try member.socket.set(.sendTimeout, Self.patience)
        } catch {
            failure = error
        }
        stop.add(member.socket.descriptor)
        state.withLock { $0.members[id] = member }
        deliver(to: member, id) { group, answer in group.joined(id, member.peer, &answer) }
        let early = failure
        do throws(SocketError) {
            _ = try SystemThread<Void>.start { [self] in
                let end = early ?? converse(member, id)
                leave(member, id, end)
                gate.open()
            }
        } catch {
            leave(member, id, error)
            throw error
        }
    }

    private func leave(_ member: Member<S>, _ id: MemberID, _ end: SocketError?) {
        state.withLock { _ = $0.members.removeValue(forKey: id) }
        deliver(to: nil, id) { group, answer in group.left(id, &answer) }
        stop.remove(member.socket.descriptor)
        report(.finished(member.peer, end))
    }

    /// The thread of one member, until it goes; says why if not in order.
    private func converse(_ member: Member<S>, _ id: MemberID) -> SocketError? {
        do throws(SocketError) {
            while !member.isOver.load(ordering: .relaxed) {
                if state.withLock({ $0.group.awaitsQuiet(id) }),
                    try waitReady(member.socket.descriptor, for: .readable, timeout: Quiet.time).isEmpty
                {
                    deliver(to: member, id) { group, answer in group.fellQuiet(id, &answer) }
                    continue
                }
                let bytes = try member.socket.recv(CourseDefaults.receiveSize)
                deliver(to: member, id) { group, answer in
                    if bytes.isEmpty {
                        group.peerFinished(id, &answer)
                        answer.close()
                    } else {
                        group.received(id, bytes.span, &answer)
                    }
                }
            }
            return nil
        } catch {
            return error
        }
    }

    /// Lets the group answer an event and sends what it says. A member that cannot be sent to is shut down: its own
    /// thread wakes and sees to the rest.
    ///
    /// What goes to others goes under the lock, so that all hear it in the same order; what goes to the member itself
    /// does not: who reads a long text slowly holds nobody up.
    ///
    /// - Parameter member: whose event it is; nil when it is gone.
    private func deliver(to member: Member<S>?, _ id: MemberID, _ event: (inout Group, inout ServiceAnswer) -> Void) {
        var answer = ServiceAnswer()
        state.withLock { state in
            event(&state.group, &answer)
            for remark in answer.remarks { report(.remark(member?.peer, remark)) }
            for letter in answer.letters {
                state.members[letter.member]?.send { (socket: borrowing S) throws(SocketError) in
                    try socket.sendAll(letter.bytes)
                }
            }
        }
        guard let member else { return }
        member.send { (socket: borrowing S) throws(SocketError) in try socket.sendAll(answer, digests) }
        if answer.closes { member.isOver.store(true, ordering: .relaxed) }
    }
}

/// A member's socket, used by its own thread and by those that send to it.
private final class Member<S: BerkeleySocket & ~Copyable>: Sendable {
    let socket: S
    let peer: Endpoint
    let isOver = Atomic(false)
    /// One answer or letter after the other: a long one goes in several calls.
    private let sending = Mutex(())

    init(_ socket: consuming S, _ peer: Endpoint) {
        self.socket = socket
        self.peer = peer
    }

    func send(_ body: (borrowing S) throws(SocketError) -> Void) {
        do throws(SocketError) {
            try sending.withLock { (_) throws(SocketError) in try body(socket) }
        } catch {
            isOver.store(true, ordering: .relaxed)
            try? socket.shutdown(.both)
        }
    }
}
