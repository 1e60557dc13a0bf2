import Addressing
import Sockets

/// What a service needs to know besides its sockets.
public struct ServiceSettings: Sendable {
    /// The longest message, or text of text-store, in octets; nil is the service's own limit.
    public var limit: Int?
    /// udp-backoff: which share of the datagrams is lost, from 0 to 1, and the seed.
    public var drop = 0.5
    /// udp-backoff: the same seed loses the same datagrams.
    public var seed: UInt64 = 0
    /// file: where the files are.
    public var folder: (any FileFolder)?
    /// unix-echo: where, and which of the three.
    public var path = UnixPath("")
    /// unix-echo: which of the three kinds of socket.
    public var unixKind = SocketKind.stream
    /// How many connections may wait.
    public var backlog: Int32 = 128
    /// How many clients there may be at once; nil is the service's own.
    public var most: Int?

    /// The settings of a service for which nothing was chosen.
    public init() {}

    /// How many clients the courses' threaded servers take at once: their chat room has ten places.
    static let threadedClients = 10
}
