import Addressing
import Sockets

/// A datagram of our own that marks the end of a recording: packets come out of a capture in the order in which the
/// kernel saw them, so when the mark has come, everything that was sent before it has come too, however late libpcap
/// hands it over.
struct CaptureMark: ~Copyable {
    /// It goes from here to here, as no other packet does.
    let endpoint: Endpoint
    private let socket: Socket

    init() throws(SocketError) {
        let made = try Socket(.ipv4, .datagram)
        try made.bind(to: Endpoint(.v4(.loopback), .any))
        endpoint = try made.localEndpoint()
        socket = made
    }

    func send() throws(SocketError) { try socket.sendto([0].span, endpoint) }
}
