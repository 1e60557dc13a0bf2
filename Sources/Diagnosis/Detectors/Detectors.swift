import Packets
import Sockets

/// Every detector, fed together: the one way for packets and calls to them.
public struct Detectors: Sendable {
    /// In the order in which their topics are told: how hosts find each other and get their addresses comes first.
    public static let all: [any Detector.Type] = [
        WirelessDetector.self, ARPDetector.self, NeighbourDetector.self, DHCPDetector.self, EchoDetector.self,
        TracerouteDetector.self,
        PathMTUDetector.self, FragmentDetector.self, NameDetector.self, GroupDetector.self,
    ]

    private var detectors: [any Detector]
    /// Which detectors want the packets with a layer: a bit each.
    private var wanted: [LayerKind: UInt64] = [:]

    /// - Parameter types: which detectors; all where none are named.
    public init(_ types: [any Detector.Type] = Detectors.all) {
        detectors = types.map { $0.init() }
        for (index, type) in types.enumerated() {
            for layer in type.layers { wanted[layer, default: 0] |= 1 << UInt64(index) }
        }
    }

    /// Whether one of them tells of a packet like this. Of one that is no more than IP nobody does, unless it is a
    /// fragment.
    func tell(_ record: RawSpan, _ dissection: borrowing Dissection) -> Bool {
        for layer in dissection.layers {
            if layer.kind == .ipv4 {
                // More fragments, or not the first one (RFC 791 section 3.1).
                if layer.range.count >= 8, record.uint16(at: Int(layer.start) + 6) & 0x3fff != 0 { return true }
            } else if layer.kind != .ipv6, wanted[layer.kind] != nil {
                return true
            }
        }
        return false
    }

    /// Hands a packet to those that want it.
    public mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        var asked: UInt64 = 0
        for index in 0..<dissection.layers.count { asked |= wanted[dissection.layers[index].kind] ?? 0 }
        if asked == 0 { return }
        for index in detectors.indices where asked & 1 << UInt64(index) != 0 {
            detectors[index].take(record, dissection, facts)
        }
    }

    /// Hands a call to all of them.
    public mutating func take(_ call: SocketCall) {
        for index in detectors.indices { detectors[index].take(call) }
    }

    /// What was found, by topic; topics of which nothing was found are left out.
    public var stories: [TopicStory] {
        detectors.compactMap { detector in
            let findings = detector.findings
            return findings.isEmpty ? nil : TopicStory(type(of: detector).topic, findings)
        }
    }
}
