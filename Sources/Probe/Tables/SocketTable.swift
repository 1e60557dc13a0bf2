import Addressing
import Sockets

/// A socket of this machine, as /proc/net tells (proc(5)).
public struct SocketEntry: Hashable, Sendable {
    /// Which table the socket stands in.
    public var transport: Transport
    /// Which version of IP the socket was made for; an IPv6 socket may carry IPv4.
    public var family: AddressFamily
    /// Its own end; port 0 where it has none yet.
    public var local: Endpoint
    /// nil: the socket has no peer.
    public var peer: Endpoint?
    /// TCP's state; of a UDP socket whether it is connected.
    public var state: SocketState
    /// Bytes that the program has not taken yet; of a listener the connections that wait for `accept`.
    public var receiveQueue: UInt32
    /// Bytes that the peer has not acknowledged.
    public var sendQueue: UInt32
    /// How many connections may wait for `accept`; nil where it is not told.
    public var backlog: UInt32?
    /// Whether an IPv6 listener leaves IPv4 alone; nil where it is not told.
    public var isIPv6Only: Bool?
    /// Who made it.
    public var userID: UInt32
    /// The number by which /proc/PID/fd names it; 0 for one that no process has any more.
    public var inode: UInt64
    /// The processes that have it, as far as this user may know.
    public var owners: [SocketOwner] = []

    /// A passive socket waits for others: a TCP listener, a UDP socket without a peer.
    public var isPassive: Bool { transport == .tcp ? state == .listen : peer == nil }
}

/// RFC 9293 section 3.3.2, with the numbers of Linux's include/net/tcp_states.h.
public enum SocketState: UInt8, Hashable, Sendable {
    case established = 1
    case synSent, synReceived, finWait1, finWait2, timeWait, close, closeWait, lastACK, listen, closing, newSynReceived

    /// As RFC 9293 writes it.
    public var text: String {
        switch self {
        case .established: "ESTABLISHED"
        case .synSent: "SYN-SENT"
        case .synReceived, .newSynReceived: "SYN-RECEIVED"
        case .finWait1: "FIN-WAIT-1"
        case .finWait2: "FIN-WAIT-2"
        case .timeWait: "TIME-WAIT"
        case .close: "CLOSED"
        case .closeWait: "CLOSE-WAIT"
        case .lastACK: "LAST-ACK"
        case .listen: "LISTEN"
        case .closing: "CLOSING"
        }
    }
}

/// A process that has a socket open.
public struct SocketOwner: Hashable, Sendable {
    /// The process's number.
    public let processID: Int
    /// The program's name as it calls itself: escape it before it goes to a terminal.
    public let name: String
    /// The number of the descriptor in that process.
    public let descriptor: Int32

    /// A process and its descriptor.
    public init(processID: Int, name: String, descriptor: Int32) {
        self.processID = processID
        self.name = name
        self.descriptor = descriptor
    }
}

/// Reads the kernel's tables of sockets, proc(5).
public enum SocketTable {
    /// Reads the text of /proc/net/tcp, tcp6, udp or udp6. A line that is not as it should be is passed over.
    public static func parse(_ content: [UInt8], _ transport: Transport, _ family: AddressFamily)
        -> [SocketEntry]
    {
        content.split(separator: 10).dropFirst().compactMap { parseLine($0, transport, family) }
    }

    /// `sl: local remote state tx:rx timer:when retransmits uid timeout inode …`
    private static func parseLine(
        _ line: ArraySlice<UInt8>, _ transport: Transport, _ family: AddressFamily
    ) -> SocketEntry? {
        let columns = line.split(separator: 32)
        guard columns.count >= 10, let local = endpoint(columns[1], family), let peer = endpoint(columns[2], family),
            let number = hex(columns[3]).flatMap(UInt8.init(exactly:)), let state = SocketState(rawValue: number),
            let user = decimal(columns[7]).flatMap(UInt32.init(exactly:)), let inode = decimal(columns[9])
        else { return nil }
        let queues = columns[4].split(separator: 58)
        guard queues.count == 2, let send = hex(queues[0]), let receive = hex(queues[1]) else { return nil }
        let hasPeer = !peer.address.isUnspecified || peer.port != .any
        return SocketEntry(
            transport: transport, family: family, local: local, peer: hasPeer ? peer : nil, state: state,
            receiveQueue: UInt32(truncatingIfNeeded: receive), sendQueue: UInt32(truncatingIfNeeded: send),
            userID: user, inode: inode)
    }

    /// The inodes in the text of /proc/net/unix (proc(5)) of sockets that wait for others: those that listen, and
    /// datagram sockets with a path and no peer.
    ///
    ///     Num RefCount Protocol Flags Type St Inode Path
    public static func passiveUnixInodes(_ content: [UInt8]) -> [UInt64] {
        content.split(separator: 10).dropFirst().compactMap { line in
            let columns = line.split(separator: 32)
            guard columns.count >= 7, let flags = hex(columns[3]), let type = hex(columns[4]),
                let state = hex(columns[5]), let inode = decimal(columns[6])
            else { return nil }
            // __SO_ACCEPTCON; SOCK_DGRAM and SS_UNCONNECTED.
            let listens = flags & 0x1_0000 != 0
            return listens || type == 2 && state == 1 && columns.count > 7 ? inode : nil
        }
    }

    /// `0100007F:1F90`: each 32-bit word of the address in the machine's own byte order, the port as a number.
    private static func endpoint(_ text: ArraySlice<UInt8>, _ family: AddressFamily) -> Endpoint? {
        let parts = text.split(separator: 58)
        guard parts.count == 2, parts[0].count == (family == .ipv4 ? 8 : 32),
            let port = hex(parts[1]).flatMap(UInt16.init(exactly:))
        else { return nil }
        var words: [UInt32] = []
        var rest = parts[0]
        while !rest.isEmpty {
            guard let word = hex(rest.prefix(8)) else { return nil }
            words.append(UInt32(bigEndian: UInt32(truncatingIfNeeded: word).littleEndian))
            rest = rest.dropFirst(8)
        }
        if family == .ipv4 { return Endpoint(.v4(IPv4Address(rawValue: words[0])), Port(port)) }
        let (high, low) = (UInt64(words[0]) << 32 | UInt64(words[1]), UInt64(words[2]) << 32 | UInt64(words[3]))
        return Endpoint(.v6(IPv6Address(high: high, low: low)), Port(port))
    }

    private static func hex(_ text: ArraySlice<UInt8>) -> UInt64? {
        guard (1...16).contains(text.count) else { return nil }
        var value: UInt64 = 0
        for byte in text {
            switch byte {
            case 48...57: value = value << 4 | UInt64(byte - 48)
            case 65...70: value = value << 4 | UInt64(byte - 55)
            case 97...102: value = value << 4 | UInt64(byte - 87)
            default: return nil
            }
        }
        return value
    }

    private static func decimal(_ text: ArraySlice<UInt8>) -> UInt64? { UInt64(String(decoding: text, as: UTF8.self)) }
}
