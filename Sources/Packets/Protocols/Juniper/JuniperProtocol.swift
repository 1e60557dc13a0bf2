extension ProtocolDescription {
    static let juniper = ProtocolDescription(
        .juniper, "juniper", "Juniper", role: .link,
        attachments: JuniperHeader.interfaces.map { interface in
            .linkType(interface) { JuniperHeader.dissect($0, &$1, &$2, interface: interface) }
        },
        dissect: { JuniperHeader.dissect($0, &$1, &$2, interface: .juniperEthernet) })
}
