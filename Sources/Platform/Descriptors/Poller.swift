import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Waits for many descriptors at once, at a cost that does not grow with their number: epoll(7), on macOS kqueue(2).
///
/// A descriptor is watched with a number of the caller's choice, which comes back with its events, until it is removed
/// or closed. Events are level-triggered: what is not dealt with is told again. An error or a hang-up is told as
/// readable and writable, whatever was asked for: the next call on the descriptor collects it.
///
/// Safe although its events hold a union with a pointer: only the number in it is written and read.
@safe
public struct Poller: ~Copyable {
    /// Something happened on the descriptor that was added with `token`.
    public struct Event: Hashable, Sendable {
        /// What the descriptor was added with.
        public let token: UInt64
        /// What it can be used for without blocking.
        public let readiness: Readiness
    }

    private let descriptor: Int32
    #if canImport(Darwin)
        private var room = unsafe [kevent](repeating: kevent(), count: 512)
    #else
        private var room = unsafe [epoll_event](repeating: epoll_event(), count: 512)
    #endif

    /// epoll_create1(2) or kqueue(2).
    public init() throws(SocketError) {
        #if canImport(Darwin)
            let outcome = retrying { Int(kqueue()) }
            guard outcome.succeeded else { throw SocketError("kqueue", outcome.code) }
        #else
            let outcome = retrying { Int(epoll_create1(Int32(truncatingIfNeeded: EPOLL_CLOEXEC))) }
            guard outcome.succeeded else { throw SocketError("epoll_create1", outcome.code) }
        #endif
        descriptor = Int32(truncatingIfNeeded: outcome.value)
    }

    deinit { _ = systemClose(descriptor) }

    /// Starts to watch a descriptor.
    public func add(_ watched: Int32, token: UInt64, for interest: Readiness) throws(SocketError) {
        #if canImport(Darwin)
            try apply(watched, token, interest, UInt16(EV_ADD))
        #else
            try control(EPOLL_CTL_ADD, watched, token, interest)
        #endif
    }

    /// Watches a descriptor that was added for something else, or for nothing.
    public func change(_ watched: Int32, token: UInt64, for interest: Readiness) throws(SocketError) {
        #if canImport(Darwin)
            try apply(watched, token, Readiness([.readable, .writable]).subtracting(interest), UInt16(EV_DELETE))
            try apply(watched, token, interest, UInt16(EV_ADD))
        #else
            try control(EPOLL_CTL_MOD, watched, token, interest)
        #endif
    }

    /// Stops to watch a descriptor. Closing it does the same.
    public func remove(_ watched: Int32) {
        #if canImport(Darwin)
            try? apply(watched, 0, [.readable, .writable], UInt16(EV_DELETE))
        #else
            try? control(EPOLL_CTL_DEL, watched, 0, [])
        #endif
    }

    /// Waits until something happens or the time is over, and appends what happened: nothing if a signal came first.
    ///
    /// - Parameter nanoseconds: how long to wait, rounded up to milliseconds; nil waits for ever, 0 only looks.
    public mutating func wait(nanoseconds: Int64?, into events: inout [Event]) throws(SocketError) {
        #if canImport(Darwin)
            var time = timespec()
            let timeout = max(0, nanoseconds ?? 0)
            time.tv_sec = Int(timeout / 1_000_000_000)
            time.tv_nsec = Int(timeout % 1_000_000_000)
            let count = unsafe room.withUnsafeMutableBufferPointer { room in
                unsafe withUnsafePointer(to: &time) { time in
                    unsafe Darwin.kevent(
                        descriptor, nil, 0, room.baseAddress, Int32(room.count), nanoseconds == nil ? nil : time)
                }
            }
            guard count >= 0 else {
                let code = errno
                if code == EINTR { return }
                throw SocketError("kevent", code)
            }
            for event in unsafe room.prefix(Int(count)) {
                let ended = event.flags & UInt16(EV_EOF | EV_ERROR) != 0
                let found: Readiness =
                    ended ? [.readable, .writable] : Int32(event.filter) == EVFILT_READ ? .readable : .writable
                events.append(Event(token: unsafe UInt64(UInt(bitPattern: event.udata)), readiness: found))
            }
        #else
            let milliseconds = nanoseconds.map { Int32(clamping: (max(0, $0) &+ 999_999) / 1_000_000) } ?? -1
            let count = unsafe epoll_wait(descriptor, &room, Int32(room.count), milliseconds)
            guard count >= 0 else {
                let code = errno
                if code == EINTR { return }
                throw SocketError("epoll_wait", code)
            }
            for index in 0..<Int(count) {
                let event = unsafe room[index]
                var found: Readiness = []
                if unsafe event.events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0 { found.insert(.readable) }
                if unsafe event.events & EPOLLOUT.rawValue != 0 { found.insert(.writable) }
                if unsafe event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 {
                    found = [.readable, .writable]
                }
                events.append(Event(token: unsafe event.data.u64, readiness: found))
            }
        #endif
    }

    #if canImport(Darwin)
        private func apply(_ watched: Int32, _ token: UInt64, _ interest: Readiness, _ action: UInt16)
            throws(SocketError)
        {
            for (kind, filter) in [(Readiness.readable, EVFILT_READ), (.writable, EVFILT_WRITE)]
            where interest.contains(kind) {
                var change = unsafe kevent(
                    ident: UInt(watched), filter: Int16(filter), flags: action, fflags: 0, data: 0,
                    udata: UnsafeMutableRawPointer(bitPattern: UInt(truncatingIfNeeded: token)))
                let outcome = retrying { unsafe Int(Darwin.kevent(descriptor, &change, 1, nil, 0, nil)) }
                // One of the two may not have been watched.
                guard outcome.succeeded || (action == UInt16(EV_DELETE) && outcome.code == ENOENT) else {
                    throw SocketError("kevent", outcome.code)
                }
            }
        }
    #else
        private func control(_ operation: Int32, _ watched: Int32, _ token: UInt64, _ interest: Readiness)
            throws(SocketError)
        {
            var event = unsafe epoll_event()
            unsafe event.events =
                (interest.contains(.readable) ? EPOLLIN.rawValue | EPOLLRDHUP.rawValue : 0)
                | (interest.contains(.writable) ? EPOLLOUT.rawValue : 0)
            unsafe event.data.u64 = token
            let outcome = retrying { unsafe Int(epoll_ctl(descriptor, operation, watched, &event)) }
            guard outcome.succeeded else { throw SocketError("epoll_ctl", outcome.code) }
        }
    #endif
}
