import Addressing

/// One host's part of a scan: what is known of each port, and how this host answers. Its results are for everybody to
/// read; only the scanner changes them.
public final class HostScan {
    /// Which host.
    public let target: ScanTarget
    /// The plan's ports, in ascending order.
    public let ports: [Port]
    /// On the scanner's clock.
    public let startedAt: Int64
    /// On the scanner's clock; equal to `startedAt` while it is under way.
    public internal(set) var endedAt: Int64
    /// Whether the host itself answered on any port, not only a router or firewall before it.
    public internal(set) var isUp = false
    /// Left out after its first ports kept silent (`ScanSettings.skipsSilentHosts`).
    public internal(set) var isSkipped = false
    /// This host's round-trip time and its variation (RFC 6298).
    public internal(set) var estimator = RoundTripEstimator()
    /// Ports that had kept silent answered when they were asked slowly: the host, or a firewall, limits its answers.
    public internal(set) var rateLimit: RateLimit?
    /// How many ports are open so far.
    public internal(set) var openCount = 0

    var records: [PortRecord]
    private var senders: [IPAddress] = []
    private var banners: [Int: [UInt8]] = [:]

    /// How many ports have their answer.
    var decidedCount = 0
    var pendingBanners = 0
    /// How far in the plan's order the ports have been asked for the first time, and how far they may be.
    var cursor = 0
    var cursorLimit: Int
    var retries = PortQueue()
    /// The probes that wait, by attempt: in each queue all have the same patience, so only its head can be overdue.
    var waiting: [ProbeQueue] = []
    var waitingCount = 0
    var pace: HostPace
    var firstWait: Int64 = 1_000_000_000
    /// The shortest wait for an answer where it is not the scan's: within one machine no other process has to be
    /// scheduled before the answer comes.
    var shortestWait: Int64?
    /// Whether a port was refused, by RST or ICMP, and whether that was an ICMP port unreachable.
    var isRefusing = false
    var refusesByICMP = false
    /// When the last answer came that a limit could have held back.
    var lastAnswerAt: Int64 = .min
    /// The last look at silent ports, once it has begun.
    var slow: SlowRound?
    /// Whether only the first ports are asked until something answers.
    var looksFirst = false
    var isFinished = false

    init(_ target: ScanTarget, _ plan: ScanPlan, cursorLimit: Int, pace: HostPace, now: Int64) {
        self.target = target
        ports = plan.ports
        records = [PortRecord](repeating: PortRecord(), count: plan.ports.count)
        self.cursorLimit = cursorLimit
        self.pace = pace
        (startedAt, endedAt) = (now, now)
    }

    func endpoint(_ port: Int) -> Endpoint { Endpoint(target.address, ports[port], scope: target.scope) }

    /// One more than a sender's place in the list; 0 for the target itself, and for the 251st that the list cannot
    /// name.
    func place(of sender: IPAddress?) -> UInt8 {
        guard let sender, sender != target.address else { return 0 }
        if let known = senders.firstIndex(of: sender) { return UInt8(known + 1) }
        guard senders.count < 250 else { return 0 }
        senders.append(sender)
        return UInt8(senders.count)
    }

    /// Which queue of `waiting` an attempt stands in: from the sixth on all have the same patience.
    static func level(attempt: UInt8) -> Int { min(Int(attempt), 6) - 1 }

    func setBanner(_ bytes: [UInt8], port: Int) { banners[port] = bytes }
}

extension HostScan {
    /// What is known of the port at a place in `ports`; nil if nothing, because the scan was interrupted or left it
    /// out.
    public func outcome(_ place: Int) -> ProbeOutcome? {
        guard records[place].reason != .undecided else { return nil }
        let isVersion6 = if case .v6 = target.address { true } else { false }
        return records[place].outcome(isVersion6: isVersion6, senders: senders)
    }

    /// The reason alone: what counting needs.
    public func reason(_ place: Int) -> ProbeReason { records[place].reason }

    /// What the service on a port said first.
    public func banner(_ place: Int) -> [UInt8]? { banners[place] }

    /// Whether every port has its answer.
    public var isComplete: Bool { decidedCount == ports.count }
}

/// Ports that wait to be asked again, first come, first served.
struct PortQueue {
    private var items: [UInt16] = []
    private var head = 0

    mutating func append(_ port: UInt16) { items.append(port) }

    mutating func next() -> UInt16? {
        guard head < items.count else { return nil }
        defer {
            head += 1
            if head == items.count || (head > 1024 && head * 2 > items.count) {
                items.removeFirst(head)
                head = 0
            }
        }
        return items[head]
    }

    var isEmpty: Bool { head == items.count }
}
