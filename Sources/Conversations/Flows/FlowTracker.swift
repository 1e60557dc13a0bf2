import Addressing
import Packets

/// Sorts packets into flows and counts: TCP connections, UDP and ICMP exchanges. Fed packet by packet.
///
/// Memory grows with flows alone: under 300 bytes each. Streams are numbered like `tcp.stream` and `udp.stream`, so
/// that a flow's number finds it in every other command.
public struct FlowTracker: Sendable {
    private var table: FlowTable
    private var records = ChunkedList<FlowRecord>()
    private var tcpCount: UInt32 = 0
    private var udpCount: UInt32 = 0
    private var icmpCount: UInt32 = 0
    private var dissection = Dissection()
    /// All packets that were taken, and what they had on the wire.
    public private(set) var packets = 0
    public private(set) var bytes: UInt64 = 0
    /// Those of them that belong to no flow: ARP, fragments behind the first, what is no IP.
    public private(set) var packetsWithoutFlow = 0

    /// Whether the current packet counts.
    private var isCounting = true

    /// - Parameter seed: a random number, so that nobody can prepare a capture whose conversations all collide.
    public init(seed: UInt64) { table = FlowTable(seed: seed) }

    /// How many flows there are, those included that were only quoted in ICMP errors and have no packets.
    public var count: Int { records.count }

    public subscript(number: Int) -> (key: FlowKey, record: FlowRecord) { (table[number], records[number]) }

    /// Takes one packet.
    /// - Parameters:
    ///   - record: the captured bytes.
    ///   - number: the packet's number in the capture, from 1.
    ///   - isCounted: false for what a filter dropped: it moves streams' numbers and states on, and is no packet of
    ///     any flow.
    public mutating func take(
        _ record: RawSpan, linkType: LinkType, wireLength: Int, number: Int, time: Timestamp?, isCounted: Bool = true
    ) {
        isCounting = isCounted
        if isCounted {
            packets &+= 1
            bytes &+= UInt64(truncatingIfNeeded: max(0, wireLength))
        }
        let nanoseconds = time?.nanoseconds(since: .epoch) ?? FlowRecord.unknownTime
        let packet = UInt32(truncatingIfNeeded: number)
        if linkType == .ethernet, takePlainTCP(record, wireLength, packet, nanoseconds) { return }
        Dissector().dissect(record, linkType: linkType, wireLength: wireLength, into: &dissection)
        takeLayers(record, wireLength, packet, nanoseconds)
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
            takeSegment(Self.segment(record, at: 54, length: payload, packet, time), key, direction, wireLength)
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
        takeSegment(Self.segment(record, at: 34, length: payload, packet, time), key, direction, wireLength)
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
        AnalyzedSegment(
            sequence: record.uint32(at: start &+ 4), acknowledgment: record.uint32(at: start &+ 8),
            length: UInt32(truncatingIfNeeded: length),
            flags: TCPFlags(rawValue: record.uint16(at: start &+ 12) & 0x0fff),
            window: UInt32(record.uint16(at: start &+ 14)), packet: packet, time: time)
    }

    /// Every other packet: each transport layer that is not quoted counts for a flow of its own, tunnels' inner ones
    /// too.
    private mutating func takeLayers(_ record: RawSpan, _ wireLength: Int, _ packet: UInt32, _ time: Int64) {
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
                guard bytes.byteCount >= 16 else {
                    // Errors need quote no more than eight bytes (RFC 792). That tells a flow that is known, but begins
                    // none, as with `TransportAnalyzer`.
                    if layer.isQuoted, let index = table.existing(key), records[index].icmpError == nil {
                        records[index].icmpError = error
                    }
                    break
                }
                let header = Int(bytes.uint8(at: 12) >> 4) &* 4
                let length = Int(layer.claimedEnd &- layer.start)
                let isWhole = !layer.isPartOfDatagram && !layer.isQuoted && length >= header
                let segment = Self.segment(bytes, at: 0, length: isWhole ? length &- header : 0, packet, time)
                if layer.isQuoted {
                    quote(segment, key, direction, error)
                } else {
                    takeSegment(segment, key, direction, wireLength, isWhole: isWhole)
                    isCounted = true
                }
            case .udp, .udplite:
                guard let network, bytes.byteCount >= 8, let (key, direction) = Self.key(record, network, bytes, .udp)
                else { break }
                // UDP-Lite's length is IP's; it shares UDP's streams, as with `TransportAnalyzer`.
                let length = layer.kind == .udplite ? 8 : bytes.uint16(at: 4)
                guard length >= 8 || length == 0 && network.kind == .ipv6 else { break }
                let index = find(key, direction)
                if layer.isQuoted {
                    if records[index].icmpError == nil { records[index].icmpError = error }
                } else if isCounting {
                    let isOriginator = records[index].originatorDirection == direction
                    records[index].count(
                        wire: wireLength, payload: UInt32(truncatingIfNeeded: max(0, layer.claimedPayloadLength)),
                        fromOriginator: isOriginator,
                        packet: packet, time: time)
                    records[index].history.note(.data, fromOriginator: isOriginator)
                    isCounted = true
                }
            case .icmp, .icmpv6:
                guard bytes.byteCount >= 4 else { break }
                error = (bytes.uint8(at: 0), bytes.uint8(at: 1))
                guard let network, !layer.isQuoted else { break }
                takeICMP(record, layer, network, bytes, wireLength, packet, time)
                isCounted = true
            default: break
            }
        }
        if !isCounted, isCounting { packetsWithoutFlow &+= 1 }
    }

    /// A segment that an ICMP error brought back.
    private mutating func quote(
        _ segment: AnalyzedSegment, _ key: FlowKey, _ direction: FlowDirection, _ error: (type: UInt8, code: UInt8)?
    ) {
        let index = find(segment, key, direction)
        if records[index].icmpError == nil { records[index].icmpError = error }
    }

    @inline(__always)
    private mutating func takeSegment(
        _ segment: AnalyzedSegment, _ key: FlowKey, _ direction: FlowDirection, _ wireLength: Int, isWhole: Bool = true
    ) {
        let index = find(segment, key, direction)
        records[index].take(segment, direction, wireLength, isWhole: isWhole, isCounted: isCounting)
    }

    private mutating func takeICMP(
        _ record: RawSpan, _ layer: LayerRange, _ network: LayerRange, _ bytes: RawSpan, _ wireLength: Int,
        _ packet: UInt32, _ time: Int64
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
        records[index].count(
            wire: wireLength, payload: UInt32(truncatingIfNeeded: max(0, layer.claimedPayloadLength)),
            fromOriginator: records[index].originatorDirection == direction, packet: packet, time: time)
    }

    /// The flow of a segment, by the rules of `TransportAnalyzer`.
    @inline(__always)
    private mutating func find(_ segment: AnalyzedSegment, _ key: FlowKey, _ direction: FlowDirection) -> Int {
        let (index, isNew) = table.number(of: key)
        if isNew {
            open(segment, key, direction)
            return index
        }
        return segment.flags.contains(.syn) ? findOpening(segment, index, key, direction) : index
    }

    private mutating func findOpening(
        _ segment: AnalyzedSegment, _ index: Int, _ key: FlowKey, _ direction: FlowDirection
    ) -> Int {
        let isOriginator = records[index].originatorDirection == direction
        let sender = isOriginator ? records[index].originator : records[index].responder
        guard sender.hasBase, sender.base != segment.sequence else { return index }
        if segment.flags.contains(.ack) {
            if isOriginator {
                records[index].originator.base = segment.sequence
            } else {
                records[index].responder.base = segment.sequence
            }
            return index
        }
        let fresh = table.restart(key)
        open(segment, key, direction)
        return fresh
    }

    private mutating func open(_ segment: AnalyzedSegment, _ key: FlowKey, _ direction: FlowDirection) {
        let (source, destination) =
            direction == .lowerToUpper ? (key.lowerPort, key.upperPort) : (key.upperPort, key.lowerPort)
        let isAnswer = !ConnectionRoles.isFromClient(segment.flags, sourcePort: source, destinationPort: destination)
        let originator: FlowDirection = isAnswer == (direction == .lowerToUpper) ? .upperToLower : .lowerToUpper
        var record = FlowRecord(stream: tcpCount, originatorDirection: originator)
        if isAnswer { record.history.append(94) }
        records.append(record)
        tcpCount &+= 1
    }

    private mutating func find(_ key: FlowKey, _ direction: FlowDirection) -> Int {
        let (index, isNew) = table.number(of: key)
        guard isNew else { return index }
        if key.flowProtocol == .udp {
            records.append(FlowRecord(stream: udpCount, originatorDirection: direction))
            udpCount &+= 1
        } else {
            records.append(FlowRecord(stream: icmpCount, originatorDirection: direction))
            icmpCount &+= 1
        }
        return index
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

extension FlowRecord {
    mutating func take(
        _ segment: AnalyzedSegment, _ direction: FlowDirection, _ wireLength: Int, isWhole: Bool, isCounted: Bool
    ) {
        let isOriginator = originatorDirection == direction
        if isCounted {
            count(
                wire: wireLength, payload: segment.length, fromOriginator: isOriginator, packet: segment.packet,
                time: segment.time)
        }
        if isWhole { note(segment, fromOriginator: isOriginator) }
    }
}

/// Which ICMP message answers which, as the Community ID specification lists them.
enum ICMPPairs {
    static func version4(_ type: UInt8) -> UInt8? {
        switch type {
        case 8: 0
        case 0: 8
        case 13: 14
        case 14: 13
        case 15: 16
        case 16: 15
        case 10: 9
        case 9: 10
        case 17: 18
        case 18: 17
        default: nil
        }
    }

    static func version6(_ type: UInt8) -> UInt8? {
        switch type {
        case 128: 129
        case 129: 128
        case 133: 134
        case 134: 133
        case 135: 136
        case 136: 135
        case 130: 131
        case 131: 130
        case 144: 145
        case 145: 144
        case 139: 140
        case 140: 139
        default: nil
        }
    }
}
