/// SunATM (LINKTYPE_SUNATM): the kind of traffic in the first byte's low half, the circuit, then an LLC header, or
/// a LAN emulation header of two bytes and an Ethernet frame.
enum SunATMHeader {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(4) else { return cursor.cut(.sunATM, required: 4, &layers) }
        let kind = record.uint8(at: cursor.start) & 15
        let circuit = record.uint32(at: cursor.start) & 0xff_ffff
        cursor.add(.sunATM, header: 4, to: &layers)
        switch kind {
        case 1:
            guard cursor.has(2) else { return .stop(cursor.missing(2, for: .sunATM)) }
            cursor.skip(2)
            return .linkType(.ethernet)
        case 2: return .frame(.logicalLink)
        case 5, 6: return .data  // management of the link, signalling
        default: return circuit == 5 ? .data : guessed(record, &cursor)
        }
    }

    /// Where nothing says what a circuit carries, its first bytes do.
    private static func guessed(_ record: RawSpan, _ cursor: inout LayerCursor) -> Handoff {
        guard cursor.has(8) else { return .data }
        let start = record.uint32(at: cursor.start)
        if start >> 8 == 0xaaaa03 { return .frame(.logicalLink) }
        if start >> 16 & 0xff == 0x21 { return .frame(.ppp) }
        if start >> 16 == 0 {  // the padding before a bridged frame (RFC 2684 section 6.2)
            cursor.skip(2)
            return .linkType(.ethernet)
        }
        return .packet(record, cursor)
    }
}

extension ProtocolDescription {
    static let sunATM = ProtocolDescription(
        .sunATM, "atm", "ATM", role: .link,
        attachments: [
            .linkType(.sunATM)
        ],
        dissect: SunATMHeader.dissect)
}

extension LinkType {
    /// ATM as Sun's interfaces hand it out (LINKTYPE_SUNATM).
    public static let sunATM = LinkType(rawValue: 123)
}
