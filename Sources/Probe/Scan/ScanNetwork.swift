import Addressing
import Sockets

/// What a scanner needs of the world: a clock and connections. The real one is `KernelScanNetwork`; tests hand in one
/// with simulated time, hosts and losses.
///
/// A probe is named by a small number of the scanner's choice, free again after `end` or `hangUp`.
public protocol ScanNetwork: ~Copyable {
    /// Nanoseconds on a clock that only goes forward.
    func now() -> Int64

    /// How many probes can be under way at once.
    var capacity: Int { get }

    /// How near a host is, before anything was measured.
    func distance(to target: ScanTarget) -> HostDistance

    /// Sends a SYN.
    mutating func start(_ probe: Int, to peer: Endpoint) -> ProbeStart

    /// Forgets a probe without a packet if it is not connected, else ends it with FIN.
    mutating func end(_ probe: Int)

    /// Ends a connection with FIN and sees to it that nothing that still arrives causes a RST; or with RST.
    mutating func hangUp(_ probe: Int, reset: Bool)

    /// From now on what the connection's other end says is told.
    mutating func listen(_ probe: Int)

    /// Waits until something happens, at most until `deadline`, and appends what happened.
    mutating func wait(until deadline: Int64, into events: inout [ProbeEvent])
}

/// Where a host is, as far as this machine's own addresses tell.
public enum HostDistance: Hashable, Sendable {
    /// This machine itself.
    case own
    /// A network that this machine is connected to.
    case link
    case far
}

/// What became of a SYN at once.
public enum ProbeStart: Hashable, Sendable {
    case pending
    case answered(ProbeAnswer)
    /// No descriptor, port or memory is free; try again when other probes have ended.
    case noRoom
}

/// What a probe found out.
public enum ProbeAnswer: Hashable, Sendable {
    case connected
    /// It connected to itself or to another probe of this scan: nobody listens there.
    case metItself
    /// A RST.
    case refused
    /// An ICMP message and who sent it.
    case icmp(ICMPKind, from: IPAddress?)
    /// This machine could not send it, or nobody answered ARP.
    case local(ProbeReason)

    var isICMP: Bool { if case .icmp = self { true } else { false } }
}

/// Something that happened to a probe.
public struct ProbeEvent: Hashable, Sendable {
    /// What can happen to a probe.
    public enum Kind: Hashable, Sendable {
        case answer(ProbeAnswer)
        /// What the other end of a connection said; empty: it ended without a word.
        case said([UInt8])
    }

    /// The number that the scanner gave the probe.
    public let probe: Int
    /// What happened.
    public let kind: Kind

    /// An event of a probe.
    public init(_ probe: Int, _ kind: Kind) {
        self.probe = probe
        self.kind = kind
    }
}
