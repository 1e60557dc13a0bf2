import Addressing
import Platform
import Synchronization

/// Collects the calls of several sockets, on several threads, in the order in which they started.
///
///     let recorder = CallRecorder(clock: SystemClock.now)
///     let socket = recorder.sockets(.client)       // in place of Socket.init
///
/// A call costs two looks at the clock and a place in an array; its text is made when `calls` is read.
public final class CallRecorder: Sendable {
    private struct Entry {
        let end: SocketCall.End
        let descriptor: Int32?
        let transport: SocketProtocol
        let request: CallRequest
        var start: Timestamp
        var finish: Timestamp?
        var outcome: CallOutcome?
        var local: Endpoint?
        var peer: Endpoint?
    }

    private let clock: @Sendable () -> Timestamp
    private let entries: Mutex<[Entry]>
    private let observer: (@Sendable (SocketCall) -> Void)?
    private let limit: Int
    private let left = Atomic(false)
    private let last = Atomic(0)

    /// - Parameters:
    ///   - clock: the one that stamps the packets too, `SystemClock.now` outside of tests.
    ///   - limit: how many calls are kept, the first ones; 0 for a server that runs for days.
    ///   - observer: called with each call once it has returned, on its thread.
    public init(
        clock: @escaping @Sendable () -> Timestamp, limit: Int = .max, observer: (@Sendable (SocketCall) -> Void)? = nil
    ) {
        self.clock = clock
        self.limit = limit
        self.observer = observer
        var empty: [Entry] = []
        empty.reserveCapacity(64)
        entries = Mutex(empty)
    }

    /// Makes sockets whose calls are recorded as those of one end.
    public func sockets(_ end: SocketCall.End) -> SocketMaker<RecordedSocket> {
        { (family, kind) throws(SocketError) in try RecordedSocket(family, kind, end, self) }
    }

    /// Every call so far, by id, which counts from 1; those that have not returned are pending.
    public var calls: [SocketCall] {
        entries.withLock { $0 }.enumerated().map { index, entry in Self.call(entry, index + 1) }
    }

    private static func call(_ entry: Entry, _ id: Int) -> SocketCall {
        SocketCall(
            id: id, end: entry.end, name: entry.request.name, descriptor: entry.descriptor,
            arguments: entry.request.arguments.values, start: entry.start, finish: entry.finish,
            result: entry.outcome.map(entry.request.result) ?? .pending, local: entry.local, peer: entry.peer,
            transport: entry.transport)
    }

    /// Whether there were more calls than are kept.
    public var isCutShort: Bool { left.load(ordering: .relaxed) }

    /// How many calls began so far.
    public var count: Int { entries.withLock { $0.count } }

    /// Whether an end is in a call right now that has not returned.
    public func isWaiting(_ end: SocketCall.End, in name: SocketCall.Name) -> Bool {
        entries.withLock { $0.contains { $0.outcome == nil && $0.end == end && $0.request.name == name } }
    }

    /// Makes a call between two looks at the clock. `endpoints` is asked before the call and, once the time is taken,
    /// again with its outcome.
    func record(
        _ request: CallRequest, descriptor: Int32?, end: SocketCall.End, transport: SocketProtocol,
        endpoints: (CallOutcome?) -> (local: Endpoint?, peer: Endpoint?), _ body: () -> CallOutcome
    ) -> CallOutcome {
        let before = endpoints(nil)
        guard let index = begin(request, descriptor, end, transport, before) else {
            var entry = Entry(
                end: end, descriptor: descriptor, transport: transport, request: request, start: clock(),
                local: before.local, peer: before.peer)
            let outcome = body()
            entry.finish = clock()
            entry.outcome = outcome
            (entry.local, entry.peer) = endpoints(outcome)
            observer?(Self.call(entry, min(limit, .max / 2) + last.wrappingAdd(1, ordering: .relaxed).newValue))
            return outcome
        }
        let outcome = body()
        let finish = clock()
        let after = endpoints(outcome)
        let entry = entries.withLock { entries in
            entries[index].finish = finish
            entries[index].outcome = outcome
            (entries[index].local, entries[index].peer) = after
            return entries[index]
        }
        observer?(Self.call(entry, index + 1))
        return outcome
    }

    /// Notes that a call begins; nil where it is not kept.
    private func begin(
        _ request: CallRequest, _ descriptor: Int32?, _ end: SocketCall.End, _ transport: SocketProtocol,
        _ before: (local: Endpoint?, peer: Endpoint?)
    ) -> Int? {
        if limit == 0 { return nil }
        return entries.withLock { entries in
            if entries.count >= limit {
                left.store(true, ordering: .relaxed)
                return nil
            }
            entries.append(
                Entry(
                    end: end, descriptor: descriptor, transport: transport, request: request, start: .epoch,
                    local: before.local, peer: before.peer))
            let last = entries.count - 1
            // Last inside the lock: the array has grown by now, and ids are in the order of the times.
            entries[last].start = clock()
            return last
        }
    }
}
