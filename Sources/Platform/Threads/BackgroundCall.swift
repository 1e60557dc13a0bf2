import Synchronization

/// A call that may block for as long as it likes (a resolver that nobody answers), on a thread of its own, so that
/// whoever wants its result can stop waiting for it. The thread goes on until the call returns or the process ends.
///
///     let lookup = try BackgroundCall { HostLookup.addresses(of: name) }
///     guard let result = try lookup.wait(atMost: .seconds(5)) else { … too late … }
public final class BackgroundCall<Output: Sendable>: Sendable {
    private let box: Box<Output>

    /// - Throws: EAGAIN or EMFILE when there is no room for a thread or a pipe.
    public init(_ body: @escaping @Sendable () -> Output) throws(SocketError) {
        let box = Box<Output>(pipe: try Pipe())
        _ = try SystemThread<Void>.start {
            let output = body()
            box.output.withLock { $0 = output }
            box.pipe.put(1)
        }
        self.box = box
    }

    /// Readable once the call has returned.
    public var descriptor: Int32 { box.pipe.readEnd }

    /// What the call returned; nil while it has not.
    public var result: Output? { box.output.withLock { $0 } }

    /// Waits for the call to return; nil when it did not within the time.
    public func wait(atMost time: Duration) throws(SocketError) -> Output? {
        if let result { return result }
        _ = try waitReadable([descriptor], timeout: time)
        return result
    }
}

/// Kept alive by the thread, also when nobody waits any more.
private final class Box<Output: Sendable>: Sendable {
    let pipe: Pipe
    let output = Mutex<Output?>(nil)
    init(pipe: Pipe) { self.pipe = pipe }
}
