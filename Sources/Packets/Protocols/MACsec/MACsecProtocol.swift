extension ProtocolDescription {
    static let macsec = ProtocolDescription(
        .macsec, "macsec", "802.1AE Security tag", role: .link,
        attachments: [
            .etherType(.macsec)
        ],
        dissect: FrameTag.dissectMACsec)
}
