import Addressing
import Sockets

/// What a driver tells about its work, for logs and for whoever waits until it can be connected to.
public enum ServiceEvent: Hashable, Sendable {
    /// Clients can come now, at this endpoint (the port is the one really bound).
    case listening(Endpoint)
    /// A client has connected.
    case connected(Endpoint)
    /// A client is gone, in order or with an error; the others are served on.
    case finished(Endpoint, SocketError?)
    /// A datagram could not be answered.
    case unanswered(Endpoint, SocketError)
}
