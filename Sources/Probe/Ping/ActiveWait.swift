import Sockets

/// Polls for a moment before it sleeps: on one machine an answer is often there sooner than the system wakes a sleeping
/// thread.
///
/// Before each look the processor is offered to others, so that a server on the same one gets it. Where looking does
/// not help, because answers take longer, it is tried now and then only.
struct ActiveWait {
    /// How long at a time, in nanoseconds.
    private static let patience: Int64 = 200_000
    /// After so many polls in vain in a row, it polls only at every so many waits.
    private static let trust = 8
    private static let retry = 64

    private var vain = 0

    /// Looks until something is there; nil: sleep now.
    mutating func wait(until: Int64, _ look: () -> DatagramSocket.Arrival) -> DatagramSocket.Arrival? {
        if vain >= Self.trust {
            vain += 1
            guard vain - Self.trust >= Self.retry else { return nil }
            vain = Self.trust
        }
        var end: Int64?
        while true {
            SystemThreads.yield()
            let found = look()
            if found != .nothing {
                vain = 0
                return found
            }
            let now = MonotonicClock.now()
            if now >= end ?? until { break }
            if end == nil { end = min(now &+ Self.patience, until) }
        }
        vain += 1
        return nil
    }
}
