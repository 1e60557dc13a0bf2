/// A Mobile IP message (RFC 5944): only what is tunnelled through a network address translator, type 4, carries a
/// packet, whose protocol stands in the second of four bytes (RFC 3519 section 4.1).
enum MobileIPMessage {
    private static let tunnelled: UInt8 = 4

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(4) else { return cursor.cut(.mobileIP, required: 4, &layers) }
        let type = record.uint8(at: cursor.start)
        let number = IPProtocol(rawValue: record.uint8(at: cursor.start &+ 1))
        cursor.add(.mobileIP, header: 4, to: &layers)
        return type == tunnelled && cursor.has(1) ? .ipProtocol(number) : .data
    }
}

extension ProtocolDescription {
    static let mobileIP = ProtocolDescription(
        .mobileIP, "mip", "Mobile IP", role: .tunnel,
        attachments: [
            .udpPort(434)
        ],
        dissect: MobileIPMessage.dissect,
        fields: [.at(0, "mip.type", .unsigned(bits: 8), "Type")])
}
