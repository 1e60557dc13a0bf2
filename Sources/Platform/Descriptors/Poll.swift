import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a descriptor can be used for without blocking.
public struct Readiness: OptionSet, Hashable, Sendable {
    /// The bits, netprobe's own.
    public let rawValue: UInt8
    /// Readiness by its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// There is data, a connection to accept, the end of the stream, or an error to collect.
    public static let readable = Readiness(rawValue: 1)
    /// There is room to send, or an error to collect.
    public static let writable = Readiness(rawValue: 2)
}

/// Waits until one of several descriptors can be read without blocking: data, a connection to accept, the end of the
/// stream, or an error to collect. Wraps poll(2); an interrupted wait goes on for the time that is left.
///
/// - Parameter timeout: how long to wait at most; nil waits for ever, zero only looks.
/// - Returns: the descriptors that are ready, in the order given; empty when the time is over.
public func waitReadable(_ descriptors: [Int32], timeout: Duration? = nil) throws(SocketError) -> [Int32] {
    var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    try wait(&entries, timeout)
    return entries.filter { $0.revents != 0 }.map(\.fd)
}

/// Waits until one descriptor can be used for one of the things named. Otherwise as `waitReadable`.
///
/// - Returns: what it can be used for, at most what was asked for; empty when the time is over.
public func waitReady(_ descriptor: Int32, for interest: Readiness, timeout: Duration? = nil) throws(SocketError)
    -> Readiness
{
    let events = (interest.contains(.readable) ? POLLIN : 0) | (interest.contains(.writable) ? POLLOUT : 0)
    var entries = [pollfd(fd: descriptor, events: Int16(events), revents: 0)]
    try wait(&entries, timeout)
    let found = Int32(entries[0].revents)
    // An error or a hang-up is collected by whichever call comes next.
    if found & ~(POLLIN | POLLOUT) != 0 { return interest }
    var ready: Readiness = []
    if found & POLLIN != 0 { ready.insert(.readable) }
    if found & POLLOUT != 0 { ready.insert(.writable) }
    return ready
}

private func wait(_ entries: inout [pollfd], _ timeout: Duration?) throws(SocketError) {
    let clock = ContinuousClock()
    let deadline = timeout.map { clock.now + max(.zero, $0) }
    while true {
        var milliseconds: Int32 = -1
        if let deadline {
            // Rounded up, so that the wait is not over a moment too early and then spins.
            let (seconds, attoseconds) = max(.zero, clock.now.duration(to: deadline)).components
            let left = min(seconds, 2_000_000) * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
            milliseconds = Int32(clamping: left)
        }
        let ready = unsafe poll(&entries, nfds_t(entries.count), milliseconds)
        if ready < 0 {
            let code = errno
            if code == EINTR { continue }
            throw SocketError("poll", code)
        }
        if ready == 0 {
            if let deadline, clock.now < deadline { continue }
            return
        }
        if entries.contains(where: { $0.revents & Int16(POLLNVAL) != 0 }) { throw SocketError("poll", EBADF) }
        return
    }
}

/// Waits until one of two descriptors can be read or has an error, to the nanosecond where the system has ppoll(2).
///
/// - Returns: which of the two.
public func waitForEither(_ first: Int32, _ second: Int32, atMost nanoseconds: Int64) throws(SocketError) -> (
    first: Bool, second: Bool
) {
    var ready: Int32 = 0
    if unsafe netshims_wait_for_either(first, second, max(0, nanoseconds), &ready) < 0 {
        let code = errno
        if code == EINTR { return (false, false) }
        throw SocketError("poll", code)
    }
    return (ready & 1 != 0, ready & 2 != 0)
}
