/// The header of OpenBSD's `enc` device, IPsec packets in the clear (LINKTYPE_ENC): address family in either byte
/// order, security parameters index, flags.
enum EncapsulationHeader {
    static let length = 12

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.encapsulationHeader, required: length, &layers) }
        let value = record.uint32(at: cursor.start)
        let family = value > 0xffff ? value.byteSwapped : value
        cursor.add(.encapsulationHeader, header: length, to: &layers)
        switch family {
        case 2: return .linkType(.ipv4)
        case 24: return .linkType(.ipv6)
        default: return .stop(.unsupported(after: .encapsulationHeader, number: family))
        }
    }
}

extension ProtocolDescription {
    static let encapsulationHeader = ProtocolDescription(
        .encapsulationHeader, "enc", "OpenBSD Encapsulating device", role: .link,
        attachments: [
            .linkType(.encapsulation, .encapsulationDLT)
        ],
        dissect: EncapsulationHeader.dissect,
        fields: [.at(4, "enc.spi", .hex(bits: 32), "SPI")])
}

extension LinkType {
    /// The number of `encapsulation` that OpenBSD wrote into files.
    public static let encapsulationDLT = LinkType(rawValue: 13)
    /// OpenBSD's `enc` device (LINKTYPE_ENC).
    public static let encapsulation = LinkType(rawValue: 109)
}
