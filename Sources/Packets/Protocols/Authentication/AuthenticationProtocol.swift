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
    /// IPsec's authentication header (RFC 4302).
    public static let authentication = IPProtocol(rawValue: 51)
}
