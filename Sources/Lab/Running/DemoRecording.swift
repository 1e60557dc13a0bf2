import Addressing
import Capture
import Sockets

/// What a demo recorded: every packet and every socket call, on one clock.
public struct DemoRecording: Sendable {
    public var records: [CapturedRecord]
    public var interface: CaptureInterface
    public var calls: [SocketCall]
    public var statistics: LiveCaptureStatistics
    /// How the programs ended.
    public var ending: Ending
    /// What each part showed, in order; empty where the programs did not come to their end.
    public var verdicts: [Verdict]
    /// What is missing from the picture, in words; nil where it is complete.
    public var gap: String?

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
