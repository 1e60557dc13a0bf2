extension ProtocolDescription {
    static let ax25 = ProtocolDescription(
        .ax25, "ax25", "AX.25", role: .link,
        attachments: [
            .linkType(.ax25),
            .linkType(.ax25KISS, via: AX25Frame.dissectKISS),
        ],
        dissect: AX25Frame.dissect)
}

extension LinkType {
    /// AX.25, the link layer of amateur packet radio.
    public static let ax25 = LinkType(rawValue: 3)
    /// AX.25 behind a byte of KISS, the language of terminal node controllers.
    public static let ax25KISS = LinkType(rawValue: 202)
}
