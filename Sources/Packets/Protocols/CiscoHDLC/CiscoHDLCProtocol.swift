extension ProtocolDescription {
    static let ciscoHDLC = ProtocolDescription(
        .ciscoHDLC, "chdlc", "Cisco HDLC", role: .link,
        attachments: [
            .linkType(.ciscoHDLC, .bsdCiscoHDLC)
        ],
        dissect: CiscoHDLCFrame.dissect,
        fields: CiscoHDLCFields.all.fields)
}
