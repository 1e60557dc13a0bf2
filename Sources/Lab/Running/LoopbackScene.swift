import Capture
import Conversations
import Sockets

/// Both programs on one machine, and its loopback interface.
public struct LoopbackScene: DemoScene, ~Copyable {
    private var capture: LiveCapture
    private var collected: CollectedPackets
    private let mark: CaptureMark

    /// Opens the capture.
    ///
    /// - Parameter sharedPorts: where the interface is not the demo's own, the ports that are: other programs'
    ///   packets are kept out.
    /// - Parameters:
    ///   - snaplen: the most bytes that are kept of a packet; nil keeps them whole. A bulk transfer on loopback has
    ///     packets of 64 KiB, faster than they can be copied.
    ///   - bufferSize: the kernel's, in bytes.
    /// - Throws: `CaptureDeviceError` or, where not even the mark can be made, `SocketError`.
    public init(
        interface: String, sharedPorts: ClosedRange<UInt16>? = nil, snaplen: Int? = nil, bufferSize: Int = 16 << 20
    )
        throws
    {
        let mark = try CaptureMark()
        var options = LiveCaptureOptions()
        // Immediate mode would give every packet a slot of the snaplen's size and so hold a few dozen; blocks hold what
        // fits (TPACKET_V3) and are handed over after a millisecond or as soon as the kernel's clock allows.
        options.immediate = false
        options.timeoutMilliseconds = 1
        options.bufferSize = bufferSize
        if let snaplen {
            // Only slots (TPACKET_V2) make the kernel cut packets; blocks hold them whole, and libpcap cuts afterwards.
            options.snaplen = snaplen
            options.immediate = true
        }
        var capture = try LiveCapture(device: interface, options: options)
        if let ports = sharedPorts {
            let range = "portrange \(ports.lowerBound)-\(ports.upperBound)"
            try capture.setFilter(
                "((tcp or udp) and \(range)) or icmp or icmp6 or (udp and port \(mark.endpoint.port))")
        }
        collected = CollectedPackets(mark: mark.endpoint)
        self.mark = mark
        self.capture = capture
    }

    /// Both programs are here already.
    public var entrance: @Sendable (SocketCall.End) throws(SocketError) -> Void { { (_) throws(SocketError) in } }
    /// Packets arrive at once.
    public var oneWay: Duration { .zero }
    /// 10 seconds.
    public var longestWait: Duration { .seconds(10) }
    /// How many packets were taken so far.
    public var count: Int { collected.packets.count }

    /// Takes what the interface has captured.
    public mutating func takePackets(waiting: Duration, or others: [Int32]) throws -> Int {
        var descriptors = others
        if let descriptor = capture.selectableDescriptor { descriptors.append(descriptor) }
        _ = try waitReadable(descriptors, timeout: waiting)
        var taken = 0
        while let header = try capture.next() {
            collected.add(header, capture.bytes)
            taken += 1
        }
        return taken
    }

    /// Only loopback sees its own.
    public var carriesMarks: Bool { capture.device.hasPrefix("lo") }
    /// Forgets marks that were sent before.
    public mutating func expectMark() { collected.expectMark() }
    /// Sends one datagram to a port of its own.
    public mutating func sendMark() throws { try mark.send() }
    /// Whether it has come, and with it everything before.
    public mutating func sawMark() -> Bool { collected.sawMark }

    /// Packets arrive at once.
    public var hasUnderWay: Bool { false }
    /// Whether every connection was seen to its end, or never came about.
    public mutating func everyConnectionIsOver() -> Bool { collected.everyConnectionIsOver() }
    /// No demo on one machine has a reason to be silent for so long.
    public mutating func patience() -> Duration { .seconds(10) }
    /// Nothing is lost.
    public mutating func isRepairing() -> Bool { false }
    /// The kernel delivers them in microseconds.
    public mutating func settlingTime() -> Duration { .seconds(1) }

    /// Runs something; both programs are here already.
    public func inside<Result>(_ end: SocketCall.End, _ body: () throws(SocketError) -> Result) throws(SocketError)
        -> Result
    { try body() }
    /// All are on one host.
    public func host(of end: SocketCall.End) -> Int { 0 }
    /// The TCP and UDP packets as the host saw them.
    public mutating func packets(on host: Int) -> [ObservedPacket] { collected.packets.compactMap(\.segment) }
    /// The packets after the first so many.
    public func view(after count: Int) -> SceneView { SceneView(packets: Array(collected.packets.dropFirst(count))) }

    /// Ends the capture and hands over what it has.
    public mutating func finish() -> SceneRecords {
        SceneRecords(
            records: collected.records, interfaces: [capture.interface],
            statistics: [(try? capture.statistics()) ?? LiveCaptureStatistics()])
    }
}
