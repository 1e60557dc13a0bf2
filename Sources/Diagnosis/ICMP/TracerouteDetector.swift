import Addressing
import Packets

/// Traceroute, by UDP, ICMP echo or TCP: packets whose hops run out on purpose, and the routers that say so, hop by hop
/// (RFC 792 and RFC 4443 section 3.3, "time exceeded").
struct TracerouteDetector: Detector {
    static let topic = Topic("traceroute", "Traceroute", "ways hop by hop, and packets whose hops ran out")
    static let layers: Set<LayerKind> = [.icmp, .icmpv6, .udp, .tcp]

    /// A probe has no more hops than that; systems send with 64 or more.
    private static let mostHops: UInt8 = 40
    private static let limit = 1024

    /// What tells one probe from another.
    struct Probe: Hashable, Sendable {
        enum Kind: String { case udp = "UDP", tcp = "TCP", echo = "ICMP echo" }

        let kind: Kind
        let source: IPAddress
        let destination: IPAddress
        /// The ports, or identifier and number of an echo request.
        let first: UInt16
        let second: UInt16

        /// Which of the layers from `start` on carries the probe.
        init?(_ record: RawSpan, _ dissection: borrowing Dissection, from start: Int) {
            for index in start..<dissection.layers.count {
                let layer = dissection.layers[index]
                guard layer.range.count >= 4, let ends = PacketAddresses(record, dissection, before: index) else {
                    continue
                }
                switch layer.kind {
                case .udp, .tcp:
                    let bytes = record.extracting(layer.range)
                    self.init(
                        layer.kind == .udp ? .udp : .tcp, ends.source, ends.destination, bytes.uint16(at: 0),
                        bytes.uint16(at: 2))
                    return
                case .icmp, .icmpv6:
                    guard case .echoRequest(let identifier, let number)? = ICMPMeaning(layer, record) else { continue }
                    self.init(.echo, ends.source, ends.destination, identifier, number)
                    return
                default: continue
                }
            }
            return nil
        }

        init(_ kind: Kind, _ source: IPAddress, _ destination: IPAddress, _ first: UInt16, _ second: UInt16) {
            (self.kind, self.source, self.destination) = (kind, source, destination)
            (self.first, self.second) = (first, second)
        }
    }

    private var traces = BoundedTable<Trace.Key, Trace>(limit: Self.limit)
    private var open: [Probe: (hops: UInt8, time: Timestamp)] = [:]
    private var order: [Probe] = []
    private var list = FindingList()

    mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        guard let time = facts.timestamp,
            let index = dissection.layers.firstIndex(where: { Self.layers.contains($0.kind) }),
            let ends = PacketAddresses(record, dissection, before: index)
        else { return }
        let layer = dissection.layers[index]
        switch ICMPMeaning(layer, record) {
        case nil: takeTransport(record, layer, ends, facts.number, time)
        case .echoRequest(let identifier, let number):
            send(Probe(.echo, ends.source, ends.destination, identifier, number), ends, facts.number, time)
        case .echoReply(let identifier, let number):
            arrive(Probe(.echo, ends.destination, ends.source, identifier, number), facts.number, time)
        case .hopsExceeded, .unreachable:
            guard let probe = Probe(record, dissection, from: index + 1) else { return }
            if ICMPMeaning(layer, record) == .hopsExceeded {
                expire(probe, at: ends.source, facts.number, time)
            } else if ends.source == probe.destination {
                arrive(probe, facts.number, time)
            }
        default: break
        }
    }

    private mutating func takeTransport(
        _ record: RawSpan, _ layer: LayerRange, _ ends: PacketAddresses, _ packet: Int, _ time: Timestamp
    ) {
        guard layer.range.count >= 4 else { return }
        let bytes = record.extracting(layer.range)
        let (source, destination) = (bytes.uint16(at: 0), bytes.uint16(at: 2))
        let kind: Probe.Kind = layer.kind == .udp ? .udp : .tcp
        // An answer from the destination itself ends the trace.
        if !open.isEmpty { arrive(Probe(kind, ends.destination, ends.source, destination, source), packet, time) }
        send(Probe(kind, ends.source, ends.destination, source, destination), ends, packet, time)
    }

    private mutating func send(_ probe: Probe, _ ends: PacketAddresses, _ packet: Int, _ time: Timestamp) {
        let range = ends.destination.kind.category
        guard ends.hops <= Self.mostHops, range != .multicast, range != .broadcast else { return }
        if open[probe] == nil { order.append(probe) }
        open[probe] = (ends.hops, time)
        if order.count > 2 * Self.limit {
            for old in order.prefix(Self.limit) { open[old] = nil }
            order.removeFirst(Self.limit)
        }
        traces.update(Trace.Key(probe), new: Trace(probe, at: time)) { $0.send(ends.hops, packet, time) }
    }

    private mutating func arrive(_ probe: Probe, _ packet: Int, _ time: Timestamp) {
        guard let sent = open[probe] else { return }
        traces.update(Trace.Key(probe)) {
            $0.answer(sent.hops, probe.destination, sent.time, packet, time)
            $0.isReached = true
        }
    }

    private mutating func expire(_ probe: Probe, at router: IPAddress, _ packet: Int, _ time: Timestamp) {
        if let sent = open[probe] {
            return traces.update(Trace.Key(probe)) { $0.answer(sent.hops, router, sent.time, packet, time) }
        }
        list.add(
            Finding(
                .hopsExceeded, .warning,
                """
                The hops of a packet from \(.address(probe.source)) to \(.address(probe.destination)) ran out at \
                \(.address(router)): the packet went in a circle (a routing loop), or was a traceroute's and is not \
                in the \
                capture.
                """,
                evidence: Finding.Evidence(packets: PacketNumbers(packet)), at: time), "packet", "whose hops ran out")
    }

    var findings: [Finding] {
        var list = list
        for trace in traces.values where trace.expired > 0 { list.add(trace.finding, "trace") }
        return list.findings
    }
}

/// One host's trace of the way to another.
struct Trace: Sendable {
    struct Key: Hashable {
        let kind: TracerouteDetector.Probe.Kind
        let source: IPAddress
        let destination: IPAddress

        init(_ probe: TracerouteDetector.Probe) {
            (kind, source, destination) = (probe.kind, probe.source, probe.destination)
        }
    }

    private struct Hop: Sendable {
        /// Who answered, at most three; nil while nobody has.
        var routers: [IPAddress] = []
        var fastest: Int64?
    }

    private let key: Key
    private var hops: [UInt8: Hop] = [:]
    private var packets = PacketNumbers()
    private let start: Timestamp
    private var end: Timestamp
    fileprivate var isReached = false
    /// How many routers said that a probe's hops ran out.
    fileprivate private(set) var expired = 0

    fileprivate init(_ probe: TracerouteDetector.Probe, at time: Timestamp) {
        key = Key(probe)
        (start, end) = (time, time)
    }

    fileprivate mutating func send(_ number: UInt8, _ packet: Int, _ time: Timestamp) {
        if hops[number] == nil { hops[number] = Hop() }
        packets.add(packet)
        end = time
    }

    fileprivate mutating func answer(
        _ number: UInt8, _ router: IPAddress, _ sent: Timestamp, _ packet: Int, _ time: Timestamp
    ) {
        var hop = hops[number] ?? Hop()
        if !hop.routers.contains(router), hop.routers.count < 3 { hop.routers.append(router) }
        if let took = time.elapsed(since: sent) { hop.fastest = min(hop.fastest ?? took, took) }
        hops[number] = hop
        if router != key.destination { expired += 1 }
        packets.add(packet)
        end = time
    }

    fileprivate var finding: Finding {
        // What was sent beyond the destination says nothing of the way.
        let last = isReached ? hops.filter { $0.value.routers.contains(key.destination) }.keys.min() : hops.keys.max()
        let steps = hops.keys.sorted().filter { $0 <= last ?? .max }.map { number -> Sentence in
            guard let hop = hops[number], !hop.routers.isEmpty else { return "\(.number(number)) nobody answered" }
            let routers = hop.routers.map { "\(.address($0))" as Sentence }.joined(separator: " or ")
            let time: Sentence? = hop.fastest.map { " after \(.duration($0))" }
            return "\(.number(number)) \(routers)\(time)"
        }
        let result: Sentence = isReached ? "It was reached." : "No answer of its own is in the capture."
        return Finding(
            .traced, isReached ? .success : .warning,
            """
            \(.address(key.source)) traced the way to \(.address(key.destination)) by \(.words(key.kind.rawValue)), \
            hop by \
            hop: \(steps.joined(separator: ", ")). \(result)
            """,
            evidence: Finding.Evidence(packets: packets), at: start, duration: end.elapsed(since: start))
    }
}

extension Finding.Kind {
    package static let traced: Self = "traced"
    package static let hopsExceeded: Self = "hops_exceeded"
}
