extension ProtocolDescription {
    static let associatedChannel = ProtocolDescription(
        .associatedChannel, "pwach", "PW Associated Channel Header", role: .link,
        attachments: [
            .frame(.associatedChannel)
        ],
        dissect: PseudowireControlWord.dissectChannel,
        fields: MPLSFields.channel.fields)
}
