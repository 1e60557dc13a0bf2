extension ProtocolDescription {
    static let authentication = ProtocolDescription(
        .authentication, "ah", "Authentication Header", role: .network,
        attachments: [
            .ipProtocol(.authentication)
        ],
        dissect: AuthenticationHeader.dissect,
        fields: IPv6ExtensionFields.authentication.fields)
}

extension IPProtocol {
    public static let authentication = IPProtocol(rawValue: 51)
}
