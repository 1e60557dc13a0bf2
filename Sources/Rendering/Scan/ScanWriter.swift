import Probe
import Text

/// A format of scan results. Hosts come as they are finished, in the order of the targets.
public protocol ScanWriter {
    /// Writes what stands before the first host.
    mutating func begin(_ out: inout OutputBuffer)
    /// Writes one host.
    /// - Parameter name: the host's name: the user's own or what its address resolves to.
    mutating func write(_ host: HostScan, name: String?, _ out: inout OutputBuffer)
    /// Writes what stands behind the last host.
    mutating func end(_ summary: ScanSummary, _ out: inout OutputBuffer)
}
