extension ProtocolDescription {
    static let linuxSLL = ProtocolDescription(
        .linuxSLL, "sll", "Linux cooked capture v1", role: .link,
        attachments: [
            .linkType(.linuxSLL)
        ],
        traits: [.endsWithHeader, .namesEtherType],
        dissect: LinuxSLLHeader.dissect,
        fields: LinuxSLLFields.all.fields,
        link: LinuxSLLLine.first)
}

extension LinkType {
    /// Linux "cooked" capture, as of the `any` device of older libpcap.
    public static let linuxSLL = LinkType(rawValue: 113)
}
