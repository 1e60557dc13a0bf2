extension ProtocolDescription {
    static let linuxSLL2 = ProtocolDescription(
        .linuxSLL2, "sll", "Linux cooked capture v2", role: .link,
        attachments: [
            .linkType(.linuxSLL2)
        ],
        traits: [.endsWithHeader, .namesEtherType],
        dissect: LinuxSLL2Header.dissect,
        fields: LinuxSLLFields.version2.fields,
        link: LinuxSLLLine.second)
}

extension LinkType {
    /// Linux "cooked" capture version 2, as of the `any` device.
    public static let linuxSLL2 = LinkType(rawValue: 276)
}
