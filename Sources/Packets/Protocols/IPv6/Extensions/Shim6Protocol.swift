extension ProtocolDescription {
    static let shim6 = ProtocolDescription(
        .shim6, "shim6", "Shim6 Protocol", role: .network,
        attachments: [
            .ipProtocol(.shim6)
        ],
        dissect: { IPv6ExtensionHeader.dissect($0, &$1, &$2, as: .shim6) })
}

extension IPProtocol {
    /// Shim6, several addresses for one host (RFC 5533).
    public static let shim6 = IPProtocol(rawValue: 140)
}
