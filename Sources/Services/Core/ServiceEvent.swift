import Addressing
import Sockets

/// What a driver tells about its work, for logs and for whoever waits until it can be connected to.
public enum ServiceEvent: Hashable, Sendable {
    /// Clients can come now, at this endpoint (the port is the one really bound).
    case listening(Endpoint)
    /// The same for an AF_UNIX socket.
    case listeningAt(UnixPath)
    /// A client has connected.
    case connected(Endpoint)
    /// A client is gone, in order or with an error; the others are served on.
    case finished(Endpoint, SocketError?)
    /// A client is gone because this side ended it.
    case dismissed(Endpoint, DismissalReason)
    /// A datagram could not be answered.
    case unanswered(Endpoint, SocketError)
    /// Datagrams of a peer are not answered, because it may be another server that answers each answer. Told once for
    /// many.
    case passedOver(Endpoint, PassingReason)
    /// The logic has something to tell; nil where no client was the reason.
    case remark(Endpoint?, Remark)
    /// So many clients are being served as may be; the next wait in the system's queue until one leaves.
    case full(Int)
    /// accept(2) failed for want of descriptors or memory. Those who wait are accepted when there is room again.
    case exhausted(SocketError)
}

/// Why a server does not answer a datagram.
public enum PassingReason: Hashable, Sendable {
    /// At this port somebody answers whatever comes (RFC 862).
    case port
    /// It has had as many answers in this second as anybody gets.
    case rate
}

/// Why a server ended a connection that could have gone on.
public enum DismissalReason: Hashable, Sendable {
    /// Nothing came or went for too long.
    case idle
    /// It did not read what was sent to it by others.
    case tooSlow
}

extension Endpoint {
    /// Stands for the client of an AF_UNIX socket, which has no address.
    public static var localClient: Endpoint { Endpoint(.v4(.any), .any) }
}
