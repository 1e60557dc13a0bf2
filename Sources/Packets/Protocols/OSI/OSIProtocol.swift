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
        fields: [.at(0, "osi.nlpid", .hex(bits: 8), "Network layer protocol identifier")])
}

extension IPProtocol {
    /// ISO's network protocols.
    public static let osi = IPProtocol(rawValue: 80)
}
