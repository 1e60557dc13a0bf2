import Addressing
import Sockets
import Text

/// Serves thousands of clients on one thread: it waits for all sockets at once (epoll, kqueue) and makes only calls
/// that do not block. It drives any `GroupLogic`, the same that the blocking drivers run.
///
/// - A client that sends faster than it reads is not read from until it has read.
/// - A client that does not read what others send it is disconnected, so that it holds nobody up and fills no memory.
/// - A client that makes others be sent more than they read is itself read from only as fast as `SendingBudget`
///   allows: it cannot get those sent away who read at a reasonable pace.
/// - One that is silent for too long is disconnected.
/// - When descriptors are used up, new clients stay in the system's queue, and accept is tried again later, not in a
///   busy loop.
/// - A connection that this side ends gets a lingering close: it is shut down and read to its end, because a close
///   with unread data would be a reset, which could overtake the last answer (RFC 1122 section 4.2.2.13).
public struct EventLoopDriver<Group: GroupLogic>: ~Copyable {
    var group: Group
    let calls: EventCalls
    let options: ServerOptions
    let most: Int
    let receiveSize: Int
    let idle: Int64?
    let report: (ServiceEvent) -> Void

    var poller: Poller
    var events: [Poller.Event] = []
    var listeners: [(descriptor: Int32, local: Endpoint?)] = []
    var connections: [EventConnection] = []
    var free: [Int] = []
    var count = 0
    var quiet = DueQueue()
    /// Those that are not read from for a while, because they made others be sent too much.
    var pauses = DueQueue()
    var now = MonotonicClock.now()
    var nextSweep: Int64?

    var isAccepting = true
    /// accept failed for want of descriptors: when to try again.
    var retry: Int64?
    var fullWasTold: Int64?
    var exhaustionWasTold: Int64?

    var answer = ServiceAnswer()
    /// What all queues hold, and the members that are to go because theirs holds too much.
    var held = 0
    var overfull: [MemberID] = []

    let wake: ThreadGate
    let digests: FileDigests
    var awaitingDigests: [MemberID] = []

    static var stopToken: UInt64 { .max }
    static var wakeToken: UInt64 { .max - 1 }
    static var firstListenerToken: UInt64 { .max - 1024 }

    /// - Parameters:
    ///   - most: how many clients at once; the next wait in the system's queue.
    ///   - receiveSize: how much of one client is taken before the others have their turn.
    ///   - recorder: sees every socket call.
    ///   - report: called on the loop's thread.
    public init(
        _ group: Group, most: Int, receiveSize: Int = 16_384, options: ServerOptions = ServerOptions(),
        recorder: CallRecorder? = nil,
        transport: SocketProtocol = .tcp, report: @escaping (ServiceEvent) -> Void
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
        // A quarter of what fits, so that a time of the clock can be added.
        idle = options.idle.map { min($0.clampedNanoseconds, .max / 4) }
        calls = EventCalls(recorder: recorder, transport: transport)
    }

    deinit {
        for listener in listeners { calls.close(listener.descriptor, peer: nil) }
        for connection in connections where connection.isOpen {
            calls.close(connection.descriptor, peer: connection.peer)
        }
    }

    /// Takes over a socket that listens.
    public mutating func add<S: BerkeleySocket & ~Copyable>(_ listener: consuming S, local: Endpoint?)
        throws(SocketError)
    {
        let descriptor = listener.release()
        EventCalls.setNonblocking(descriptor)
        listeners.append((descriptor, local))
        try poller.add(descriptor, token: Self.firstListenerToken + UInt64(listeners.count - 1), for: .readable)
    }

    /// Serves until the descriptor can be read (a signal has come, somebody wants an end). What is queued then still
    /// leaves if it can at once.
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
}
