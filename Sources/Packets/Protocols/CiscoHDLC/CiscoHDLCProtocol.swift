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
    /// Cisco HDLC under the number 112, which some BSDs wrote into files.
    public static let bsdCiscoHDLC = LinkType(rawValue: 112)
    /// Cisco HDLC (LINKTYPE_C_HDLC).
    public static let ciscoHDLC = LinkType(rawValue: 104)
}
