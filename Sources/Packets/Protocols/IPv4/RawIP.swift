/// IP without a link header (LINKTYPE_RAW): the first four bits say which version.
///
/// What dial-up adapters called that is PPP, with up to six bytes before it, or ten zero bytes before IP.
enum RawIP {
    /// - Parameter type: the link type that the record has, of the three that mean the same.
    static func dissect(
        _ record: RawSpan, _ cursor: inout LayerCursor, _ layers: [LayerRange], _ type: LinkType
    ) -> Handoff {
        let unknown = Handoff.stop(.unsupported(after: layers.last?.kind ?? .frame, number: type.rawValue))
        let start = cursor.start
        if cursor.has(2), record.uint16(at: start) == pppStart { return .linkType(.pppHDLC) }
        guard cursor.has(8) else { return unknown }
        for offset in [6, 1] where record.uint16(at: start &+ offset) == pppStart {
            cursor.skip(offset)
            return .linkType(.pppHDLC)
        }
        if cursor.has(10), record.uint64(at: start) == 0, record.uint16(at: start &+ 8) == 0 {
            cursor.skip(10)
            return .linkType(.ipv4)
        }
        switch record.uint8(at: start) >> 4 {
        case 4: return .linkType(.ipv4)
        case 6: return .linkType(.ipv6)
        default: return unknown
        }
    }

    /// HDLC's address and control bytes before PPP (RFC 1662 section 3.1).
    private static let pppStart: UInt16 = 0xff03
}

extension LinkType {
    /// Whether a record of this type is an IP packet without a link header, of either version.
    var isRawIP: Bool { self == .raw || self == .rawDLT || self == .rawOpenBSD }
}
