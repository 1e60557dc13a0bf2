/// Ethernet in IP (RFC 3378): two bytes, the version in the first four bits.
enum EtherIPHeader {
    static let length = 2

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.etherIP, required: length, &layers) }
        cursor.add(.etherIP, header: length, to: &layers)
        return .linkType(.ethernet)
    }
}

extension ProtocolDescription {
    static let etherIP = ProtocolDescription(
        .etherIP, "etherip", "Ethernet over IP", role: .tunnel,
        attachments: [
            .ipProtocol(.etherIP)
        ],
        dissect: EtherIPHeader.dissect,
        fields: [
            .at(0, "etherip.ver", .unsigned(bits: 4), "Version", mask: 0xf0)
        ])
}

extension IPProtocol {
    /// Ethernet in IP (RFC 3378).
    public static let etherIP = IPProtocol(rawValue: 97)
}
