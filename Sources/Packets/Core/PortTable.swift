import Addressing

/// Which protocol a port names, where a capture says nothing else.
enum PortTable {
    /// The lower port is the more likely service: it is tried first.
    @inline(__always)
    static func layer(_ transport: Transport, _ source: Port, _ destination: Port) -> LayerKind? {
        let (low, high) = source < destination ? (source, destination) : (destination, source)
        return layer(transport, low.rawValue) ?? layer(transport, high.rawValue)
    }

    private static func layer(_ transport: Transport, _ port: UInt16) -> LayerKind? {
        guard transport == .udp else { return nil }
        switch port {
        case 1701: return .l2tp
        case 2123, 2152, 3386: return .gtp
        case 2268: return .amt
        case 3544: return .teredo
        case 4341: return .lisp
        case 4754: return .gre
        case 4789: return .vxlan
        case 4790: return .vxlanGeneric
        case 5247: return .capwap
        case 6081: return .geneve
        case 6343: return .sflow
        case 6635: return .mpls
        case 9899: return .sctp
        case 12222, 12223: return .lwapp
        case 30030: return .jmirror
        case 37008: return .tzsp
        default: return nil
        }
    }
}
