extension ProtocolDescription {
    static let ax25 = ProtocolDescription(
        .ax25, "ax25", "AX.25", role: .link,
        attachments: [
            .linkType(.ax25),
            .linkType(.ax25KISS, via: AX25Frame.dissectKISS),
        ],
        dissect: AX25Frame.dissect)
}
