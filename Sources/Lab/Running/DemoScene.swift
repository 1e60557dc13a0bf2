import Capture
import Conversations
import Sockets

/// Where the two programs of a demo run, and what is captured there meanwhile: the loopback interface
/// (`LoopbackScene`), or two hosts and the wire between them (`WireScene`).
public protocol DemoScene: ~Copyable {
    /// Takes the calling thread to where a program belongs, before its first call.
    var entrance: @Sendable (SocketCall.End) throws(SocketError) -> Void { get }
    /// How long a packet is under way at most, as far as that is known beforehand.
    var oneWay: Duration { get }
    /// How long one program waits for the other: on a wire with losses until the last retransmission has been answered.
    var longestWait: Duration { get }
    /// How many packets were taken so far.
    var count: Int { get }

    /// Takes the packets that are there, after waiting for the first one or for another descriptor; says how many.
    mutating func takePackets(waiting: Duration, or others: [Int32]) throws -> Int

    /// From now on only marks that are sent from now on count. A mark goes through the capture as packets do.
    mutating func expectMark()
    /// Whether marks come back here.
    var carriesMarks: Bool { get }
    /// Sends one, perhaps again.
    mutating func sendMark() throws
    /// Whether it has come, and with it everything before.
    mutating func sawMark() -> Bool
    /// Whether packets have left and not arrived yet, or only just.
    var hasUnderWay: Bool { get }
    /// Whether every connection was seen to its end, or never came about.
    mutating func everyConnectionIsOver() -> Bool
    /// How long nothing may move before a demo is given up.
    mutating func patience() -> Duration
    /// Whether a retransmission may still come.
    mutating func isRepairing() -> Bool
    /// How long to wait for the last segments once both programs have ended.
    mutating func settlingTime() -> Duration

    /// Runs something where the programs of an end are, and brings the calling thread back.
    func inside<Result>(_ end: SocketCall.End, _ body: () throws(SocketError) -> Result) throws(SocketError) -> Result
    /// The number of the host that an end's programs are on, and the TCP and UDP packets as a host saw them.
    func host(of end: SocketCall.End) -> Int
    mutating func packets(on host: Int) -> [ObservedPacket]
    /// What a verdict is to see: the packets after the first so many.
    func view(after count: Int) -> SceneView
    /// Ends the captures and hands over what they have.
    mutating func finish() -> SceneRecords
}

/// The packets of a part of a recording, each once.
public struct SceneView: Sendable {
    /// In the order of their numbers.
    public var packets: [SeenPacket]
    /// Where both hosts were captured: how each packet arrived at the other one, by its number.
    public var arrivals: [Int: [SeenPacket]]?

    /// - Parameter arrivals: nil where one host was captured.
    public init(packets: [SeenPacket], arrivals: [Int: [SeenPacket]]? = nil) {
        self.packets = packets
        self.arrivals = arrivals
    }
}

/// What a scene recorded.
public struct SceneRecords: Sendable {
    /// The packets, as they were captured.
    public var records: [CapturedRecord]
    /// What was captured on.
    public var interfaces: [CaptureInterface]
    /// What each capture counted, in the order of `interfaces`.
    public var statistics: [LiveCaptureStatistics]
    /// The wire between two hosts; nil on loopback.
    public var wire: WireRecording?

    /// What a scene recorded; the properties say what each part is.
    public init(
        records: [CapturedRecord], interfaces: [CaptureInterface], statistics: [LiveCaptureStatistics],
        wire: WireRecording? = nil
    ) {
        self.records = records
        self.interfaces = interfaces
        self.statistics = statistics
        self.wire = wire
    }
}
