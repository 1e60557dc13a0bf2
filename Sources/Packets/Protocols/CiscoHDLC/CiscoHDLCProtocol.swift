extension ProtocolDescription {
    static let ciscoHDLC = ProtocolDescription(
        .ciscoHDLC, "chdlc", "Cisco HDLC", role: .link,
        attachments: [
            .linkType(.ciscoHDLC, .bsdCiscoHDLC)
        ],
        dissect: CiscoHDLCFrame.dissect,
        fields: CiscoHDLCFields.all.fields)
}

extension LinkType {
    public static let bsdCiscoHDLC = LinkType(rawValue: 112)
    public static let ciscoHDLC = LinkType(rawValue: 104)
}
