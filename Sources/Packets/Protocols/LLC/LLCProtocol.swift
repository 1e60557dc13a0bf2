extension ProtocolDescription {
    static let llc = ProtocolDescription(
        .llc, "llc", "Logical-Link Control", role: .link,
        attachments: [
            .linkType(.atmLLC),
            .etherType(.jumboLLC),
            .frame(.logicalLink),
            .pppProtocol(0x004b),
            // IBM's high-performance routing (RFC 2353).
            .udpPort(12000, 12001, 12002, 12003),
        ],
        dissect: LLCHeader.dissect,
        fields: LLCFields.all.fields)
}
