import Sockets

/// Failed calls that are how programs do things, and no failure of theirs: what succeeds in the end, what an event loop
/// asks again and again, what libraries probe.
extension CallFailure {
    /// Whether an error is ordinary for what the call does, as long as its program goes on well.
    var isIdiom: Bool {
        if call.name == .getpeername { return true }
        return switch cause {
        // connect() of a socket that does not wait: the handshake went on.
        case .stillConnecting: true
        // An event loop asks until there is nothing more; a timer is over.
        case .nothingCame(let waited, _), .nobodyConnected(let waited):
            waited < Self.shortest || errno == Self.timeout
        case .noRoom: call.finish.map { $0.nanoseconds(since: call.start) < Self.shortest } ?? false
        case .nothingCameInTime: errno == Self.timeout
        // What something is, libraries find out by trying.
        case .local(.notASocket), .local(.interrupted): true
        case .local(.notConnected): call.name == .shutdown
        case .local(.unsupported), .local(.noFreePort): call.name != .bind && !call.name.sends && !call.name.receives
        case .stillWaiting, .refused, .notYetConnected, .icmp, .reset, .unanswered, .queueFull, .noNeighbour, .notTold,
            .ownShutdown,
            .addressTaken, .local, .unexplained:
            false
        }
    }

    /// Whether a server waited for the next one to come, as servers do, when it was ended.
    var isIdleWait: Bool {
        switch cause {
        case .stillWaiting(.connection(since: _?)): true
        case .stillWaiting(.data(since: _?, request: _)): call.transport == .udp
        case .stillWaiting(.other): call.name.waits
        default: false
        }
    }

    /// A call that does not wait is back within a millisecond.
    private static let shortest: Int64 = 1_000_000
}
