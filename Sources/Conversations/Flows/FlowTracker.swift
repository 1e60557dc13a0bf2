import Addressing
import Packets

/// Sorts packets into flows and counts: TCP connections, UDP and ICMP exchanges. Fed packet by packet.
///
/// Memory grows with flows alone: under 300 bytes each. Streams are numbered like `tcp.stream` and `udp.stream`, so
/// that a flow's number finds it in every other command.
public struct FlowTracker: Sendable {
    private var flows: ConnectionTable<FlowRecord>
    private var udpCount: UInt32 = 0
    private var icmpCount: UInt32 = 0
    /// All packets that were taken.
    public private(set) var packets = 0
    /// Bytes of all packets on the wire.
    public private(set) var bytes: UInt64 = 0
    /// What the capture has besides, a second time; in no flow.
    public var copied = CopiedPackets()
    /// Packets that belong to no flow: ARP, fragments behind the first, what is no IP.
    public private(set) var packetsWithoutFlow = 0

    /// The setting of the clock that the current packet's time was read with (`Timestamp.setting`).
    private var setting: UInt32 = 0
    /// Whether the current packet counts.
    private var isCounting = true

    /// - Parameter seed: a random number, so that nobody can prepare a capture whose conversations all collide.
    public init(seed: UInt64) { flows = ConnectionTable(seed: seed, keeping: .all) }

    /// How many flows there are, those included that were only quoted in ICMP errors and have no packets.
    public var count: Int { flows.count }

    /// A flow by its place in the order in which flows began, from 0.
    public subscript(number: Int) -> (key: FlowKey, record: FlowRecord) { (flows.key(number), flows[number].content) }

    /// Takes a packet whose layers are known.
    /// - Parameters:
    ///   - record: the captured bytes.
    ///   - number: the packet's number in the capture, from 1.
    ///   - isCounted: false for what a filter dropped: it moves streams' numbers and states on, and is no packet of
    ///     any flow.
    ///   - earlier: the packets with the other fragments of the datagram that this packet completes. They were taken
    ///     without a flow; now theirs is known.
    public mutating func take(
        _ record: RawSpan, _ dissection: borrowing Dissection, wireLength: Int, number: Int, time: Timestamp?,
        isCounted: Bool = true, earlier: EarlierFragments = EarlierFragments()
    ) {
        count(wireLength, isCounted)
        takeLayers(record, dissection, wireLength, UInt32(truncatingIfNeeded: number), nanoseconds(time), earlier)
    }

    /// Takes a packet that needs no dissection: TCP over IP over Ethernet, as most are.
    /// - Returns: false for any other, which was not taken.
    public mutating func takePlain(
        _ record: RawSpan, linkType: LinkType, wireLength: Int, number: Int, time: Timestamp?, isCounted: Bool = true
    ) -> Bool {
        guard linkType == .ethernet else { return false }
        isCounting = isCounted
        let packet = UInt32(truncatingIfNeeded: number)
        guard takePlainTCP(record, wireLength, packet, nanoseconds(time)) else { return false }
        count(wireLength, isCounted)
        return true
    }

    @inline(__always)
    private mutating func count(_ wireLength: Int, _ isCounted: Bool) {
        isCounting = isCounted
        guard isCounted else { return }
        packets &+= 1
        bytes &+= UInt64(truncatingIfNeeded: max(0, wireLength))
    }

    /// Since 1970.
    @inline(__always)
    private mutating func nanoseconds(_ time: Timestamp?) -> Int64 {
        guard let time else { return FlowRecord.unknownTime }
        setting = time.setting
        return time.nanoseconds(since: .epoch)
    }

    /// Ethernet's, IPv6's and TCP's headers without options.
    private static let plainLength = 74

    /// The fast way for what most packets are: TCP over IP over Ethernet, whole, without IP options or tags. Nothing
    /// else is decided here that the dissector would decide otherwise.
    @inline(__always)
    private mutating func takePlainTCP(_ record: RawSpan, _ wireLength: Int, _ packet: UInt32, _ time: Int64) -> Bool {
        guard record.byteCount >= Self.plainLength else { return takeShortTCP(record, wireLength, packet, time) }
        switch record.uint16(at: 12) {
        case 0x0800: return takeIPv4TCP(record, wireLength, packet, time)
        case 0x86dd:
            guard let payload = Self.plainIPv6Payload(record, wireLength) else { return false }
            let (key, direction) = FlowKey.of(
                record.uint64(at: 22), record.uint64(at: 30), record.uint16(at: 54), record.uint64(at: 38),
                record.uint64(at: 46),
                record.uint16(at: 56), .tcp, isIPv6: true)
            takeSegment(
                Self.segment(record, at: 54, length: payload, packet, time), key, direction, wireLength, record, at: 54)
            return true
        default: return false
        }
    }

    /// The same for frames too short for IPv6 over Ethernet.
    private mutating func takeShortTCP(_ record: RawSpan, _ wireLength: Int, _ packet: UInt32, _ time: Int64) -> Bool {
        guard record.byteCount >= 54, record.uint16(at: 12) == 0x0800 else { return false }
        return takeIPv4TCP(record, wireLength, packet, time)
    }

    @inline(__always)
    private mutating func takeIPv4TCP(_ record: RawSpan, _ wireLength: Int, _ packet: UInt32, _ time: Int64) -> Bool {
        guard let payload = Self.plainIPv4Payload(record, wireLength) else { return false }
        let (key, direction) = FlowKey.of(
            0, UInt64(record.uint32(at: 26)), record.uint16(at: 34), 0, UInt64(record.uint32(at: 30)),
            record.uint16(at: 36), .tcp, isIPv6: false)
        takeSegment(
            Self.segment(record, at: 34, length: payload, packet, time), key, direction, wireLength, record, at: 34)
        return true
    }

    /// The payload's length of plain TCP over IPv4, of which at least 54 bytes are there; nil for anything else.
    @inline(__always)
    private static func plainIPv4Payload(_ record: RawSpan, _ wireLength: Int) -> Int? {
        guard record.uint8(at: 14) == 0x45, record.uint8(at: 23) == 6, record.uint16(at: 20) & 0x3fff == 0 else {
            return nil
        }
        let length = Int(record.uint16(at: 16)) &- 20
        let header = Int(record.uint8(at: 46) >> 4) &* 4
        guard length >= 20, 34 &+ length <= wireLength, header >= 20, header <= length else { return nil }
        return length &- header
    }

    /// The same over IPv6, of which at least 74 bytes are there.
    @inline(__always)
    private static func plainIPv6Payload(_ record: RawSpan, _ wireLength: Int) -> Int? {
        guard record.uint8(at: 14) >> 4 == 6, record.uint8(at: 20) == 6 else { return nil }
        let length = Int(record.uint16(at: 18))
        let header = Int(record.uint8(at: 66) >> 4) &* 4
        guard length >= 20, 54 &+ length <= wireLength, header >= 20, header <= length else { return nil }
        return length &- header
    }

    @inline(__always)
    private static func segment(_ record: RawSpan, at start: Int, length: Int, _ packet: UInt32, _ time: Int64)
        -> AnalyzedSegment
    {
        var segment = AnalyzedSegment(
            sequence: record.uint32(at: start &+ 4), acknowledgment: record.uint32(at: start &+ 8),
            length: UInt32(truncatingIfNeeded: length),
            flags: TCPFlags(rawValue: record.uint16(at: start &+ 12) & 0x0fff),
            window: UInt32(record.uint16(at: start &+ 14)), packet: packet, time: time)
        if segment.flags.contains(.syn) { segment.readWindowScale(record.extracting(start..<record.byteCount)) }
        return segment
    }

    /// Every other packet: each transport layer that is not quoted counts for a flow of its own, tunnels' inner ones
    /// too.
    private mutating func takeLayers(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ wireLength: Int, _ packet: UInt32, _ time: Int64,
        _ earlier: EarlierFragments
    ) {
        var network: LayerRange?
        var error: (type: UInt8, code: UInt8)?
        var isCounted = false
        for layer in dissection.layers {
            let bytes = record.extracting(layer.range)
            switch layer.kind {
            case .ipv4, .ipv6: network = layer
            case .tcp:
                guard let network, bytes.byteCount >= 8, let (key, direction) = Self.key(record, network, bytes, .tcp)
                else { break }
                guard let segment = AnalyzedSegment(bytes, layer, packet: packet, time: time) else {
                    // Errors need quote no more than eight bytes (RFC 792). That tells a flow that is known, but begins
                    // none, as with `TransportAnalyzer`.
                    if layer.isQuoted, let index = flows.place(of: key), flows[index].content.icmpError == nil {
                        flows[index].content.icmpError = error
                    }
                    break
                }
                if layer.isQuoted {
                    quote(segment, key, direction, error)
                } else {
                    let index = takeSegment(segment, key, direction, wireLength, record, at: Int(layer.start))
                    countEarlier(earlier, index, direction)
                    isCounted = true
                }
            case .udp, .udplite:
                guard let network, bytes.byteCount >= 8, let (key, direction) = Self.key(record, network, bytes, .udp)
                else { break }
                // UDP-Lite's length is IP's; it shares UDP's streams, as with `TransportAnalyzer`.
                let length = layer.kind == .udplite ? 8 : bytes.uint16(at: 4)
                guard length >= 8 || length == 0 && network.kind == .ipv6 else { break }
                let known = udpCount
                let index = find(key, direction)
                if udpCount != known { settleRoles(of: index, key, direction, Self.asks(layer, dissection, record)) }
                if layer.isQuoted {
                    if flows[index].content.icmpError == nil { flows[index].content.icmpError = error }
                } else if isCounting {
                    let isOriginator = flows[index].content.originatorDirection == direction
                    flows[index].content.count(
                        wire: wireLength, payload: UInt32(truncatingIfNeeded: max(0, layer.claimedPayloadLength)),
                        fromOriginator: isOriginator,
                        packet: packet, time: time, setting: setting)
                    flows[index].content.history.note(.data, fromOriginator: isOriginator)
                    if flows[index].content.seeksApplication {
                        flows[index].content.note(Self.application(layer, dissection))
                    }
                    countEarlier(earlier, index, direction)
                    isCounted = true
                }
            case .icmp, .icmpv6:
                guard bytes.byteCount >= 4 else { break }
                error = (bytes.uint8(at: 0), bytes.uint8(at: 1))
                guard let network, !layer.isQuoted else { break }
                takeICMP(record, layer, network, bytes, wireLength, packet, time, earlier)
                isCounted = true
            default: break
            }
        }
        if !isCounted, isCounting { packetsWithoutFlow &+= 1 }
        if isCounted { packetsWithoutFlow = max(0, packetsWithoutFlow - Int(earlier.packets)) }
    }

    /// Whether what a datagram carries asks or answers.
    private static func asks(_ layer: LayerRange, _ dissection: borrowing Dissection, _ record: RawSpan) -> Bool? {
        guard let index = dissection.layers.firstIndex(of: layer), index + 1 < dissection.layers.count else {
            return nil
        }
        return dissection.layers[index + 1].asks(record)
    }

    /// The application whose message a datagram carries.
    private static func application(_ layer: LayerRange, _ dissection: borrowing Dissection) -> LayerKind? {
        guard let index = dissection.layers.firstIndex(of: layer), index + 1 < dissection.layers.count else {
            return nil
        }
        let kind = dissection.layers[index + 1].kind
        return kind.role == .application ? kind : nil
    }

    /// Who opened an exchange that begins with this datagram.
    private mutating func settleRoles(
        of index: Int, _ key: FlowKey, _ direction: FlowDirection, _ asks: Bool?
    ) {
        let (source, destination) = direction == .lowerToUpper ? (key.lower, key.upper) : (key.upper, key.lower)
        guard !ConnectionRoles.isFromClient(datagramFrom: source, to: destination, asks: asks) else { return }
        flows[index].content.originatorDirection = direction.opposite
        flows[index].content.history.turnRoles()
    }

    /// Counts the packets with a datagram's other fragments for the flow that the datagram turns out to be of.
    private mutating func countEarlier(_ earlier: EarlierFragments, _ index: Int, _ direction: FlowDirection) {
        guard earlier.packets > 0 else { return }
        flows[index].content.count(
            earlier, fromOriginator: flows[index].content.originatorDirection == direction)
    }

    /// A segment that an ICMP error brought back.
    private mutating func quote(
        _ segment: AnalyzedSegment, _ key: FlowKey, _ direction: FlowDirection, _ error: (type: UInt8, code: UInt8)?
    ) {
        let index = find(segment, key, direction)
        if flows[index].content.icmpError == nil { flows[index].content.icmpError = error }
    }

    /// - Returns: the place of the segment's flow.
    @inline(__always)
    @discardableResult
    private mutating func takeSegment(
        _ segment: AnalyzedSegment, _ key: FlowKey, _ direction: FlowDirection, _ wireLength: Int, _ record: RawSpan,
        at start: Int
    ) -> Int {
        let known = flows.count
        let index = find(segment, key, direction)
        if segment.length > 0, flows[index].content.seeksApplication {
            read(segment, direction, record, at: start, isFirst: flows.count != known, index)
        }
        if flows[index].content.take(segment, direction, wireLength, isCounted: isCounting, setting: setting) {
            return index
        }
        return takeUnclaimed(segment, direction, wireLength, index)
    }

    /// Reads which application a segment speaks, and of a connection that begins with it in the middle, who asks.
    @inline(never)
    private mutating func read(
        _ segment: AnalyzedSegment, _ direction: FlowDirection, _ record: RawSpan, at start: Int, isFirst: Bool,
        _ index: Int
    ) {
        let header = Int(record.uint8(at: start &+ 12) >> 4) &* 4
        let first = min(record.byteCount, start &+ header)
        let message = CarriedMessage(
            record.extracting(first..<min(record.byteCount, first &+ Int(segment.length))), over: .tcp,
            from: Port(record.uint16(at: start)), to: Port(record.uint16(at: start &+ 2)))
        flows[index].content.note(message.application)
        guard isFirst, !segment.flags.contains(.syn), let asks = message.asks else { return }
        flows[index].content.beginAnew(from: asks ? direction : direction.opposite, isAnswer: !asks)
    }

    /// A segment that does not fit the SYN with which its ports' latest connection began: it is of the one before,
    /// where that accepts it.
    /// - Returns: the place of its flow.
    private mutating func takeUnclaimed(
        _ segment: AnalyzedSegment, _ direction: FlowDirection, _ wireLength: Int, _ index: Int
    ) -> Int {
        let (home, ruling) = flows.judgeUnclaimed(segment, direction, at: index)
        if home != index, ruling.verdict == .belongs, segment.flags.contains(.ack),
            flows[index].content.originatorDirection != direction
        {
            flows[index].content.noteChallenge()
        }
        flows[home].content.take(
            segment, ruling, direction, wireLength, isCounted: isCounting, setting: setting)
        return home
    }

    private mutating func takeICMP(
        _ record: RawSpan, _ layer: LayerRange, _ network: LayerRange, _ bytes: RawSpan, _ wireLength: Int,
        _ packet: UInt32, _ time: Int64, _ earlier: EarlierFragments
    ) {
        let type = bytes.uint8(at: 0)
        let isVersion6 = layer.kind == .icmpv6
        let answer = isVersion6 ? ICMPPairs.version6(type) : ICMPPairs.version4(type)
        let kind: FlowProtocol = answer == nil ? isVersion6 ? .icmpv6OneWay : .icmpOneWay : isVersion6 ? .icmpv6 : .icmp
        guard
            let (key, direction) = Self.key(
                record, network, Port(UInt16(type)), Port(UInt16(answer ?? bytes.uint8(at: 1))), kind)
        else { return }
        let index = find(key, direction)
        guard isCounting else { return }
        flows[index].content.count(
            wire: wireLength, payload: UInt32(truncatingIfNeeded: max(0, layer.claimedPayloadLength)),
            fromOriginator: flows[index].content.originatorDirection == direction, packet: packet, time: time,
            setting: setting)
        countEarlier(earlier, index, direction)
    }

    /// The flow of a segment.
    @inline(__always)
    private mutating func find(_ segment: AnalyzedSegment, _ key: FlowKey, _ direction: FlowDirection) -> Int {
        flows.place(of: segment, key, direction) { Self.record($0, $1, segment, key, direction) }.place
    }

    /// The record of a connection that begins with a segment.
    private static func record(
        _ stream: UInt32, _ isAnother: Bool, _ segment: AnalyzedSegment, _ key: FlowKey, _ direction: FlowDirection
    ) -> FlowRecord {
        let (source, destination) =
            direction == .lowerToUpper ? (key.lowerPort, key.upperPort) : (key.upperPort, key.lowerPort)
        let isAnswer = !ConnectionRoles.isFromClient(segment.flags, sourcePort: source, destinationPort: destination)
        var record = FlowRecord(stream: stream, originatorDirection: isAnswer ? direction.opposite : direction)
        if isAnswer { record.history.turnRoles() }
        if isAnother { record.acceptance = SegmentAcceptance(opening: direction) }
        return record
    }

    /// The flow of what is no TCP.
    private mutating func find(_ key: FlowKey, _ direction: FlowDirection) -> Int {
        flows.place(of: key) {
            if key.flowProtocol == .udp {
                defer { udpCount &+= 1 }
                return FlowRecord(stream: udpCount, originatorDirection: direction)
            }
            defer { icmpCount &+= 1 }
            return FlowRecord(stream: icmpCount, originatorDirection: direction)
        }
    }

    private static func key(
        _ record: RawSpan, _ network: LayerRange, _ bytes: RawSpan, _ kind: FlowProtocol
    ) -> (key: FlowKey, direction: FlowDirection)? {
        key(record, network, Port(bytes.uint16(at: 0)), Port(bytes.uint16(at: 2)), kind)
    }

    private static func key(
        _ record: RawSpan, _ network: LayerRange, _ source: Port, _ destination: Port, _ kind: FlowProtocol
    ) -> (key: FlowKey, direction: FlowDirection)? {
        if network.kind == .ipv4 {
            guard let packet = try? IPv4Packet(record.extracting(network.range)) else { return nil }
            return FlowKey.of(
                source: .v4(packet.source), sourcePort: source,
                destination: .v4(packet.finalDestination ?? packet.destination),
                destinationPort: destination, kind)
        }
        guard let packet = try? IPv6Packet(record.extracting(network.range)) else { return nil }
        return FlowKey.of(
            source: .v6(packet.source), sourcePort: source, destination: .v6(packet.finalDestination),
            destinationPort: destination, kind)
    }
}
