/// Takes a record apart, layer by layer, without ever failing: good layers and a reason to stop.
public struct Dissector: Sendable {
    /// Tunnels in tunnels end here: enough for anything real, small enough for hostile packets.
    public static let maximumDepth = 48

    public init() {}

    /// Dissects one record.
    /// - Parameters:
    ///   - record: the captured bytes.
    ///   - linkType: what the first header is.
    ///   - wireLength: how many bytes the packet had on the wire; at least as many as were captured.
    ///   - dissection: where the layers go; what it held before is gone.
    public func dissect(_ record: RawSpan, linkType: LinkType, wireLength: Int, into dissection: inout Dissection) {
        dissection.reset()
        var cursor = LayerCursor(captured: record.byteCount, wire: wireLength)
        guard var kind = Self.entry(linkType, record) else {
            dissection.stop = .unsupported(after: .frame, number: linkType.rawValue)
            return
        }
        while true {
            let handoff = Self.open(kind, record, &cursor, &dissection.layers)
            switch handoff {
            case .stop(let reason):
                dissection.stop = reason
                return
            case .data:
                return
            case .etherType(let type):
                guard let next = type.layer else {
                    dissection.stop = .unsupported(after: kind, number: UInt32(type.rawValue))
                    return
                }
                kind = next
            case .ipProtocol(let number):
                guard let next = number.layer else {
                    dissection.stop = .unsupported(after: kind, number: UInt32(number.rawValue))
                    return
                }
                kind = next
            case .ipVersion:
                guard cursor.has(1) else {
                    dissection.stop = cursor.missing(1, for: .ipv4)
                    return
                }
                kind = record.uint8(at: cursor.start) >> 4 == 6 ? .ipv6 : .ipv4
            case .ports(let transport, let source, let destination):
                let header = dissection.layers.last.map { Int($0.start) } ?? 0
                guard let next = PortTable.application(over: transport, source, destination, record, cursor, header: header) else { return }
                kind = next
            }
            if dissection.layers.count >= Self.maximumDepth {
                dissection.stop = .tooDeep
                return
            }
        }
    }

    /// The first header of a record.
    private static func entry(_ linkType: LinkType, _ record: RawSpan) -> LayerKind? {
        switch linkType {
        case .ethernet: .ethernet
        case .null, .loop: .null
        case .raw, .rawDLT, .rawOpenBSD: record.byteCount > 0 && record.uint8(at: 0) >> 4 == 6 ? .ipv6 : .ipv4
        case .ipv4: .ipv4
        case .ipv6: .ipv6
        default: nil
        }
    }

    /// The table of protocols: opens the header at the cursor, adds its range, and says what it carries.
    private static func open(
        _ kind: LayerKind, _ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]
    ) -> Handoff {
        switch kind {
        case .null: NullHeader.dissect(record, &cursor, &layers)
        case .ethernet: EthernetFrame.dissect(record, &cursor, &layers)
        case .ipv4: IPv4Packet.dissect(record, &cursor, &layers)
        case .ipv6: IPv6Packet.dissect(record, &cursor, &layers)
        case .icmp: ICMPMessage.dissect(record, &cursor, &layers)
        case .icmpv6: ICMPv6Message.dissect(record, &cursor, &layers)
        case .tcp: TCPSegment.dissect(record, &cursor, &layers)
        case .udp: UDPDatagram.dissect(record, &cursor, &layers)
        case .dns, .mdns, .llmnr: DNSMessage.dissect(kind, record, &cursor, &layers)
        case .dnsOverTCP: DNSMessage.dissectOverTCP(record, &cursor, &layers)
        case .dhcp: DHCPMessage.dissect(record, &cursor, &layers)
        case .ntp: NTPPacket.dissect(record, &cursor, &layers)
        case .stun: STUNMessage.dissect(record, &cursor, &layers)
        case .http: HTTPMessage.dissect(record, &cursor, &layers)
        case .tls: TLSRecords.dissect(record, &cursor, &layers)
        case .frame, .data: .data
        }
    }
}

/// Which protocol an EtherType names.
extension EtherType {
    var layer: LayerKind? {
        switch self {
        case .ipv4: .ipv4
        case .ipv6: .ipv6
        default: nil
        }
    }
}

/// Which protocol an IP protocol number names.
extension IPProtocol {
    var layer: LayerKind? {
        switch self {
        case .icmp: .icmp
        case .icmpv6: .icmpv6
        case .tcp: .tcp
        case .udp: .udp
        default: nil
        }
    }
}
