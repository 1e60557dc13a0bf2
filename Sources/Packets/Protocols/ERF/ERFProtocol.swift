/// The header of a record of Endace's capture cards (LINKTYPE_ERF): time, type, flags, record length, losses, wire
/// length.
enum ERFHeader {
    static let minimumLength = 16

    /// Bytes of header and extension headers, which follow while the first bit of the last says so; nil where it is
    /// cut.
    static func length(_ record: RawSpan) -> Int? {
        guard record.byteCount >= minimumLength else { return nil }
        var length = minimumLength
        var more = record.uint8(at: 8) & 0x80 != 0
        while more {
            guard record.byteCount >= length &+ 8 else { return nil }
            more = record.uint8(at: length) & 0x80 != 0
            length &+= 8
        }
        return length
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard let length = length(record), cursor.start == 0 else {
            return cursor.cut(.erf, required: minimumLength, &layers)
        }
        let type = record.uint8(at: 8) & 0x7f
        cursor.limit(
            toLength: length &+ Int(record.uint16(at: 14))
                &+ (type == 2 || type == 11 || type == 16 || type == 20 ? 2 : 0))
        switch type {
        case 2, 11, 16, 20:  // Ethernet in its colours: an offset and a padding byte come first
            guard cursor.has(length &+ 2) else { return cursor.cut(.erf, required: length &+ 2, &layers) }
            cursor.add(.erf, header: length &+ 2, to: &layers)
            return .linkType(.ethernet)
        case 1, 10, 15, 17:
            cursor.add(.erf, header: length, to: &layers)
            return .linkType(cursor.has(1) && record.uint8(at: cursor.start) == 0xff ? .pppHDLC : .ciscoHDLC)
        case 22:
            cursor.add(.erf, header: length, to: &layers)
            return .linkType(.ipv4)
        case 23:
            cursor.add(.erf, header: length, to: &layers)
            return .linkType(.ipv6)
        default:
            cursor.add(.erf, header: length, to: &layers)
            return .stop(.unsupported(after: .erf, number: UInt32(type)))
        }
    }
}

extension ProtocolDescription {
    static let erf = ProtocolDescription(
        .erf, "erf", "Extensible Record Format", role: .link,
        attachments: [
            .linkType(.erf)
        ],
        dissect: ERFHeader.dissect,
        fields: [.at(8, "erf.types.type", .unsigned(bits: 7), "Type", mask: 0x7f)])
}

extension LinkType {
    /// Endace's extensible record format.
    public static let erf = LinkType(rawValue: 197)
}
