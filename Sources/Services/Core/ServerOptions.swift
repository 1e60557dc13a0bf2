import Addressing
import Sockets

/// What a server asks of its sockets: the options that the courses speak of.
public struct ServerOptions: Sendable {
    /// SO_REUSEADDR on the listener.
    public var reuseAddress = false
    /// SO_KEEPALIVE and TCP_NODELAY on the connections.
    public var keepAlive = false
    /// TCP_NODELAY on the connections: small segments leave at once.
    public var noDelay = false
    /// SO_RCVBUF in octets, on the listener already: the window's scale is agreed on in the handshake (RFC 7323 section
    /// 2.3).
    public var receiveBuffer: Int32?
    /// Only clients that come in over this interface.
    public var interface: String?
    /// How long a client may be silent, and how long it may leave unread what it is sent; nil is for ever.
    public var idle: Duration?

    /// No option is set.
    public init() {}

    /// Makes a bound socket of a server: socket, setsockopt, bind.
    func makeBound<S: BerkeleySocket & ~Copyable>(_ socket: SocketMaker<S>, _ kind: SocketKind, at local: Endpoint)
        throws(SocketError) -> S
    {
        let family = AddressFamily(of: local.address)
        let made = try socket(family, kind)
        // So that IPv4 and IPv6 can have the same port, each its own socket.
        if family == .ipv6, local.address.isUnspecified { try made.set(.ipv6Only, true) }
        if reuseAddress { try made.set(.reuseAddress, true) }
        if let receiveBuffer { try made.set(.receiveBuffer, receiveBuffer) }
        if let interface { try made.bind(toInterface: interface, family) }
        try made.bind(to: local)
        return made
    }

    /// Sets what belongs on a connection.
    func prepare<S: BerkeleySocket & ~Copyable>(_ connection: borrowing S) throws(SocketError) {
        if keepAlive { try connection.set(.keepAlive, true) }
        if noDelay { try connection.set(.noDelay, true) }
        if let idle {
            try connection.set(.receiveTimeout, idle)
            try connection.set(.sendTimeout, idle)
        }
    }
}
