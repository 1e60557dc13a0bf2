extension ProtocolDescription {
    static let amt = ProtocolDescription(
        .amt, "amt", "Automatic Multicast Tunneling", role: .tunnel,
        attachments: [
            .udpPort(2268)
        ],
        traits: [.claimsRest],
        dissect: MirrorHeader.dissectMulticast)
}
