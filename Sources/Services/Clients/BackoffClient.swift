import Addressing
import Sockets

/// What came of sending a datagram again and again.
public struct BackoffOutcome: Sendable {
    /// How long was waited after each datagram; the last wait ended with the answer, if there is one.
    public let waits: [Duration]
    /// nil: given up.
    public let answer: [UInt8]?
}

/// UDP with connect(): only the server's datagrams are delivered, and an ICMP refusal becomes an error. The client
/// waits 0.1 s for the answer, then sends again and waits twice as long (exponential backoff), and gives up when that
/// would be more than 2 s, so that a server that is gone, or overloaded, does not get datagrams for ever.
public struct BackoffClient<S: BerkeleySocket & ~Copyable>: Sendable {
    /// How long the first answer is waited for; each further wait is twice as long.
    public static var firstWait: Duration { .milliseconds(100) }
    /// A wait that would be longer is not begun: the client gives up.
    public static var longestWait: Duration { .seconds(2) }

    private let socket: SocketMaker<S>

    /// - Parameter socket: makes its sockets.
    public init(socket: @escaping SocketMaker<S>) { self.socket = socket }

    /// - Parameter waiting: called before each wait.
    public func ask(_ server: Endpoint, message: [UInt8], waiting: (Duration) -> Void = { _ in }) throws(SocketError)
        -> BackoffOutcome
    {
        let client = try socket(AddressFamily(of: server.address), .datagram)
        try client.connect(to: server)
        var waits: [Duration] = []
        var wait = Self.firstWait
        while wait <= Self.longestWait {
            _ = try client.send(message.span)
            waits.append(wait)
            waiting(wait)
            try client.set(.receiveTimeout, wait)
            var buffer = [UInt8](repeating: 0, count: CourseDefaults.largestDatagram)
            var span = buffer.mutableSpan
            if case .bytes(let count) = try client.recv(into: &span) {
                try client.close()
                return BackoffOutcome(waits: waits, answer: Array(buffer.prefix(count)))
            }
            wait = wait * 2
        }
        try client.close()
        return BackoffOutcome(waits: waits, answer: nil)
    }
}
