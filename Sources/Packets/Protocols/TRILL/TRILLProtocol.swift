extension ProtocolDescription {
    static let trill = ProtocolDescription(
        .trill, "trill", "TRILL", role: .link,
        attachments: [
            .etherType(.trill)
        ],
        dissect: FrameTag.dissectTRILL)
}
