extension ProtocolDescription {
    static let osi = ProtocolDescription(
        .osi, "osi", "OSI", role: .link,
        attachments: [
            .servicePoint(0x14, 0x20, 0x34, 0x54, 0xfe),
            .ipProtocol(.osi),
            .pppProtocol(0x0023),
            .greProtocol(0x00fe),
        ],
        dissect: OSIIdentifier.dissect,
        fields: LLCFields.osi.fields)
}
