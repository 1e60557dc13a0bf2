import Addressing
import Sockets

/// What a port is, in nmap's words.
public enum PortState: UInt8, Hashable, Sendable, CaseIterable {
    /// A service accepts connections.
    case open
    /// The machine answers that nothing listens there.
    case closed
    /// Nothing tells: no answer, or a firewall or router refused on the way.
    case filtered

    /// nmap's word for it.
    public var name: StaticString {
        switch self {
        case .open: "open"
        case .closed: "closed"
        case .filtered: "filtered"
        }
    }
}

/// What a port's state was concluded from, by nmap's names.
public enum ProbeReason: UInt8, Hashable, Sendable, CaseIterable {
    /// Not known yet, or never asked.
    case undecided
    case synAck
    /// A RST came, or this end met its own SYN (see `KernelScanNetwork`).
    case connectionRefused
    case noResponse
    // ICMP, and what this machine itself says when it cannot send.
    case portUnreachable, networkUnreachable, hostUnreachable, protocolUnreachable
    case networkProhibited, hostProhibited, adminProhibited
    case beyondScope, rejectRoute, destinationUnreachable
    case timeExceeded, parameterProblem
    case permissionDenied
    /// An errno that none of the others stands for.
    case other

    /// What the reason says about the port.
    public var state: PortState {
        switch self {
        case .synAck: .open
        // As nmap -sT, which sees only errno and cannot tell the two apart.
        case .connectionRefused, .portUnreachable: .closed
        default: .filtered
        }
    }

    /// nmap's word for it, as `--reason` shows it.
    public var name: StaticString {
        switch self {
        case .undecided: "undecided"
        case .synAck: "syn-ack"
        case .connectionRefused, .portUnreachable: "conn-refused"
        case .noResponse: "no-response"
        case .networkUnreachable: "net-unreach"
        case .hostUnreachable: "host-unreach"
        case .protocolUnreachable: "proto-unreach"
        case .networkProhibited: "net-prohibited"
        case .hostProhibited: "host-prohibited"
        case .adminProhibited: "admin-prohibited"
        case .beyondScope: "beyond-scope"
        case .rejectRoute: "reject-route"
        case .destinationUnreachable: "dest-unreach"
        case .timeExceeded: "time-exceeded"
        case .parameterProblem: "param-problem"
        case .permissionDenied: "perm-denied"
        case .other: "unknown-response"
        }
    }
}

/// An ICMP message's type and code.
public struct ICMPKind: Hashable, Sendable {
    /// Whether it is of ICMPv6.
    public let isVersion6: Bool
    /// The message's type.
    public let type: UInt8
    /// The message's code.
    public let code: UInt8

    /// A type and a code of one version.
    public init(isVersion6: Bool, type: UInt8, code: UInt8) {
        self.isVersion6 = isVersion6
        self.type = type
        self.code = code
    }

    /// What it says about a port: RFC 792 and RFC 1812 section 5.2.7.1, RFC 4443 section 3.
    public var reason: ProbeReason {
        switch (isVersion6, type, code) {
        case (false, 3, 0), (true, 1, 0): .networkUnreachable
        case (false, 3, 1), (true, 1, 3): .hostUnreachable
        case (false, 3, 2): .protocolUnreachable
        case (false, 3, 3), (true, 1, 4): .portUnreachable
        case (false, 3, 9): .networkProhibited
        case (false, 3, 10): .hostProhibited
        case (false, 3, 13), (true, 1, 1), (true, 1, 5): .adminProhibited
        case (true, 1, 2): .beyondScope
        case (true, 1, 6): .rejectRoute
        case (false, 3, _), (true, 1, _): .destinationUnreachable
        case (false, 11, _), (true, 3, _): .timeExceeded
        case (false, 12, _), (true, 4, _): .parameterProblem
        default: .other
        }
    }

    /// The message's own name: `port-unreachable`.
    public var name: String {
        switch (isVersion6, type, code) {
        case (false, 3, 0): "net-unreachable"
        case (false, 3, 1): "host-unreachable"
        case (false, 3, 2): "protocol-unreachable"
        case (false, 3, 3), (true, 1, 4): "port-unreachable"
        case (false, 3, 5): "source-route-failed"
        case (false, 3, 6): "net-unknown"
        case (false, 3, 7): "host-unknown"
        case (false, 3, 8): "host-isolated"
        case (false, 3, 9): "net-prohibited"
        case (false, 3, 10): "host-prohibited"
        case (false, 3, 11): "net-unreachable-for-tos"
        case (false, 3, 12): "host-unreachable-for-tos"
        case (false, 3, 13), (true, 1, 1): "admin-prohibited"
        case (false, 3, 14): "precedence-violation"
        case (false, 3, 15): "precedence-cutoff"
        case (true, 1, 0): "no-route"
        case (true, 1, 2): "beyond-scope"
        case (true, 1, 3): "address-unreachable"
        case (true, 1, 5): "policy-failed"
        case (true, 1, 6): "reject-route"
        case (false, 11, _), (true, 3, _): "time-exceeded"
        case (false, 12, _), (true, 4, _): "parameter-problem"
        default: "type \(type) code \(code)"
        }
    }
}

/// What the probes of one port found out.
public struct ProbeOutcome: Hashable, Sendable {
    /// What decided it.
    public let reason: ProbeReason
    /// The ICMP message that the reason comes from.
    public let icmp: ICMPKind?
    /// Who sent that message, where it was not the target itself.
    public let sender: IPAddress?
    /// From the SYN to its answer in nanoseconds; nil where there was no answer.
    public let roundTrip: Int64?
    /// How many SYNs it took (the kernel's own repetitions not counted).
    public let attempts: Int

    /// Open, closed or filtered, by the reason.
    public var state: PortState { reason.state }

    /// The outcome of one port's probes.
    public init(reason: ProbeReason, icmp: ICMPKind?, sender: IPAddress?, roundTrip: Int64?, attempts: Int) {
        self.reason = reason
        self.icmp = icmp
        self.sender = sender
        self.roundTrip = roundTrip
        self.attempts = attempts
    }
}

/// A `ProbeOutcome` in twelve bytes, so that a million ports fit into little memory.
struct PortRecord {
    /// In units of 16 ns, up to 68 s; 0: none.
    private var roundTrip: UInt32 = 0
    var reason: ProbeReason = .undecided
    private var type: UInt8 = 0
    private var code: UInt8 = 0
    private var hasICMP = false
    /// One more than the place in the host's list of senders; 0: the target itself, or none.
    private(set) var sender: UInt8 = 0
    var attempts: UInt8 = 0

    mutating func set(_ reason: ProbeReason, icmp: ICMPKind?, sender: UInt8, roundTrip: Int64?) {
        self.reason = reason
        self.sender = sender
        (hasICMP, type, code) = (icmp != nil, icmp?.type ?? 0, icmp?.code ?? 0)
        self.roundTrip = roundTrip.map { max(1, UInt32(clamping: $0 / 16)) } ?? 0
    }

    var hasRoundTrip: Bool { roundTrip > 0 }

    func outcome(isVersion6: Bool, senders: [IPAddress]) -> ProbeOutcome {
        ProbeOutcome(
            reason: reason, icmp: hasICMP ? ICMPKind(isVersion6: isVersion6, type: type, code: code) : nil,
            sender: sender > 0 ? senders[Int(sender) - 1] : nil, roundTrip: roundTrip > 0 ? Int64(roundTrip) * 16 : nil,
            attempts: Int(attempts))
    }
}
