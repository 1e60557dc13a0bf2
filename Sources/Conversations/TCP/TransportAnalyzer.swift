import Addressing
import DequeModule
import Packets

/// Gives each packet its `TransportFacts`: the number of its stream, relative numbers, and what TCP analysis says of
/// the segment. Fed packet by packet in file order; what it keeps grows with open conversations, not with packets and
/// not with connections that are over.
///
/// Streams are numbered as Wireshark 4.0 numbers them: each TCP connection and each UDP endpoint pair in the order in
/// which their first packets come, tunnelled ones and those quoted in ICMP errors too. A SYN with another initial
/// number on the ports of an earlier connection starts a new stream, and packets belong to the youngest of their ports.
///
/// Connections that are over are remembered while no more than 65,536 others ended after them: as long as late segments
/// and ports that are used again can be expected. Then they are forgotten, and another packet of theirs begins a
/// stream.
public struct TransportAnalyzer: Sendable {
    /// All ports of a host: who opens one connection after the other does not come back to a port before.
    public static let rememberedConnections = 1 << 16

    var connections: ConnectionTable<AnalyzedConnection>
    /// A pair of endpoints has one stream of datagrams, so its number there is the stream's.
    private var datagrams: FlowTable
    private var heeded = HeededConnections()
    /// When each UDP stream had its first datagram and its last.
    private var datagramTimes = ChunkedList<(first: Int64, last: Int64)>()
    var names = NameExchanges()
    private var closed = Deque<ClosedConnection>()
    /// The connection of the last packet's outermost segment.
    var latest: Int?
    private var echoes = EchoRequests()
    private let remembered: Int

    /// A connection that is over.
    private struct ClosedConnection {
        let place: UInt32
        let stream: UInt32
    }

    /// So many packets after the end are acknowledgments of it.
    private static let packetsAfterEnd = 3

    /// - Parameters:
    ///   - seed: a random number, so that nobody can prepare a capture whose conversations all collide.
    ///   - remembered: so many connections that are over are remembered.
    public init(seed: UInt64, remembering remembered: Int = TransportAnalyzer.rememberedConnections) {
        connections = ConnectionTable(seed: seed, keeping: .untilAnswered)
        datagrams = FlowTable(seed: seed)
        self.remembered = max(0, remembered)
    }

    /// How many TCP streams there were so far.
    public var tcpStreams: Int { Int(connections.streams) }
    /// How many connections are remembered.
    public var connectionCount: Int { connections.remembered }

    /// The facts of one packet.
    public mutating func facts(
        of record: RawSpan, _ dissection: borrowing Dissection, number: Int, time: Timestamp?
    ) -> TransportFacts {
        var facts = TransportFacts()
        var network: LayerRange?
        var isQuotedByICMP = false
        var previous = LayerKind.frame
        latest = nil
        for layer in dissection.layers {
            switch layer.kind {
            case .ipv4, .ipv6:
                network = layer
                isQuotedByICMP = layer.kind == .ipv4 && previous == .icmp
            case .tcp:
                guard let network else { break }
                let isFirst = facts.tcpLayer < 0
                let connection = takeSegment(record, layer, network, isQuotedByICMP, number, time, &facts)
                // A reset carries no data of the connection (RFC 9293 section 3.5.3).
                if isFirst, !Self.isReset(record, layer) { latest = connection }
            case .udp, .udplite:
                guard let network else { break }
                takeDatagram(record, layer, network, Self.nanoseconds(time), &facts)
            case .icmp:
                guard let network, !layer.isQuoted else { break }
                takeEcho(record, layer, network, number, &facts)
            default: break
            }
            previous = layer.kind
        }
        return facts
    }

    private static func isReset(_ record: RawSpan, _ layer: LayerRange) -> Bool {
        layer.range.count >= TCPSegment.minimumLength
            && record.uint8(at: Int(layer.start) &+ 13) & UInt8(TCPFlags.rst.rawValue) != 0
    }

    private mutating func takeEcho(
        _ record: RawSpan, _ layer: LayerRange, _ network: LayerRange, _ number: Int, _ facts: inout TransportFacts
    ) {
        guard let message = try? ICMPMessage(record.extracting(layer.range)), let ends = addresses(record, network)
        else { return }
        let answered = echoes.take(
            message, from: ends.source, to: ends.destination, packet: UInt32(truncatingIfNeeded: number))
        if facts.icmp.layer < 0 { (facts.icmp.layer, facts.icmp.request) = (layer.start, answered ?? 0) }
    }

    private mutating func takeDatagram(
        _ record: RawSpan, _ layer: LayerRange, _ network: LayerRange, _ time: Int64, _ facts: inout TransportFacts
    ) {
        let bytes = record.extracting(layer.range)
        guard bytes.byteCount >= 8, let (key, _) = key(bytes, record, network, .udp) else { return }
        // A length that does not even cover the header ends the dissection; 0 over IPv6 is a jumbogram's (RFC 2675).
        // UDP-Lite's length is IP's; it shares UDP's streams (RFC 3828 section 3).
        let length = layer.kind == .udplite ? 8 : bytes.uint16(at: 4)
        guard length >= 8 || length == 0 && network.kind == .ipv6 else { return }
        let (stream, isNew) = datagrams.number(of: key)
        if isNew { datagramTimes.append((time, time)) }
        if facts.udpLayer < 0 {
            facts.udpLayer = layer.start
            facts.udpStream = UInt32(truncatingIfNeeded: stream)
            facts.sinceFirstDatagram = time &- datagramTimes[stream].first
            facts.sincePreviousDatagram = time &- datagramTimes[stream].last
            datagramTimes[stream].last = time
        } else if !layer.isQuoted {
            facts.innerUDPLayer = layer.start
            facts.innerUDPStream = UInt32(truncatingIfNeeded: stream)
        }
    }

    /// - Returns: the segment's connection; nil where too little of it is there to tell.
    private mutating func takeSegment(
        _ record: RawSpan, _ layer: LayerRange, _ network: LayerRange, _ isQuotedByICMP: Bool, _ number: Int,
        _ time: Timestamp?,
        _ facts: inout TransportFacts
    ) -> Int? {
        let bytes = record.extracting(layer.range)
        let isFirst = facts.tcpLayer < 0
        if isQuotedByICMP, isFirst, bytes.byteCount >= 8 {
            (facts.tcpLayer, facts.sequence, facts.has) = (layer.start, bytes.uint32(at: 4), .sequence)
        }
        guard
            let segment = AnalyzedSegment(
                bytes, layer, packet: UInt32(truncatingIfNeeded: number), time: Self.nanoseconds(time)),
            let (key, direction) = key(bytes, record, network, .tcp)
        else { return nil }
        let hasLength = segment.isWhole
        let headerLength = Int(bytes.uint8(at: 12) >> 4) &* 4
        var analysis = TCPSequenceAnalysis()
        // TCP analysis follows the ports' latest connection, as Wireshark's does.
        let connection = findConnection(segment, key, direction, &analysis)
        var home = connection
        var proof = SegmentRuling.Proof.none
        if hasLength { (home, proof) = judge(segment, bytes, direction, connection, &analysis.facts) }
        analysis.facts.tcpLayer = layer.start
        analysis.facts.tcpStream = connections[connection].stream
        analysis.facts.connection = connections[home].stream
        analysis.facts.sequence = segment.sequence
        analysis.facts.acknowledgment = segment.acknowledgment
        analysis.facts.window = segment.window
        analysis.facts.has = [.stream, .sequence]
        if !segment.flags.contains(.syn) {
            analysis.facts.windowScale = connections[connection].content.windowScale(direction)
        }
        connections[connection].content.forgetSACK(direction)
        connections[connection].content.noteTime(segment, &analysis.facts)
        if hasLength {
            let numbers = connections[connection].numbers
            connections[connection].content.analyze(segment, direction, numbers, &analysis)
            connections[connection].content.fillNumbers(segment, direction, numbers, &analysis.facts)
        }
        if headerLength >= TCPSegment.minimumLength {
            analysis.facts.has.formUnion(
                hasLength ? [.acknowledgment, .window, .nextSequence] : [.acknowledgment, .window])
            connections[connection].content.noteFlags(segment.flags, time: segment.time, direction)
            if !layer.isQuoted { noteEnd(segment.flags, direction, home, &analysis.facts) }
            finish(bytes, headerLength, segment, direction, connection, &analysis)
        }
        // The number in a quoted header is shown as it is: too little of the segment is there.
        if isQuotedByICMP { analysis.facts.sequence = segment.sequence }
        analysis.facts.marks = analysis.marks
        analysis.facts.heeded = heeded.marks(
            of: segment, bytes, direction, home, connections[home].numbers, analysis, proof)
        if isFirst {
            (analysis.facts.udpLayer, analysis.facts.udpStream) = (facts.udpLayer, facts.udpStream)
            (analysis.facts.innerUDPLayer, analysis.facts.innerUDPStream) = (facts.innerUDPLayer, facts.innerUDPStream)
            (analysis.facts.icmp.layer, analysis.facts.icmp.request) = (facts.icmp.layer, facts.icmp.request)
            (analysis.facts.sinceFirstDatagram, analysis.facts.sincePreviousDatagram) = (
                facts.sinceFirstDatagram, facts.sincePreviousDatagram
            )
            facts = analysis.facts
        }
        return home
    }

    /// The options and what follows from them, where the header is there to its end.
    private mutating func finish(
        _ bytes: RawSpan, _ headerLength: Int, _ segment: AnalyzedSegment, _ direction: FlowDirection,
        _ connection: Int,
        _ analysis: inout TCPSequenceAnalysis
    ) {
        guard bytes.byteCount >= TCPSegment.minimumLength else { return }
        analysis.facts.has.insert(.times)
        if headerLength > TCPSegment.minimumLength {
            let base = connections[connection].numbers.of(direction.opposite) ?? 0
            let options = SegmentOptions(
                bytes, end: headerLength, acknowledgment: analysis.facts.acknowledgment, base: base)
            if options.scale != nil || options.sackBlocks != nil {
                connections[connection].content.noteOptions(
                    scale: options.scale, sackBlocks: options.sackBlocks, direction)
            }
            guard options.isWhole else { return }
        }
        if analysis.isNoted {
            analysis.facts.has.insert(.analysis)
            analysis.facts.initialRoundTrip = connections[connection].content.firstRoundTrip
        }
        if segment.flags.contains(.syn) {
            connections[connection].content.settleScaling(direction, isSYNACK: segment.flags.contains(.ack))
        }
    }

    /// The place of a segment's connection.
    private mutating func findConnection(
        _ segment: AnalyzedSegment, _ key: FlowKey, _ direction: FlowDirection, _ analysis: inout TCPSequenceAnalysis
    ) -> Int {
        let (place, arrival) = connections.place(of: segment, key, direction) { _, isAnother in
            AnalyzedConnection(time: segment.time, opening: isAnother ? direction : nil)
        }
        switch arrival {
        case .begins: heeded.end(place)
        case .joins(.belongs): break
        case .joins(.repeatsSYN):
            connections[place].content.repeatSYN(direction)
            heeded.repeatSYN(place, direction)
            noteIntrusion(segment, direction, place)
            analysis.isNoted = true
        case .joins(.answersWithOtherNumber):
            connections[place].content.forgetFlight(direction)
            analysis.noteReusedPorts()
        case .joins(.opensAnother):
            heeded.end(place)
            noteIntrusion(segment, direction, place)
            analysis.noteReusedPorts()
        }
        return place
    }

    /// A SYN that came into another connection of its ports, which may answer it.
    private mutating func noteIntrusion(_ segment: AnalyzedSegment, _ direction: FlowDirection, _ place: Int) {
        guard let earlier = connections.earlier(of: place) else { return }
        heeded.begin(earlier, with: connections[earlier].content)
        heeded.noteForeign(segment, direction, earlier, stream: connections[place].stream)
    }

    /// Whether a segment belongs to the connection of its ports: the latest one, or the one before it while nothing has
    /// answered that one's SYN.
    /// - Returns: the place of the connection that it counts for, and what it shows of an earlier segment.
    private mutating func judge(
        _ segment: AnalyzedSegment, _ bytes: RawSpan, _ direction: FlowDirection, _ place: Int,
        _ facts: inout TransportFacts
    ) -> (place: Int, proof: SegmentRuling.Proof) {
        let timestamps = SegmentTimestamps(bytes)
        if let timestamps, connections[place].content.oldDuplicates.has(segment, timestamps, direction) {
            return reject(segment, direction, place, .oldTimestamp, &facts)
        }
        let found = judge(segment, direction, place, &facts)
        if let timestamps, facts.verdict == .belongs {
            connections[found.place].content.oldDuplicates.note(segment, timestamps, direction)
        }
        return found
    }

    private mutating func judge(
        _ segment: AnalyzedSegment, _ direction: FlowDirection, _ place: Int, _ facts: inout TransportFacts
    ) -> (place: Int, proof: SegmentRuling.Proof) {
        let awaitedAnswer = connections[place].content.awaitsAnswer
        var ruling = connections[place].content.acceptance.judge(segment, direction)
        var home = place
        if ruling.verdict == .belongs {
            if awaitedAnswer, !connections[place].content.awaitsAnswer { endEarlier(place) }
            if segment.flags.contains(.rst), connections[place].content.hasNotReached(segment.sequence, direction) {
                heeded.begin(place, with: connections[place].content)
            }
        } else if connections[place].content.awaitsAnswer {
            (home, ruling) = connections.judgeUnclaimed(segment, direction, at: place)
            if home != place { heeded.begin(place, with: connections[place].content) }
        }
        return ruling.verdict == .belongs
            ? (home, ruling.proves) : reject(segment, direction, home, ruling.verdict, &facts)
    }

    /// A segment that does not belong to the connection of its ports.
    private mutating func reject(
        _ segment: AnalyzedSegment, _ direction: FlowDirection, _ place: Int, _ verdict: SegmentVerdict,
        _ facts: inout TransportFacts
    ) -> (place: Int, proof: SegmentRuling.Proof) {
        facts.verdict = verdict
        heeded.begin(place, with: connections[place].content)
        heeded.noteForeign(segment, direction, place, stream: connections[place].stream, verdict)
        return (place, .none)
    }

    /// The connection before this one is over: something answered the SYN of this one.
    private mutating func endEarlier(_ place: Int) {
        if let earlier = connections.forgetEarlier(of: place) { heeded.end(earlier) }
    }

    /// Notices that a connection is over, and forgets one that has been for long.
    private mutating func noteEnd(
        _ flags: TCPFlags, _ direction: FlowDirection, _ place: Int, _ facts: inout TransportFacts
    ) {
        let wasOver = connections[place].content.isOver
        if !flags.isDisjoint(with: [.fin, .rst]) { connections[place].content.noteEnd(flags, direction) }
        guard connections[place].content.isOver else { return }
        facts.isOver = true
        if !wasOver {
            closed.append(
                ClosedConnection(place: UInt32(truncatingIfNeeded: place), stream: connections[place].stream))
        }
        if closed.count > remembered, let oldest = closed.popFirst(), forget(oldest) {
            facts.forgottenStream = oldest.stream
        }
    }

    /// - Returns: whether it is forgotten.
    private mutating func forget(_ old: ClosedConnection) -> Bool {
        let place = Int(old.place)
        // Its ports, or its place, may have another connection by now.
        guard connections[place].stream == old.stream, connections[place].content.isOver else { return true }
        // It goes on after all: a reset that was not acceptable, or a host that sends again.
        if connections[place].content.packetsSinceEnd > Self.packetsAfterEnd {
            connections[place].content.forgetPacketsSinceEnd()
            closed.append(old)
            return false
        }
        connections.remove(place)
        heeded.end(place)
        connections[place].content.release()
        return true
    }

    private func addresses(_ record: RawSpan, _ network: LayerRange) -> (source: IPAddress, destination: IPAddress)? {
        if network.kind == .ipv4 {
            guard let packet = try? IPv4Packet(record.extracting(network.range)) else { return nil }
            return (.v4(packet.source), .v4(packet.finalDestination ?? packet.destination))
        }
        guard let packet = try? IPv6Packet(record.extracting(network.range)) else { return nil }
        return (.v6(packet.source), .v6(packet.finalDestination))
    }

    private func key(_ bytes: RawSpan, _ record: RawSpan, _ network: LayerRange, _ transport: Transport) -> (
        key: FlowKey, direction: FlowDirection
    )? {
        guard let (source, destination) = addresses(record, network) else { return nil }
        return FlowKey.of(
            source: source, sourcePort: Port(bytes.uint16(at: 0)), destination: destination,
            destinationPort: Port(bytes.uint16(at: 2)),
            transport: transport)
    }

    /// Nanoseconds since 1970; a packet without a time counts as of then, as in Wireshark.
    static func nanoseconds(_ time: Timestamp?) -> Int64 { time?.nanoseconds(since: .epoch) ?? 0 }
}
