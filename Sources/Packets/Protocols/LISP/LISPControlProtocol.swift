extension ProtocolDescription {
    static let lispControl = ProtocolDescription(
        .lispControl, "lisp", "Locator/ID Separation Protocol", role: .tunnel,
        attachments: [
            .udpPort(4342)
        ],
        dissect: LISPHeader.dissectControl,
        fields: [.at(0, "lisp.type", .unsigned(bits: 4), "Type", mask: 0xf0)])
}
