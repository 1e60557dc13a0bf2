import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A thread of the system for work that blocks, such as a server in `accept`: Swift's own tasks must not be blocked.
/// Wraps pthread_create, pthread_join and pthread_detach.
///
///     let server = try SystemThread.start { serve() }
///     …
///     let result = server.join()
///
/// A thread that nobody joins goes on until it ends by itself or with the process.
public final class SystemThread<Output: Sendable>: Sendable {
    private enum State: Sendable {
        case running(ThreadHandle)
        case joined
    }

    private let state: Mutex<State>
    private let output: ThreadOutput<Output>

    /// Starts a thread that runs `body`.
    ///
    /// - Throws: EAGAIN when the system has no room for another thread.
    public static func start(_ body: @escaping @Sendable () -> Output) throws(SocketError) -> SystemThread {
        let output = ThreadOutput<Output>()
        let handle = try startThread {
            let result = body()
            output.value.withLock { $0 = result }
        }
        return SystemThread(handle, output)
    }

    private init(_ handle: ThreadHandle, _ output: ThreadOutput<Output>) {
        state = Mutex(.running(handle))
        self.output = output
    }

    deinit {
        state.withLock { if case .running(let handle) = $0 { _ = pthread_detach(handle.value) } }
    }

    /// Sends the thread a signal, pthread_kill(3); nothing happens once it was joined.
    func send(signal: Int32) {
        state.withLock { if case .running(let handle) = $0 { _ = pthread_kill(handle.value, signal) } }
    }

    /// Waits until the thread has ended and gives what its body returned; every later call gives the same.
    public func join() -> Output {
        state.withLock { state in
            guard case .running(let handle) = state else { return }
            _ = pthread_join(handle.value, nil)
            state = .joined
        }
        // The thread's last act was to store it, so it is there.
        while true {
            if let result = output.value.withLock({ $0 }) { return result }
            _ = sched_yield()
        }
    }
}

extension SystemThread where Output == Void {
    /// nanosleep(2) of the calling thread; a signal may end it early.
    public static func sleep(nanoseconds: Int64) {
        var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        unsafe nanosleep(&time, nil)
    }
}

/// Where the thread leaves its result for whoever joins it.
private final class ThreadOutput<Output: Sendable>: Sendable {
    let value = Mutex<Output?>(nil)
}

/// A number on Linux, a pointer on macOS that any thread may use; the state's lock sees to it that it is joined once.
private struct ThreadHandle: @unchecked Sendable {
    let value: pthread_t
}

/// A closure on its way through the C function's untyped argument.
private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func startThread(_ run: @escaping @Sendable () -> Void) throws(SocketError) -> ThreadHandle {
    let body = unsafe Unmanaged.passRetained(ThreadBody(run))
    #if canImport(Darwin)
        var handle: pthread_t?
        let code = unsafe pthread_create(
            &handle, nil,
            { argument in
                unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
    #else
        var handle = pthread_t()
        let code = unsafe pthread_create(
            &handle, nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
                }
                return nil
            }, body.toOpaque())
    #endif
    guard code == 0 else {
        unsafe body.release()
        throw SocketError("pthread_create", code)
    }
    #if canImport(Darwin)
        guard let handle = unsafe handle else { throw SocketError("pthread_create", EAGAIN) }
    #endif
    return ThreadHandle(value: handle)
}

/// All threads of this process.
public enum SystemThreads {
    /// Lets another thread that is ready run first, sched_yield(2).
    public static func yield() { _ = sched_yield() }
}
