extension ProtocolDescription {
    static let packetTap = ProtocolDescription(
        .packetTap, "pktap", "PKTAP packet header", role: .link,
        attachments: [
            .linkType(.packetTap, .packetTapPrivate)
        ],
        dissect: PacketTapHeader.dissect)
}
