import Addressing
import Packets

/// Gives each packet its `TransportFacts`: the number of its stream, relative numbers, and what TCP analysis says of the
/// segment. Fed packet by packet in file order; what it keeps grows with conversations, not with packets.
///
/// Streams are numbered as Wireshark 4.0 numbers them: each TCP connection and each UDP endpoint pair in the order in
/// which their first packets come, tunnelled ones and those quoted in ICMP errors too. A SYN with another initial number on
/// the ports of an earlier connection starts a new stream, and packets belong to the youngest connection that an end of
/// theirs opened in their direction, else to the youngest opened from the other side.
public struct TransportAnalyzer: Sendable {
    /// The connections of a pair of endpoints: numbers plus one, 0 for none.
    private struct Pair: Sendable {
        /// Opened from the end that sorts first, or UDP's only number.
        var fromLower: UInt32 = 0
        var fromUpper: UInt32 = 0
    }

    private var table: FlowTable
    private var pairs: [Pair] = []
    private var connections: [AnalyzedConnection] = []
    private var udpCount: UInt32 = 0

    /// - Parameter seed: a random number, so that nobody can prepare a capture whose conversations all collide.
    public init(seed: UInt64) { table = FlowTable(seed: seed) }

    /// How many TCP streams there are so far.
    public var tcpStreams: Int { connections.count }

    /// The facts of one packet.
    public mutating func facts(
        of record: RawSpan, _ dissection: borrowing Dissection, number: Int, time: Timestamp?
    ) -> TransportFacts {
        var facts = TransportFacts()
        var network: LayerRange?
        var isQuotedByICMP = false
        var previous = LayerKind.frame
        for layer in dissection.layers {
            switch layer.kind {
            case .ipv4, .ipv6:
                network = layer
                isQuotedByICMP = layer.kind == .ipv4 && previous == .icmp
            case .tcp:
                guard let network else { break }
                takeSegment(record, layer, network, isQuotedByICMP, number, time, &facts)
            case .udp:
                guard let network else { break }
                takeDatagram(record, layer, network, &facts)
            default: break
            }
            previous = layer.kind
        }
        return facts
    }

    private mutating func takeDatagram(_ record: RawSpan, _ layer: LayerRange, _ network: LayerRange, _ facts: inout TransportFacts) {
        let bytes = record.extracting(layer.range)
        guard bytes.byteCount >= 8, let (key, _) = key(bytes, record, network, .udp) else { return }
        // A length that does not even cover the header ends the dissection; 0 over IPv6 is a jumbogram's (RFC 2675).
        let length = bytes.uint16(at: 4)
        guard length >= 8 || length == 0 && network.kind == .ipv6 else { return }
        let (index, isNew) = table.number(of: key)
        if isNew {
            udpCount &+= 1
            pairs.append(Pair(fromLower: udpCount))
        }
        if facts.udpLayer < 0 {
            facts.udpLayer = layer.start
            facts.udpStream = pairs[index].fromLower &- 1
        }
    }

    private mutating func takeSegment(
        _ record: RawSpan, _ layer: LayerRange, _ network: LayerRange, _ isQuotedByICMP: Bool, _ number: Int, _ time: Timestamp?,
        _ facts: inout TransportFacts
    ) {
        let bytes = record.extracting(layer.range)
        let isFirst = facts.tcpLayer < 0
        // Up to the window everything is needed to find the connection.
        guard bytes.byteCount >= 16, let (key, direction) = key(bytes, record, network, .tcp) else { return }
        let headerLength = Int(bytes.uint8(at: 12) >> 4) &* 4
        let length = Int(layer.claimedEnd &- layer.start)
        let hasLength = !layer.isPartOfDatagram && !layer.isQuoted && length >= headerLength
        let segment = AnalyzedSegment(
            sequence: bytes.uint32(at: 4), acknowledgment: bytes.uint32(at: 8),
            length: hasLength ? UInt32(truncatingIfNeeded: length &- headerLength) : 0, flags: TCPFlags(rawValue: bytes.uint16(at: 12) & 0x0fff),
            window: UInt32(bytes.uint16(at: 14)), packet: UInt32(truncatingIfNeeded: number), time: Self.nanoseconds(time))
        var analysis = TCPSequenceAnalysis()
        let (pair, connection) = findConnection(segment, key, direction, &analysis)

        analysis.facts.tcpLayer = layer.start
        analysis.facts.tcpStream = connections[connection].stream
        analysis.facts.sequence = segment.sequence
        analysis.facts.acknowledgment = segment.acknowledgment
        analysis.facts.window = segment.window
        analysis.facts.has = .sequence
        connections[connection].forgetSACK(direction)
        connections[connection].noteTime(segment.time, &analysis.facts)
        if hasLength {
            connections[connection].analyze(segment, direction, &analysis)
            connections[connection].fillNumbers(segment, direction, &analysis.facts)
        }
        if headerLength >= TCPSegment.minimumLength {
            analysis.facts.has.formUnion(hasLength ? [.acknowledgment, .window, .nextSequence] : [.acknowledgment, .window])
            connections[connection].noteFlags(segment.flags, time: segment.time, direction)
            finish(bytes, headerLength, segment, direction, pair, connection, &analysis)
        }
        // The number in a quoted header is shown as it is: too little of the segment is there.
        if isQuotedByICMP { analysis.facts.sequence = segment.sequence }
        analysis.facts.marks = analysis.marks
        if isFirst {
            (analysis.facts.udpLayer, analysis.facts.udpStream) = (facts.udpLayer, facts.udpStream)
            facts = analysis.facts
        }
    }

    /// The options and what follows from them, where the header is there to its end.
    private mutating func finish(
        _ bytes: RawSpan, _ headerLength: Int, _ segment: AnalyzedSegment, _ direction: FlowDirection, _ pair: Int, _ connection: Int,
        _ analysis: inout TCPSequenceAnalysis
    ) {
        guard bytes.byteCount >= TCPSegment.minimumLength else { return }
        analysis.facts.has.insert(.times)
        if headerLength > TCPSegment.minimumLength {
            // Wireshark looks the connection up again for them.
            let owner = current(pair, direction) ?? connection
            let base = connections[owner].base(direction == .lowerToUpper ? .upperToLower : .lowerToUpper) ?? 0
            let options = SegmentOptions(bytes, end: headerLength, acknowledgment: analysis.facts.acknowledgment, base: base)
            if options.scale != nil || options.sackBlocks != nil {
                connections[owner].noteOptions(scale: options.scale, sackBlocks: options.sackBlocks, direction)
            }
            guard options.isWhole else { return }
        }
        if analysis.isNoted {
            analysis.facts.has.insert(.analysis)
            analysis.facts.initialRoundTrip = connections[connection].firstRoundTrip
        }
        if segment.flags.contains(.syn) { connections[connection].settleScaling(direction, isSYNACK: segment.flags.contains(.ack)) }
    }

    /// The connection that a segment belongs to; a new one where there is none, and for a SYN that opens anew.
    private mutating func findConnection(
        _ segment: AnalyzedSegment, _ key: FlowKey, _ direction: FlowDirection, _ analysis: inout TCPSequenceAnalysis
    ) -> (pair: Int, connection: Int) {
        let (pair, isNew) = table.number(of: key)
        if isNew { pairs.append(Pair()) }
        guard let found = current(pair, direction) else { return (pair, open(pair, direction, segment.time)) }
        guard segment.flags.contains(.syn), let base = connections[found].base(direction) else { return (pair, found) }
        if !segment.flags.contains(.ack) {
            analysis.noteReusedPorts()
            if base != segment.sequence { return (pair, open(pair, direction, segment.time)) }
            connections[found].repeatSYN(direction)
            return (pair, found)
        }
        guard base != segment.sequence else { return (pair, found) }
        // A SYN-ACK of another connection than the youngest in its direction: it answers one from the other side.
        analysis.noteReusedPorts()
        let other = current(pair, direction == .lowerToUpper ? .upperToLower : .lowerToUpper) ?? found
        connections[other].rebase(direction, to: segment.sequence)
        return (pair, other)
    }

    /// The youngest connection opened in this direction, else the youngest opened in the other.
    private func current(_ pair: Int, _ direction: FlowDirection) -> Int? {
        let entry = pairs[pair]
        let (same, other) = direction == .lowerToUpper ? (entry.fromLower, entry.fromUpper) : (entry.fromUpper, entry.fromLower)
        if same != 0 { return Int(same) - 1 }
        return other != 0 ? Int(other) - 1 : nil
    }

    private mutating func open(_ pair: Int, _ direction: FlowDirection, _ time: Int64) -> Int {
        let number = connections.count
        connections.append(AnalyzedConnection(stream: UInt32(truncatingIfNeeded: number), time: time))
        switch direction {
        case .lowerToUpper: pairs[pair].fromLower = UInt32(truncatingIfNeeded: number + 1)
        case .upperToLower: pairs[pair].fromUpper = UInt32(truncatingIfNeeded: number + 1)
        }
        return number
    }

    private func key(_ bytes: RawSpan, _ record: RawSpan, _ network: LayerRange, _ transport: Transport) -> (key: FlowKey, direction: FlowDirection)? {
        let source: IPAddress, destination: IPAddress
        if network.kind == .ipv4 {
            guard let packet = try? IPv4Packet(record.extracting(network.range)) else { return nil }
            (source, destination) = (.v4(packet.source), .v4(packet.finalDestination))
        } else {
            guard let packet = try? IPv6Packet(record.extracting(network.range)) else { return nil }
            (source, destination) = (.v6(packet.source), .v6(packet.destination))
        }
        return FlowKey.of(
            source: source, sourcePort: Port(bytes.uint16(at: 0)), destination: destination, destinationPort: Port(bytes.uint16(at: 2)),
            transport: transport)
    }

    /// Nanoseconds since 1970; a packet without a time counts as of then, as in Wireshark.
    private static func nanoseconds(_ time: Timestamp?) -> Int64 { time?.nanoseconds(since: .epoch) ?? 0 }
}
