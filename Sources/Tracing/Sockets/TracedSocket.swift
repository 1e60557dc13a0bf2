import Addressing
import Platform
import Sockets

/// One socket that programs of a trace have, behind however many descriptors in however many processes.
final class TracedSocket {
    /// Counted from 1 in the order in which the trace met them.
    let number: Int
    /// AF_….
    let family: Int32
    /// SOCK_….
    let kind: Int32
    let transport: SocketProtocol
    /// The kernel's number for it; nil where it could not be had.
    let inode: UInt64?
    var local: Endpoint?
    var peer: Endpoint?
    /// Whether the program chose its address: it then waits for anybody.
    var isBound = false
    /// Who was sent a datagram last.
    var lastSentTo: Endpoint?

    init(number: Int, family: Int32, kind: Int32, protocolNumber: Int32, inode: UInt64?) {
        self.number = number
        self.family = family
        self.kind = kind & 0xf
        self.inode = inode
        transport = Self.transport(family: family, kind: kind & 0xf, protocolNumber: protocolNumber)
    }

    /// What carries the bytes of a socket of this kind.
    static func transport(family: Int32, kind: Int32, protocolNumber: Int32) -> SocketProtocol {
        switch (family, kind, protocolNumber) {
        case (1, _, _): .unix
        case (16, _, _): "netlink"
        case (17, _, _): "packet"
        case (2, 3, _), (10, 3, _): .raw
        case (2, _, 262), (10, _, 262): "mptcp"
        case (2, _, 132), (10, _, 132): "sctp"
        case (2, 2, 1), (10, 2, 58): "icmp"
        case (2, 1, _), (10, 1, _): .tcp
        case (2, 2, _), (10, 2, _): .udp
        default: SocketProtocol(rawValue: SocketSymbols.family(family).dropFirst(3).lowercased())
        }
    }

    /// Whether its addresses are IP's.
    var isInternet: Bool { family == 2 || family == 10 }
    /// Whether each receipt has a sender of its own.
    var isDatagram: Bool { kind == 2 || kind == 3 }

    /// What others may know of it.
    var description: TracedCall.SocketDescription {
        TracedCall.SocketDescription(
            number: number, family: SocketSymbols.family(family),
            kind: SocketSymbols.kind(kind).joined(separator: "|"), inode: inode)
    }
}
