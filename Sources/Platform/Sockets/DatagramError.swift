import Addressing
import SystemPackage

/// What an error queue says about a datagram.
public struct DatagramError: Hashable, Sendable {
    /// The errno that the system makes of it.
    public let code: Errno
    /// Whether an ICMP message said so; otherwise this machine itself.
    public let isICMP: Bool
    /// The ICMP message's type; 0 where there was none.
    public let type: UInt8
    /// The ICMP message's code.
    public let icmpCode: UInt8
    /// The MTU of the link that the datagram did not fit through.
    public let mtu: Int?
    /// Who sent the ICMP message.
    public let reporter: IPAddress?
    /// How many bytes of the datagram came back.
    public let count: Int
}
