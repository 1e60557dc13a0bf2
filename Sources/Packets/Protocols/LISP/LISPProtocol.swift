extension ProtocolDescription {
    static let lisp = ProtocolDescription(
        .lisp, "lisp-data", "Locator/ID Separation Protocol (Data)", role: .tunnel,
        attachments: [
            .udpPort(4341)
        ],
        dissect: LISPHeader.dissect)
}
