extension ProtocolDescription {
    static let expressFrame = ProtocolDescription(
        .expressFrame, "fpp", "IEEE 802.3br Frame Preemption Protocol", role: .link,
        attachments: [
            .linkType(.ethernetMPacket)
        ],
        dissect: RareLink.dissectExpress)
}
