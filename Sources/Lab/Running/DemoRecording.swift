import Addressing
import Capture
import Sockets

/// What a demo recorded: every packet and every socket call, on one clock.
public struct DemoRecording: Sendable {
    /// The packets, as they were captured.
    public var records: [CapturedRecord]
    /// The interface that was captured on, or both hosts'.
    public var interfaces: [CaptureInterface]
    /// What each capture counted, in the order of `interfaces`.
    public var statistics: [LiveCaptureStatistics]
    /// The wire between two hosts, and what it did; nil on loopback.
    public var wire: WireRecording?
    /// The socket calls of both programs, in the order of their starts.
    public var calls: [SocketCall]
    /// How the programs ended.
    public var ending: Ending
    /// What each part showed, in order; empty where the programs did not come to their end.
    public var verdicts: [Verdict]
    /// What is missing from the picture, in words; nil where it is complete.
    public var gap: String?

    init(_ recorded: SceneRecords, calls: [SocketCall], ending: Ending, verdicts: [Verdict], gap: String?) {
        records = recorded.records
        interfaces = recorded.interfaces
        statistics = recorded.statistics
        wire = recorded.wire
        self.calls = calls
        self.ending = ending
        self.verdicts = verdicts
        self.gap = gap
    }

    /// How the programs ended.
    public enum Ending: Hashable, Sendable {
        case finished
        /// By a signal, before the end.
        case interrupted(signal: Int32)
        /// A call failed that should not have.
        case failed(SocketError)
        /// Nothing moved any more for so long.
        case stalled(demo: String, after: Duration)
        /// The device went away.
        case captureFailed(CaptureDeviceError)
    }
}
