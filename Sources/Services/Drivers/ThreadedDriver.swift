import Addressing
import Sockets
import Synchronization

/// The course's other server loop: a thread for each client, and a lock around what they share. Each call blocks. It drives
/// a `GroupLogic`.
///
/// A member that does not read is a problem of this form: whoever sends to it waits. It is cut off after a second.
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
        _ group: Group, socket: @escaping SocketMaker<S>, stop: SocketStop = SocketStop(), options: ServerOptions = ServerOptions(),
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
    public func serve(at local: Endpoint, backlog: Int32 = 5, most: Int = 10, connections limit: Int? = nil) throws(SocketError) {
        let listener = try options.makeBound(socket, .stream, at: local)
        try listener.listen(backlog: backlog)
        report(.listening(local.port == .any ? try listener.localEndpoint() : local))
        stop.add(listener.descriptor)
        let gate = try ThreadGate()
        var present = 0
        var failure: SocketError?
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
                guard let client = try accept(from: listener) else { continue }
                try start(client, number: accepted, gate)
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
        state.withLock { state in
            state.members[id] = member
            deliver(&state, from: id) { $0.joined(id, member.peer, &$1) }
        }
        let early = failure
        _ = try SystemThread<Void>.start { [self] in
            let end = early ?? converse(member, id)
            state.withLock { state in
                state.members[id] = nil
                deliver(&state, from: id) { $0.left(id, &$1) }
            }
            stop.remove(member.socket.descriptor)
            report(.finished(member.peer, end))
            gate.open()
        }
    }

    /// The thread of one member, until it goes; says why if not in order.
    private func converse(_ member: Member<S>, _ id: MemberID) -> SocketError? {
        do throws(SocketError) {
            while !member.isOver.load(ordering: .relaxed) {
                if state.withLock({ $0.group.awaitsQuiet(id) }), try waitReady(member.socket.descriptor, for: .readable, timeout: Quiet.time).isEmpty {
                    state.withLock { state in deliver(&state, from: id) { $0.fellQuiet(id, &$1) } }
                    continue
                }
                let bytes = try member.socket.recv(CourseDefaults.receiveSize)
                state.withLock { state in
                    deliver(&state, from: id) { group, answer in
                        if bytes.isEmpty {
                            group.peerFinished(id, &answer)
                            answer.close()
                        } else {
                            group.received(id, bytes.span, &answer)
                        }
                    }
                }
            }
            return nil
        } catch {
            return error
        }
    }

    /// Lets the group answer an event and sends what it says. A member that cannot be sent to is shut down: its own thread
    /// wakes and sees to the rest.
    private func deliver(_ state: inout State, from id: MemberID, _ event: (inout Group, inout ServiceAnswer) -> Void) {
        var answer = ServiceAnswer()
        event(&state.group, &answer)
        let peer = state.members[id]?.peer
        for remark in answer.remarks { report(.remark(peer, remark)) }
        if let member = state.members[id] {
            member.send { (socket: borrowing S) throws(SocketError) in try socket.sendAll(answer, digests) }
            if answer.closes { member.isOver.store(true, ordering: .relaxed) }
        }
        for letter in answer.letters {
            state.members[letter.member]?.send { (socket: borrowing S) throws(SocketError) in try socket.sendAll(letter.bytes) }
        }
    }
}

/// A member's socket, used by its own thread and by those that send to it.
private final class Member<S: BerkeleySocket & ~Copyable>: Sendable {
    let socket: S
    let peer: Endpoint
    let isOver = Atomic(false)

    init(_ socket: consuming S, _ peer: Endpoint) {
        self.socket = socket
        self.peer = peer
    }

    func send(_ body: (borrowing S) throws(SocketError) -> Void) {
        do throws(SocketError) {
            try body(socket)
        } catch {
            isOver.store(true, ordering: .relaxed)
            try? socket.shutdown(.both)
        }
    }
}
