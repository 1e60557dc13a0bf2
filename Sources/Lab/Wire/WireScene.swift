import Addressing
import Analysis
import Capture
import Conversations
import Packets
import Sockets
import Timeline

/// The client on one host, the server on another, and both ends of the wire between them captured.
public struct WireScene: DemoScene, ~Copyable {
    private let wire: TwoHostWire
    private var captures: EndCaptures
    /// What each end saw of TCP and UDP, as far as it was looked at.
    private var seen: [[ObservedPacket]] = [[], []]
    private var looked = [0, 0]
    private var analyzer = PacketAnalyzer()
    /// How many marks are still to come, and when the last one was sent.
    private var roundsLeft = 0
    private var lastMark: ContinuousClock.Instant?
    private var lastUnderWay: ContinuousClock.Instant?
    private var verdictOnConnections = (count: -1, areOver: true)

    /// - Throws: why there is no wire: no namespace, no link, or no right to capture.
    public init(_ impairments: Impairments, clock: @escaping @Sendable () -> Timestamp) throws(WireError) {
        let laid = try TwoHostWire(impairments, clock: clock)
        let opened = try EndCaptures(laid)
        wire = laid
        captures = opened
    }

    /// Takes the calling thread into the namespace of the program's host.
    public var entrance: @Sendable (SocketCall.End) throws(SocketError) -> Void {
        let wire = wire
        return { (end) throws(SocketError) in try wire.host(of: end).enter() }
    }

    /// The longest delay of either direction.
    public var oneWay: Duration { wire.impairments.longest }
    /// Until the last retransmission on a wire with losses has been answered.
    public var longestWait: Duration { wire.impairments.isNone ? .seconds(10) : .seconds(120) + oneWay * 8 }
    /// How many packets were taken so far.
    public var count: Int { captures.count }

    /// Takes what both ends have captured.
    public mutating func takePackets(waiting: Duration, or others: [Int32]) throws -> Int {
        let taken = try captures.take(waiting: waiting, or: others)
        if wire.underWay > 0 { lastUnderWay = .now }
        return taken
    }

    /// What has just been handed on is captured a moment later.
    public var hasUnderWay: Bool { lastUnderWay.map { ContinuousClock.now - $0 < .milliseconds(10) } ?? false }

    // MARK: The end

    /// Marks come back: they are packets of their own on both ends.
    public var carriesMarks: Bool { true }

    /// Forgets marks that were sent before.
    public mutating func expectMark() {
        captures.expectMarks()
        (roundsLeft, lastMark) = (wire.impairments.mayReorder ? 2 : 1, nil)
    }

    /// Again only when it should have come long since.
    public mutating func sendMark() throws {
        if let lastMark, ContinuousClock.now - lastMark < .milliseconds(200) + oneWay * 2 { return }
        lastMark = .now
        try captures.sendMarks()
    }

    /// What was held back comes out behind the first mark: a second one follows when nothing is under way any more.
    public mutating func sawMark() -> Bool {
        if roundsLeft > 0, captures.sawMarks, wire.underWay == 0 {
            roundsLeft -= 1
            if roundsLeft > 0 {
                captures.expectMarks()
                lastMark = nil
            }
        }
        return roundsLeft == 0
    }

    /// As each end sees it: a FIN that was lost has ended nothing at the other.
    public mutating func everyConnectionIsOver() -> Bool {
        if verdictOnConnections.count == captures.count { return verdictOnConnections.areOver }
        look()
        let areOver = seen.allSatisfy { packets in
            Conversation.all(in: packets).allSatisfy { conversation in
                conversation.connection.map { $0.isOver || $0.handshake.synACK == nil } ?? true
            }
        }
        verdictOnConnections = (captures.count, areOver)
        return areOver
    }

    private mutating func look() {
        for end in 0..<2 {
            let records = captures.records(of: end)
            for record in records.dropFirst(looked[end]) {
                let bytes = record.bytes.rawSpan
                analyzer.take(record.header, bytes)
                if let packet = ObservedPacket(bytes, analyzer.dissection, analyzer.facts) {
                    seen[end].append(packet)
                }
            }
            looked[end] = records.count
        }
    }

    /// While a connection is open on a wire with losses, a retransmission may still come: TCP waits up to two minutes
    /// for one (RFC 6298 section 2.5 leaves the limit open, Linux has 120 s). Nobody sends a datagram again.
    public mutating func patience() -> Duration {
        let quick = Duration.seconds(10) + oneWay * 4
        return isRepairing() ? quick + .seconds(120) : quick
    }

    /// A SYN without an answer is repeated, too.
    public mutating func isRepairing() -> Bool {
        guard wire.impairments.mayLose else { return false }
        look()
        return Conversation.all(in: seen[0]).contains { $0.connection.map { !$0.isOver } ?? false }
    }

    /// As `patience`, but programs that have ended do not wait for anything any more.
    public mutating func settlingTime() -> Duration {
        let quick = Duration.seconds(1) + oneWay * 4
        return wire.impairments.mayLose ? quick + .seconds(30) : quick
    }

    // MARK: What was recorded

    /// Runs something in the namespace of the end's host, and brings the calling thread back.
    public func inside<Result>(_ end: SocketCall.End, _ body: () throws(SocketError) -> Result) throws(SocketError)
        -> Result
    {
        let home = try NetworkNamespace.current()
        try wire.host(of: end).enter()
        let result: Result
        do throws(SocketError) { result = try body() } catch {
            try home.enter()
            throw error
        }
        try home.enter()
        return result
    }

    /// 0 is the client's host, 1 the server's.
    public func host(of end: SocketCall.End) -> Int { wire.host(of: end).name == wire.client.name ? 0 : 1 }

    /// The TCP and UDP packets as the host saw them.
    public mutating func packets(on host: Int) -> [ObservedPacket] {
        look()
        return seen.indices.contains(host) ? seen[host] : []
    }

    /// The packets that left after the first so many, and how they arrived.
    public func view(after count: Int) -> SceneView {
        TwoEndRecords(captures.records, client: wire.client.addresses, server: wire.server.addresses)
            .view(after: count, hosts: [wire.client.hardwareAddress, wire.server.hardwareAddress])
    }

    /// Ends the captures and hands over what they have.
    public mutating func finish() -> SceneRecords {
        let log = try? wire.stop()
        var records = captures.records
        if let log { WireComments.attach(log, to: &records) }
        return SceneRecords(
            records: records, interfaces: captures.interfaces, statistics: captures.statistics,
            wire: WireRecording(wire, log))
    }
}
