extension ProtocolDescription {
    static let batman = ProtocolDescription(
        .batman, "batadv", "B.A.T.M.A.N. Advanced Protocol", role: .link,
        attachments: [
            .etherType(.batman)
        ],
        dissect: FrameTag.dissectBatman)
}
