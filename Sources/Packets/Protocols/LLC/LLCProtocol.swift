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

extension LinkType {
    /// LLC in ATM cells (RFC 2684).
    public static let atmLLC = LinkType(rawValue: 100)
}

extension EtherType {
    /// LLC behind a type, for frames longer than a length can say (draft-ietf-isis-ext-eth).
    public static let jumboLLC = EtherType(rawValue: 0x8870)
}
