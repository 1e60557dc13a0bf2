import Addressing

/// What a transport carries, an application or a tunnel: the ports, the order in which they are asked, and what the
/// bytes say where no port is known.
///
/// Of the two ports the lower is asked first, then the higher: a service's port is mostly the lower one, and so both
/// directions of a conversation get the same answer. Port 0 names nothing (in UDP it means "no reply wanted", RFC 768).
/// Only where neither port is known is the content looked at. This is Wireshark's order, so the answers agree.
enum PortTable {
    /// What is carried over UDP at a port (IANA's Service Name and Transport Protocol Port Number Registry).
    @inline(__always)
    static func udp(_ port: UInt16) -> LayerKind? {
        switch port {
        case 53: .dns
        case 67, 68: .dhcp
        case 123: .ntp
        case 434: .mobileIP
        case 1701: .l2tp
        case 2123, 2152, 3386: .gtp
        case 1900: .ssdp
        case 2268: .amt
        case 3478: .stun
        case 3544: .teredo
        case 4341: .lisp
        case 4342: .lispControl
        case 4754: .gre
        case 4789: .vxlan
        case 4790: .vxlanGeneric
        case 5072: .ayiya
        case 5247: .capwap
        case 5353: .mdns
        case 5355: .llmnr
        case 6081: .geneve
        case 6343: .sflow
        case 6635: .mpls
        case 9899: .sctp
        case 12000...12003: .llc  // IBM's high-performance routing (RFC 2353)
        case 12220: .ethernet  // LWAPP's frames of a wired network
        case 12222, 12223: .lwapp
        case 30030: .jmirror
        case 37008: .tzsp
        default: nil
        }
    }

    /// The application over TCP at a port.
    @inline(__always)
    static func tcp(_ port: UInt16) -> LayerKind? {
        switch port {
        case 80, 8080: .http
        case 443: .tls
        case 53, 5353: .dnsOverTCP
        case 3478: .stun
        case 6633, 6653: .openFlow
        case 631, 1900, 2710, 2869, 3128, 3132, 3689, 5985, 8088, 11371: .http
        case 465, 636, 853, 993, 995, 2443, 5061, 5671, 5684, 5868, 8883, 27017: .tls
        default: nil
        }
    }

    /// What a transport's payload is; nil for the application's own data.
    /// - Parameter cursor: where the payload lies.
    @inline(__always)
    static func layer(
        _ transport: Transport, _ source: Port, _ destination: Port, _ record: RawSpan, _ cursor: borrowing LayerCursor
    ) -> LayerKind? {
        guard cursor.end > cursor.start else { return nil }
        let low = min(source.rawValue, destination.rawValue)
        let high = max(source.rawValue, destination.rawValue)
        switch transport {
        case .udp:
            if let kind = udp(low), isAccepted(kind, low, record, cursor) { return kind }
            if let kind = udp(high), isAccepted(kind, high, record, cursor) {
                return isOfOthers(low, record, cursor) ? nil : kind
            }
            return udpByContent(low, high, record, cursor)
        case .tcp:
            if let kind = tcp(low), isAcceptedOverTCP(kind, record, cursor) { return kind }
            if let kind = tcp(high), isAcceptedOverTCP(kind, record, cursor) { return claimedOverTCP(low) ? nil : kind }
            return claimedOverTCP(low) || claimedOverTCP(high) ? nil : tcpByContent(record, cursor)
        }
    }

    /// What a TCP segment carries of which it is known who is the server: that port is asked before the others.
    static func layer(server: Port, client: Port, _ record: RawSpan, _ cursor: borrowing LayerCursor) -> LayerKind? {
        guard cursor.end > cursor.start else { return nil }
        if claimedOverTCP(server.rawValue) { return nil }
        let isTLS = TLSRecords.isHeader(record, cursor.start, cursor.end)
        if let kind = tcp(server.rawValue), kind != .stun, kind != .tls || isTLS { return kind }
        return layer(.tcp, client, server, record, cursor)
    }

    /// Whether what stands at a known port is that port's protocol, where that shows. STUN shares its port with what it
    /// opens.
    @inline(__always)
    private static func isAccepted(
        _ kind: LayerKind, _ port: UInt16, _ record: RawSpan, _ cursor: borrowing LayerCursor
    ) -> Bool {
        switch kind {
        case .stun: return STUNMessage.isLikely(record, cursor.start, cursor.end, cursor.claimedEnd, over: .udp)
        case .gtp: return GTPHeader.isLikely(record, cursor.start, cursor.end, isCharging: port == chargingPort)
        case .sflow: return SFlowDatagram.isLikely(record, cursor.start, cursor.end)
        case .l2tp: return L2TPHeader.isLikely(record, cursor.start, cursor.end)
        case .jmirror: return MirrorHeader.isJuniper(record, cursor.start, cursor.end)
        default: return true
        }
    }

    @inline(__always)
    private static func isAcceptedOverTCP(_ kind: LayerKind, _ record: RawSpan, _ cursor: borrowing LayerCursor) -> Bool
    {
        guard kind == .stun else { return true }
        return STUNMessage.isLikely(record, cursor.start, cursor.end, cursor.claimedEnd, over: .tcp)
    }

    private static let chargingPort: UInt16 = 3386

    private static func udpByContent(_ low: UInt16, _ high: UInt16, _ record: RawSpan, _ cursor: borrowing LayerCursor)
        -> LayerKind?
    {
        if STUNMessage.isLikely(record, cursor.start, cursor.end, cursor.claimedEnd, over: .udp) { return .stun }
        guard DNSMessage.isLikely(record, cursor.start, cursor.end, cursor.claimedEnd) else { return nil }
        if low != 0, isOfOthers(low, record, cursor) { return nil }
        return isOfOthers(high, record, cursor) ? nil : .dns
    }

    private static func tcpByContent(_ record: RawSpan, _ cursor: borrowing LayerCursor) -> LayerKind? {
        if TLSRecords.isLikely(record, cursor.start, cursor.end) { return .tls }
        if HTTPMessage.isLikely(record, cursor.start, cursor.end) { return .http }
        if STUNMessage.isLikely(record, cursor.start, cursor.end, cursor.claimedEnd, over: .tcp) { return .stun }
        return nil
    }

    /// Whether a UDP port belongs to a protocol that is not dissected here, so that neither the other port nor a
    /// likeness to DNS decides. The list is measured: DNS messages with random identifiers were shown to tshark 4.0 at
    /// every port that it knows, and these are the ports where it took most of them for something else.
    static func claimedOverUDP(_ port: UInt16) -> Bool { contains(udpOfOthers, port) }

    /// The same where the bytes can tell that they are not that protocol's.
    private static func isOfOthers(_ port: UInt16, _ record: RawSpan, _ cursor: borrowing LayerCursor) -> Bool {
        guard port == keyExchangePort else { return claimedOverUDP(port) }
        // ISAKMP's header has 28 bytes, its last field the length of them all (RFC 2408 section 3.1).
        guard cursor.claimed >= 28 else { return false }
        guard cursor.available >= 28 else { return true }
        return record.uint32(at: cursor.start &+ 24) >= 28
    }

    private static let keyExchangePort: UInt16 = 500

    private static func claimedOverTCP(_ port: UInt16) -> Bool {
        switch port {
        case 7, 13, 19...23, 25, 37, 42, 43, 49, 179: true
        default: false
        }
    }

    private static func contains(_ sorted: [UInt16], _ port: UInt16) -> Bool {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low &+ high) / 2
            if sorted[middle] < port { low = middle &+ 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] == port
    }

    private static let udpOfOthers: [UInt16] = [
        7, 13, 19, 37, 49, 69, 111, 137, 138, 173, 213, 269, 319, 320, 389, 427, 464, 496, 500, 513, 514, 520, 521,
        524, 525, 546, 547, 664, 701, 853, 854, 910, 921, 925, 1001, 1113, 1153, 1194, 1293, 1628, 1629, 1718, 1719,
        1745,
        2099, 2157, 2221, 2222, 2246, 2269, 2313, 2345, 2887, 2944, 2945, 2948, 2949, 3000, 3130, 3250, 3343,
        3357, 3389, 3452, 3455, 3567, 3671, 3784, 3785, 3804, 3863, 4305, 4306, 4307, 4500, 4551, 4555,
        4569, 4729, 4784, 4791, 4991, 5246, 5404, 5405, 5436, 5567, 5678, 5683, 5684, 5868,
        6073, 6118, 6160, 6784, 6970, 7074, 7075, 7255, 7275, 7784, 8200, 8600, 8611, 8755, 8767, 8805, 8848,
        9200, 9201, 9202, 9203, 9214, 9875, 9877, 9901, 9956, 10253, 11211, 11273, 12004, 13400, 17220, 17500, 17755,
        17756, 19132, 19948, 19999, 23272, 24576, 24577, 25826, 26000,
        27500, 27910, 27950, 27951, 27952, 27953, 27960, 27961, 27962, 27963, 32000, 32512, 34962, 34980, 41170,
        44818, 47000, 54328,
    ]
}
