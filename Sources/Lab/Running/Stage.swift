import Sockets
import Synchronization

/// How far the two programs of a demo are, shared by their threads and the one that captures.
final class Stage: Sendable {
    private struct State {
        var running: Int
        var answers: [[UInt8]] = []
        var failure: SocketError?
    }

    private let state: Mutex<State>
    let announcements = Announcements()
    let stop = SocketStop()

    /// How long a packet is under way from one to the other at most, as far as that is known.
    let oneWay: Duration
    /// How long one program waits for the other.
    let patience: Duration

    /// - Parameter programs: how many there are.
    init(programs: Int, oneWay: Duration, patience: Duration) {
        state = Mutex(State(running: programs))
        self.oneWay = oneWay
        self.patience = patience
    }

    func ended() { state.withLock { $0.running -= 1 } }
    func fail(_ error: SocketError) { state.withLock { if $0.failure == nil { $0.failure = error } } }
    func keep(_ answers: [[UInt8]]) { state.withLock { $0.answers += answers } }

    var failure: SocketError? { state.withLock { $0.failure } }
    var answers: [[UInt8]] { state.withLock { $0.answers } }
    /// Whether both programs have ended.
    var isOver: Bool { state.withLock { $0.running <= 0 } }
}
