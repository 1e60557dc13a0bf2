import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Turns signals into something to wait for: a descriptor that becomes readable, for `waitReadable`.
///
/// The signals are blocked in the calling thread and in every thread and program that it starts from now on, so make
/// this first of all; whoever starts programs gives them back their signals. A thread of its own takes them with
/// sigwait(3) and writes each number into a pipe: what works on Linux works on macOS, and no code runs in a handler.
/// They stay blocked when the waiter goes away.
public final class SignalWaiter: Sendable {
    /// Interrupt from the keyboard (Ctrl-C), the polite request to end, and the terminal that is gone.
    public static let ending: [Int32] = [SIGINT, SIGTERM, SIGHUP]

    /// Readable when a signal has come.
    public var descriptor: Int32 { pipe.readEnd }

    private let pipe: Pipe
    private let isOver: Flag
    private let wake: Int32
    let taker: SystemThread<Void>

    /// - Parameter signals: at least one; none at all means `ending`. SIGHUP is left out where it is ignored:
    ///   nohup(1) wants so.
    /// - Throws: EMFILE when no descriptors are left, EAGAIN when no thread can be had.
    public init(_ signals: [Int32] = ending) throws(SocketError) {
        let asked = signals.isEmpty ? Self.ending : signals
        let heeded = asked.filter { $0 != SIGHUP || !Self.isIgnored($0) }
        let signals = heeded.isEmpty ? asked : heeded
        let pipe = try Pipe()
        let isOver = Flag()
        let set = SignalSet(signals)
        try set.block()
        taker = try SystemThread.start {
            while let signal = set.wait(), !isOver.value.load(ordering: .acquiring) {
                pipe.put(UInt8(truncatingIfNeeded: signal))
            }
        }
        self.pipe = pipe
        self.isOver = isOver
        wake = signals[0]
    }

    deinit {
        isOver.value.store(true, ordering: .releasing)
        taker.send(signal: wake)
        taker.join()
    }

    /// sigaction(2). A signal that is blocked would come all the same.
    private static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(signal, nil, &action) == 0 else { return false }
        #if canImport(Darwin)
            return unsafe unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self) == 1
        #else
            return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
        #endif
    }

    /// The oldest signal that has come and was not asked for yet; nil when there is none. Does not block.
    public func next() -> Int32? { pipe.take().map(Int32.init) }
}

private final class Flag: Sendable {
    let value = Atomic(false)
}

/// A set of signals that threads wait for.
private struct SignalSet: Sendable {
    private var set = sigset_t()

    init(_ signals: [Int32]) {
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal) }
    }

    func block() throws(SocketError) {
        var copy = set
        let code = unsafe pthread_sigmask(SIG_BLOCK, &copy, nil)
        guard code == 0 else { throw SocketError("pthread_sigmask", code) }
    }

    func wait() -> Int32? {
        var copy = set
        var signal: Int32 = 0
        while true {
            let code = unsafe sigwait(&copy, &signal)
            if code == 0 { return signal }
            if code != EINTR { return nil }
        }
    }
}

/// pipe(2), neither end blocking, both closed on exec.
final class Pipe: Sendable {
    let readEnd: Int32
    let writeEnd: Int32

    init() throws(SocketError) {
        var ends: [Int32] = [-1, -1]
        let made = retrying { unsafe Int(pipe(&ends)) }
        guard made.succeeded else { throw SocketError("pipe", made.code) }
        (readEnd, writeEnd) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
    }

    deinit {
        _ = systemClose(readEnd)
        _ = systemClose(writeEnd)
    }

    /// A full pipe already says that there were signals.
    func put(_ byte: UInt8) {
        var byte = byte
        _ = retrying { unsafe write(writeEnd, &byte, 1) }
    }

    func take() -> UInt8? {
        var byte: UInt8 = 0
        let outcome = retrying { unsafe read(readEnd, &byte, 1) }
        return outcome.value == 1 ? byte : nil
    }
}
