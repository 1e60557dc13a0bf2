/// How far a scan is.
public struct ScanProgress: Hashable, Sendable {
    /// How many ports of hosts are to be asked in all, and how many of them are known or left out.
    public internal(set) var probes: UInt64 = 0
    public internal(set) var decided: UInt64 = 0
    public internal(set) var hosts: UInt64 = 0
    public internal(set) var hostsDone: UInt64 = 0
    /// SYNs sent, not counting those that the system repeats.
    public internal(set) var sent: UInt64 = 0
    public internal(set) var open = 0

    public init() {}
}
