import Platform
import Synchronization

/// Ends the blocking calls of another thread, so that a server that blocks in `accept` can be stopped.
///
/// `stop` shuts the sockets down that were added, shutdown(2): a blocked `recv` then gives 0 bytes, `recvfrom` 0 bytes
/// from nobody, and `accept` fails with EINVAL. That a listener and an unconnected datagram socket wake is how Linux
/// behaves (socket(7) is silent about it); on macOS only connections wake.
public final class SocketStop: Sendable {
    private struct State {
        var isStopped = false
        var descriptors: Set<Int32> = []
    }

    private let state = Mutex(State())

    /// A stop that has not come.
    public init() {}

    /// Whether `stop` was called.
    public var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Puts a socket under this stop; if it was stopped already, the socket is shut down at once.
    public func add(_ descriptor: Int32) {
        state.withLock { state in
            state.descriptors.insert(descriptor)
            if state.isStopped { _ = systemShutdown(descriptor, ShutdownDirection.both.number) }
        }
    }

    /// To be called before the descriptor is closed: its number may be somebody else's afterwards.
    public func remove(_ descriptor: Int32) {
        state.withLock { _ = $0.descriptors.remove(descriptor) }
    }

    /// Wakes everybody, now and whoever comes later.
    public func stop() {
        state.withLock { state in
            state.isStopped = true
            for descriptor in state.descriptors { _ = systemShutdown(descriptor, ShutdownDirection.both.number) }
        }
    }
}
