extension ProtocolDescription {
    static let pseudowire = ProtocolDescription(
        .pseudowire, "pwethcw", "PW Ethernet Control Word", role: .link,
        attachments: [
            .frame(.pseudowire)
        ],
        dissect: PseudowireControlWord.dissect,
        fields: MPLSFields.pseudowire.fields)
}
