import Packets

/// Who opened a TCP connection and who was called, told from the first segment that was captured of it. The one place
/// that decides it: every command calls the same end the client.
///
/// A SYN's sender opened, a SYN-ACK's was called (RFC 9293 section 3.5). Where the capture begins later, the ports
/// tell: services lie below 1024 or, registered ones, mostly below 32768, where Linux begins to give ports to clients
/// (Windows and IANA's dynamic range, RFC 6335, begin at 49152). The end with a port of the lower class was called;
/// where both are of one class, the sender counts as the one who opened.
enum ConnectionRoles {
    /// Whether the sender of a connection's first captured segment opened it.
    static func isFromClient(_ flags: TCPFlags, sourcePort: UInt16, destinationPort: UInt16) -> Bool {
        if flags.contains(.syn) { return !flags.contains(.ack) }
        return portClass(sourcePort) >= portClass(destinationPort)
    }

    /// The same for a packet.
    static func isFromClient(_ packet: ObservedPacket) -> Bool {
        guard let tcp = packet.tcp else { return true }
        return isFromClient(
            tcp.flags, sourcePort: packet.source.port.rawValue, destinationPort: packet.destination.port.rawValue)
    }

    private static func portClass(_ port: UInt16) -> Int { port < 1024 ? 0 : port < 32768 ? 1 : 2 }
}
