/// How far a scan is.
public struct ScanProgress: Hashable, Sendable {
    /// How many ports of hosts are to be asked in all, and how many of them are known or left out.
    public internal(set) var probes: UInt64 = 0
    /// How many of them have their answer, or were left out.
    public internal(set) var decided: UInt64 = 0
    /// How many hosts are to be scanned.
    public internal(set) var hosts: UInt64 = 0
    /// How many of them are finished.
    public internal(set) var hostsDone: UInt64 = 0
    /// SYNs sent, not counting those that the system repeats.
    public internal(set) var sent: UInt64 = 0
    /// How many open ports were found.
    public internal(set) var open = 0
    /// Hosts whose silent ports are asked once more, slowly.
    public internal(set) var slowHosts = 0
    /// SYNs to ports of which nothing is known yet, and how many it takes to call a port filtered.
    var unanswered: Int64 = 0
    var attempts = 1

    /// Nothing done of nothing.
    public init() {}

    /// How much of the work is done, from 0 to 1. Silent ports are known only after several attempts, all at about the
    /// same time: each attempt is a part of that work.
    public var share: Double {
        guard probes > 0 else { return 1 }
        return min(1, (Double(decided) + Double(max(0, unanswered)) / Double(max(1, attempts))) / Double(probes))
    }
}
