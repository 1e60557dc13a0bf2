import Addressing
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Names of addresses from the system's resolver (hosts file, DNS …), bounded in time: getnameinfo(3) blocks for as
/// long as it likes, so it runs in a thread of its own and whoever asks waits only so long.
///
/// An address that was not answered in time has no name; after a few of those nothing is asked any more. An answer that
/// comes late is kept for the next time.
public final class ReverseLookup: Sendable {
    private struct State {
        var names: [IPAddress: String?] = [:]
        var unanswered = 0
    }

    /// What the caller waits for.
    private let state = Mutex(State())
    private let patience: Duration
    private let mostUnanswered: Int

    /// - Parameters:
    ///   - patience: how long one question may take.
    ///   - mostUnanswered: after so many questions without an answer in time, no more are asked.
    public init(patience: Duration = .milliseconds(500), mostUnanswered: Int = 4) {
        self.patience = patience
        self.mostUnanswered = mostUnanswered
    }

    /// The name of an address; nil where it has none, or none came in time.
    public func name(of address: IPAddress) -> String? {
        if let known = state.withLock({ $0.names[address] }) { return known }
        guard state.withLock({ $0.unanswered < mostUnanswered }) else { return nil }
        let end = ContinuousClock.now + patience
        let thread = try? SystemThread.start { [self] in
            let name = Self.ask(address)
            state.withLock { $0.names[address] = .some(name) }
        }
        guard thread != nil else { return nil }
        while ContinuousClock.now < end {
            if let known = state.withLock({ $0.names[address] }) { return known }
            var pause = timespec(tv_sec: 0, tv_nsec: 1_000_000)
            _ = unsafe nanosleep(&pause, nil)
        }
        state.withLock {
            $0.unanswered += 1
            // Not asked again; the thread may still fill it in.
            if $0.names[address] == nil { $0.names[address] = .some(nil) }
        }
        return nil
    }

    /// getnameinfo(3) with NI_NAMEREQD: a name or nothing.
    private static func ask(_ address: IPAddress) -> String? {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = unsafe SocketAddress(Endpoint(address, 0)).withPointer { pointer, length in
            unsafe text.withUnsafeMutableBufferPointer { buffer in
                unsafe getnameinfo(pointer, length, buffer.baseAddress, socklen_t(buffer.count), nil, 0, NI_NAMEREQD)
            }
        }
        guard code == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
