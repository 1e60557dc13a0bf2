import Addressing
import Packets

/// Who opened a conversation and who was called, told from the first packet that was captured of it. It is decided
/// here alone, so that every command calls the same end the client.
///
/// A SYN's sender opened, a SYN-ACK's was called (RFC 9293 section 3.5). A segment or datagram may carry a message that
/// asks or answers, as DNS says with a bit (RFC 1035 section 4.1.1) and HTTP with its start line (RFC 9112 section
/// 2.1). Who sends to a group or to all hosts counts as the one who opened, also with an answer (RFC 2131 section 4.1):
/// nobody else is known. Where nothing of that is there, the ports tell: services lie below 1024 or, registered ones,
/// mostly below 32768, where Linux begins to give ports to clients (Windows and IANA's dynamic range, RFC 6335, begin
/// at 49152). The end with a port of the lower class was called; where both are of one class, the sender counts as the
/// one who opened.
enum ConnectionRoles {
    /// The ports that traceroute's datagrams go to: as high as clients' are, but nobody's.
    private static let traced: ClosedRange<UInt16> = 33434...33534

    /// Whether the sender of a connection's first captured segment opened it.
    /// - Parameter asks: whether the segment says that it asks or answers.
    static func isFromClient(
        _ flags: TCPFlags, sourcePort: UInt16, destinationPort: UInt16, asks: @autoclosure () -> Bool? = nil
    ) -> Bool {
        if flags.contains(.syn) { return !flags.contains(.ack) }
        if let asks = asks() { return asks }
        return portClass(sourcePort) >= portClass(destinationPort)
    }

    /// Whether the sender of the first captured datagram of an exchange opened it.
    /// - Parameter asks: whether the datagram says that it asks or answers.
    static func isFromClient(datagramFrom source: Endpoint, to destination: Endpoint, asks: Bool?) -> Bool {
        // A group is asked, and never asks. An announcement to one is formally an answer (RFC 6762 section 8.3), and so
        // is a DHCP server's broadcast to who has no address yet.
        if destination.address.isGroup { return true }
        if let asks { return asks }
        let (source, destination) = (source.port.rawValue, destination.port.rawValue)
        return traced.contains(destination) || portClass(source) >= portClass(destination)
    }

    /// The same for a packet.
    static func isFromClient(_ packet: ObservedPacket) -> Bool {
        guard let tcp = packet.tcp else {
            return isFromClient(datagramFrom: packet.source, to: packet.destination, asks: packet.asks)
        }
        return isFromClient(
            tcp.flags, sourcePort: packet.source.port.rawValue, destinationPort: packet.destination.port.rawValue,
            asks: packet.asks)
    }

    private static func portClass(_ port: UInt16) -> Int { port < 1024 ? 0 : port < 32768 ? 1 : 2 }
}

extension Transport {
    /// What the two ends of a conversation are called: datagrams to a group, or to all hosts, have a sender, and nobody
    /// is their server.
    /// - Parameter server: the end that was called.
    public func endNames(to server: Endpoint) -> (client: String, server: String) {
        guard self == .udp, server.address.isGroup else { return ("client", "server") }
        return ("sender", server.address.kind.category == .broadcast ? "all hosts" : "group")
    }
}
