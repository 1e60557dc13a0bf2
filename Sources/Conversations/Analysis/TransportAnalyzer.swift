import Addressing
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

    private var table: FlowTable
    /// For each pair of endpoints the number of its UDP stream, or the place of its youngest connection in
    /// `connections`.
    private var places: [UInt32] = []
    private var connections = ChunkedList<AnalyzedConnection>()
    /// Places of connections that were forgotten.
    private var freePlaces: [UInt32] = []
    private var udpCount: UInt32 = 0
    /// When each UDP stream had its first datagram and its last.
    private var datagramTimes = ChunkedList<(first: Int64, last: Int64)>()
    private var names = NameExchanges()
    private var closed = FirstInFirstOut<ClosedConnection>()
    /// The connection of the last packet's outermost segment.
    private var latest: Int?
    private var echoes = EchoRequests()
    private let remembered: Int

    /// A connection that is over.
    private struct ClosedConnection {
        let pair: UInt32
        let stream: UInt32
    }

    /// So many packets after the end are acknowledgments of it.
    private static let packetsAfterEnd = 3

    /// - Parameters:
    ///   - seed: a random number, so that nobody can prepare a capture whose conversations all collide.
    ///   - remembered: so many connections that are over are remembered.
    public init(seed: UInt64, remembering remembered: Int = TransportAnalyzer.rememberedConnections) {
        table = FlowTable(seed: seed)
        self.remembered = max(0, remembered)
    }

    /// How many TCP streams there were so far.
    public private(set) var tcpStreams = 0
    /// How many connections are remembered.
    public var connectionCount: Int { connections.count - freePlaces.count }

    /// The facts of one packet.
    public mutating func facts(
        of record: RawSpan, _ dissection: borrowing Dissection, number: Int, time: Timestamp?
    ) -> TransportFacts {
        var facts = TransportFacts()
        var network: LayerRange?
        var isQuotedByICMP = false
        var previous = LayerKind.frame
        var connection: Int?
        latest = nil
        for layer in dissection.layers {
            switch layer.kind {
            case .ipv4, .ipv6:
                network = layer
                isQuotedByICMP = layer.kind == .ipv4 && previous == .icmp
            case .tcp:
                guard let network else { break }
                let isFirst = facts.tcpLayer < 0
                connection = takeSegment(record, layer, network, isQuotedByICMP, number, time, &facts)
                if isFirst { latest = connection }
            case .tls:
                guard let connection else { break }
                if connections[connection].hidesTypes {
                    facts.tls.hidesTypes = true
                } else if TLSNegotiation.choosesVersion13(layer, record) {
                    connections[connection].hidesTypes = true
                }
            case .udp, .udplite:
                guard let network else { break }
                takeDatagram(record, layer, network, Self.nanoseconds(time), &facts)
            case .dns, .mdns, .llmnr:
                let isOverTCP = layer.hasLengthPrefix
                guard isOverTCP ? facts.tcpLayer >= 0 && facts.has.contains(.stream) : facts.udpLayer >= 0 else {
                    break
                }
                let stream =
                    isOverTCP ? facts.tcpStream : facts.innerUDPLayer >= 0 ? facts.innerUDPStream : facts.udpStream
                names.take(
                    layer, record, isOverTCP: isOverTCP, stream: stream, packet: UInt32(truncatingIfNeeded: number),
                    time: Self.nanoseconds(time), &facts)
            case .icmp:
                guard let network, !layer.isQuoted else { break }
                takeEcho(record, layer, network, number, &facts)
            default: break
            }
            previous = layer.kind
        }
        return facts
    }

    /// Reads again what the segment carries whose facts were asked for last, now that its connection is known.
    public mutating func settleApplication(
        _ dissection: inout Dissection, _ record: RawSpan, _ facts: inout TransportFacts, number: Int, time: Timestamp?
    ) {
        guard let latest else { return }
        connections[latest].carried.settle(
            &dissection, &facts, packet: UInt32(truncatingIfNeeded: number), time: Self.nanoseconds(time), record)
        if connections[latest].hidesTypes, dissection.layers.last?.kind == .tls { facts.tls.hidesTypes = true }
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
        let (index, isNew) = table.number(of: key)
        if isNew {
            setPlace(udpCount, of: index)
            udpCount &+= 1
            datagramTimes.append((time, time))
        }
        if facts.udpLayer < 0 {
            facts.udpLayer = layer.start
            facts.udpStream = places[index]
            facts.sinceFirstDatagram = time &- datagramTimes[Int(places[index])].first
            facts.sincePreviousDatagram = time &- datagramTimes[Int(places[index])].last
            datagramTimes[Int(places[index])].last = time
        } else if !layer.isQuoted {
            facts.innerUDPLayer = layer.start
            facts.innerUDPStream = places[index]
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
        // Up to the window everything is needed to find the connection.
        guard bytes.byteCount >= 16, let (key, direction) = key(bytes, record, network, .tcp) else { return nil }
        let headerLength = Int(bytes.uint8(at: 12) >> 4) &* 4
        let length = Int(layer.claimedEnd &- layer.start)
        let hasLength = !layer.isPartOfDatagram && !layer.isQuoted && length >= headerLength
        let segment = AnalyzedSegment(
            sequence: bytes.uint32(at: 4), acknowledgment: bytes.uint32(at: 8),
            length: hasLength ? UInt32(truncatingIfNeeded: length &- headerLength) : 0,
            flags: TCPFlags(rawValue: bytes.uint16(at: 12) & 0x0fff),
            window: UInt32(bytes.uint16(at: 14)), packet: UInt32(truncatingIfNeeded: number),
            time: Self.nanoseconds(time))
        var analysis = TCPSequenceAnalysis()
        let (pair, connection) = findConnection(segment, key, direction, &analysis)

        analysis.facts.tcpLayer = layer.start
        analysis.facts.tcpStream = connections[connection].stream
        analysis.facts.sequence = segment.sequence
        analysis.facts.acknowledgment = segment.acknowledgment
        analysis.facts.window = segment.window
        analysis.facts.has = [.stream, .sequence]
        if !segment.flags.contains(.syn) { analysis.facts.windowScale = connections[connection].windowScale(direction) }
        connections[connection].forgetSACK(direction)
        connections[connection].noteTime(segment, &analysis.facts)
        if hasLength {
            connections[connection].analyze(segment, direction, &analysis)
            connections[connection].fillNumbers(segment, direction, &analysis.facts)
        }
        if headerLength >= TCPSegment.minimumLength {
            analysis.facts.has.formUnion(
                hasLength ? [.acknowledgment, .window, .nextSequence] : [.acknowledgment, .window])
            connections[connection].noteFlags(segment.flags, time: segment.time, direction)
            if !layer.isQuoted { noteEnd(segment.flags, direction, pair, connection, &analysis.facts) }
            finish(bytes, headerLength, segment, direction, connection, &analysis)
        }
        // The number in a quoted header is shown as it is: too little of the segment is there.
        if isQuotedByICMP { analysis.facts.sequence = segment.sequence }
        analysis.facts.marks = analysis.marks
        if isFirst {
            (analysis.facts.udpLayer, analysis.facts.udpStream) = (facts.udpLayer, facts.udpStream)
            (analysis.facts.innerUDPLayer, analysis.facts.innerUDPStream) = (facts.innerUDPLayer, facts.innerUDPStream)
            (analysis.facts.icmp.layer, analysis.facts.icmp.request) = (facts.icmp.layer, facts.icmp.request)
            (analysis.facts.sinceFirstDatagram, analysis.facts.sincePreviousDatagram) = (
                facts.sinceFirstDatagram, facts.sincePreviousDatagram
            )
            facts = analysis.facts
        }
        return connection
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
            let base = connections[connection].base(direction == .lowerToUpper ? .upperToLower : .lowerToUpper) ?? 0
            let options = SegmentOptions(
                bytes, end: headerLength, acknowledgment: analysis.facts.acknowledgment, base: base)
            if options.scale != nil || options.sackBlocks != nil {
                connections[connection].noteOptions(scale: options.scale, sackBlocks: options.sackBlocks, direction)
            }
            guard options.isWhole else { return }
        }
        if analysis.isNoted {
            analysis.facts.has.insert(.analysis)
            analysis.facts.initialRoundTrip = connections[connection].firstRoundTrip
        }
        if segment.flags.contains(.syn) {
            connections[connection].settleScaling(direction, isSYNACK: segment.flags.contains(.ack))
        }
    }

    /// The connection that a segment belongs to; a new one where there is none, and for a SYN that opens anew.
    private mutating func findConnection(
        _ segment: AnalyzedSegment, _ key: FlowKey, _ direction: FlowDirection, _ analysis: inout TCPSequenceAnalysis
    ) -> (pair: Int, connection: Int) {
        let (pair, isNew) = table.number(of: key)
        if isNew {
            let place = freePlaces.popLast() ?? UInt32(truncatingIfNeeded: connections.count)
            setPlace(place, of: pair)
            open(at: Int(place), segment.time)
            return (pair, Int(place))
        }
        let found = Int(places[pair])
        guard segment.flags.contains(.syn), let base = connections[found].base(direction) else { return (pair, found) }
        if base == segment.sequence {
            if !segment.flags.contains(.ack) {
                connections[found].repeatSYN(direction)
                analysis.isNoted = true
            }
            return (pair, found)
        }
        analysis.noteReusedPorts()
        if segment.flags.contains(.ack) {
            // The answer to a SYN that is not this connection's: from now on, its numbers count.
            connections[found].rebase(direction, to: segment.sequence)
        } else {
            // No packet belongs to the earlier connection any more.
            open(at: found, segment.time)
        }
        return (pair, found)
    }

    private mutating func open(at place: Int, _ time: Int64) {
        let connection = AnalyzedConnection(stream: UInt32(truncatingIfNeeded: tcpStreams), time: time)
        tcpStreams += 1
        if place < connections.count { connections[place] = connection } else { connections.append(connection) }
    }

    private mutating func setPlace(_ place: UInt32, of pair: Int) {
        if pair < places.count { places[pair] = place } else { places.append(place) }
    }

    /// Notices that a connection is over, and forgets one that has been for long.
    private mutating func noteEnd(
        _ flags: TCPFlags, _ direction: FlowDirection, _ pair: Int, _ connection: Int, _ facts: inout TransportFacts
    ) {
        let wasOver = connections[connection].isOver
        if !flags.isDisjoint(with: [.fin, .rst]) { connections[connection].noteEnd(flags, direction) }
        guard connections[connection].isOver else { return }
        facts.isOver = true
        if !wasOver {
            closed.append(
                ClosedConnection(pair: UInt32(truncatingIfNeeded: pair), stream: connections[connection].stream))
        }
        if closed.count > remembered, let oldest = closed.removeFirst(), forget(oldest) {
            facts.forgottenStream = oldest.stream
        }
    }

    /// - Returns: whether it is forgotten.
    private mutating func forget(_ old: ClosedConnection) -> Bool {
        let place = places[Int(old.pair)]
        // Its ports may have another connection by now, or their own place another pair.
        guard Int(place) < connections.count, connections[Int(place)].stream == old.stream,
            connections[Int(place)].isOver
        else {
            return true
        }
        // It goes on after all: a reset that nobody believed, or a host that repeats itself.
        if connections[Int(place)].packetsSinceEnd > Self.packetsAfterEnd {
            connections[Int(place)].forgetPacketsSinceEnd()
            closed.append(old)
            return false
        }
        table.remove(Int(old.pair))
        connections[Int(place)].release()
        freePlaces.append(place)
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
    private static func nanoseconds(_ time: Timestamp?) -> Int64 { time?.nanoseconds(since: .epoch) ?? 0 }
}
