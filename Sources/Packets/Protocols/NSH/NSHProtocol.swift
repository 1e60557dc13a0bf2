extension ProtocolDescription {
    static let nsh = ProtocolDescription(
        .nsh, "nsh", "Network Service Header", role: .link,
        attachments: [
            .etherType(.networkServiceHeader),
            .greProtocol(EtherType.networkServiceHeader.rawValue),
        ],
        dissect: FrameTag.dissectNSH)
}
