/// The header of Symantec's firewall (LINKTYPE 99): the interface's address, and the EtherType at the sixth byte of 44;
/// from version 3 on that is zero, and the type stands at the tenth of 56.
enum SymantecHeader {
    private static let length = 44
    private static let laterLength = 56

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.symantec, required: length, &layers) }
        let type = EtherType(rawValue: record.uint16(at: cursor.start &+ 6))
        if type.rawValue != 0 {
            cursor.add(.symantec, header: length, to: &layers)
            return .etherType(type)
        }
        let laterType = EtherType(rawValue: record.uint16(at: cursor.start &+ 10))
        guard cursor.has(laterLength) else { return cursor.cut(.symantec, required: laterLength, &layers) }
        cursor.add(.symantec, header: laterLength, to: &layers)
        return .etherType(laterType)
    }
}

extension ProtocolDescription {
    static let symantec = ProtocolDescription(
        .symantec, "symantec", "Symantec Enterprise Firewall", role: .link,
        attachments: [
            .linkType(.symantecFirewall)
        ],
        dissect: SymantecHeader.dissect,
        fields: [
            .at(0, "symantec.if", .ipv4, "Interface"),
            .at(6, "symantec.type", .hex(bits: 16), "Type") { $0.uint16(at: 6) != 0 },
            .at(10, "symantec.type", .hex(bits: 16), "Type") { $0.uint16(at: 6) == 0 },
        ])
}

extension LinkType {
    /// Symantec's firewall.
    public static let symantecFirewall = LinkType(rawValue: 99)
}
