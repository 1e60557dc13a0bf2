import Addressing
import Sockets
import Synchronization

/// Carries frames between two links and does to them what the impairments say: libpcap in, inject out.
///
/// It runs on a thread of its own until it is stopped. Both links are in the namespace of the thread that makes it.
final class Forwarder: Sendable {
    private let thread: SystemThread<Outcome>
    private let state: ForwarderState

    private enum Outcome: Sendable {
        case ended(WireLog)
        case failed(WireError)
    }

    /// Returns once frames are carried.
    ///
    /// - Parameter clock: the one that stamps packets too.
    init(client: String, server: String, _ impairments: Impairments, clock: @escaping @Sendable () -> Timestamp)
        throws(WireError)
    {
        let state = ForwarderState()
        self.state = state
        do throws(SocketError) {
            thread = try SystemThread.start {
                // Whatever happens, whoever waits for the beginning is not kept waiting.
                defer { state.begin() }
                do throws(WireError) {
                    var loop = try ForwarderLoop(client: client, server: server, impairments, clock: clock)
                    state.begin()
                    return .ended(try loop.run(state))
                } catch {
                    state.fail()
                    return .failed(error)
                }
            }
        } catch {
            throw .socket(error)
        }
        while !state.hasBegun { SystemThread<Void>.sleep(nanoseconds: 100_000) }
        if state.hasFailed { _ = try stop() }
    }

    /// Frames that are under way.
    var underWay: Int { state.underWay }

    /// Ends it. What is still under way is not delivered any more. Called again, it gives the same.
    func stop() throws(WireError) -> WireLog {
        state.stop()
        switch thread.join() {
        case .ended(let log): return log
        case .failed(let error): throw error
        }
    }
}

/// What the forwarder's thread and its owner tell each other.
final class ForwarderState: Sendable {
    private let begun = Atomic(false)
    private let failed = Atomic(false)
    private let stopped = Atomic(false)
    private let count = Atomic(0)

    func begin() { begun.store(true, ordering: .releasing) }
    var hasBegun: Bool { begun.load(ordering: .acquiring) }
    func fail() { failed.store(true, ordering: .releasing) }
    var hasFailed: Bool { failed.load(ordering: .acquiring) }
    func stop() { stopped.store(true, ordering: .releasing) }
    var shouldStop: Bool { stopped.load(ordering: .acquiring) }

    var underWay: Int {
        get { count.load(ordering: .acquiring) }
        set { count.store(newValue, ordering: .releasing) }
    }
}
