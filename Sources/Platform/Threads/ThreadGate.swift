/// Lets one thread wait for others: a counter of permits, as a semaphore has it.
public final class ThreadGate: Sendable {
    private let pipe: Pipe

    /// - Throws: EMFILE when there is no descriptor left.
    public init() throws(SocketError) { pipe = try Pipe() }

    /// Readable while there is a permit.
    public var descriptor: Int32 { pipe.readEnd }

    /// Takes all permits without waiting.
    public func clear() { while pipe.take() != nil {} }

    /// Adds a permit.
    public func open() { pipe.put(1) }

    /// Takes a permit, waiting for one at most so long; says whether there was one.
    public func pass(within time: Duration) throws(SocketError) -> Bool {
        if pipe.take() != nil { return true }
        _ = try waitReadable([pipe.readEnd], timeout: time)
        return pipe.take() != nil
    }
}
