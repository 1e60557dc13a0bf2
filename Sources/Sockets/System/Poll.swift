#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Waits until a descriptor can be read without blocking: data, a connection to accept, the end of the stream, or an
/// error to collect. Wraps poll(2); an interrupted wait goes on for the time that is left.
///
/// - Parameter timeout: how long to wait at most; nil waits for ever, zero only looks.
/// - Returns: the descriptors that are ready, in the order given; empty when the time is over.
public func waitReadable(_ descriptors: [Int32], timeout: Duration? = nil) throws(SocketError) -> [Int32] {
    var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
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
            return []
        }
        if entries.contains(where: { $0.revents & Int16(POLLNVAL) != 0 }) { throw SocketError("poll", EBADF) }
        return entries.filter { $0.revents != 0 }.map(\.fd)
    }
}
