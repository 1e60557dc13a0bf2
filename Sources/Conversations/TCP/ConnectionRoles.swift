import Addressing
import Packets

/// Who opened a conversation and who was called, told from the first packet that was captured of it. It is decided
/// here alone, so that every command calls the same end the client.
///
/// A SYN's sender opened, a SYN-ACK's was called (RFC 9293 section 3.5). A datagram may carry a message that asks or
/// answers, as DNS says with a bit (RFC 1035 section 4.1.1). Where nothing of that is there, the ports tell: services
/// lie below 1024 or, registered ones, mostly below 32768, where Linux begins to give ports to clients (Windows and
/// IANA's dynamic range, RFC 6335, begin at 49152). The end with a port of the lower class was called; where both are
/// of one class, the sender counts as the one who opened.
enum ConnectionRoles {
    /// The ports that traceroute's datagrams go to: as high as clients' are, but nobody's.
    private static let traced: ClosedRange<UInt16> = 33434...33534

    /// Whether the sender of a connection's first captured segment opened it.
    static func isFromClient(_ flags: TCPFlags, sourcePort: UInt16, destinationPort: UInt16) -> Bool {
        if flags.contains(.syn) { return !flags.contains(.ack) }
        return portClass(sourcePort) >= portClass(destinationPort)
    }

    /// Whether the sender of the first captured datagram of an exchange opened it.
    /// - Parameter asks: whether the datagram says that it asks or answers.
    static func isFromClient(datagramFrom source: Endpoint, to destination: Endpoint, asks: Bool?) -> Bool {
        // A group is asked, and never asks. An announcement to one is formally an answer (RFC 6762 section 8.3).
        if destination.address.kind.category == .multicast { return true }
        // A broadcast may be an answer, as DHCP's is to who has no address yet.
        if let asks { return asks }
        if destination.address.kind.category == .broadcast { return true }
        let (source, destination) = (source.port.rawValue, destination.port.rawValue)
        return traced.contains(destination) || portClass(source) >= portClass(destination)
    }

    /// The same for a packet.
    static func isFromClient(_ packet: ObservedPacket) -> Bool {
        guard let tcp = packet.tcp else {
            return isFromClient(datagramFrom: packet.source, to: packet.destination, asks: packet.asks)
        }
        return isFromClient(
            tcp.flags, sourcePort: packet.source.port.rawValue, destinationPort: packet.destination.port.rawValue)
    }

    private static func portClass(_ port: UInt16) -> Int { port < 1024 ? 0 : port < 32768 ? 1 : 2 }
}
