/// The fields of PPP over Ethernet.
enum PPPoEFields {
    private static let fields: [FieldDefinition] = [
        .at(0, "pppoe.version", .unsigned(bits: 4), "Version", mask: 0xf0),
        .at(0, "pppoe.type", .unsigned(bits: 4), "Type", mask: 0x0f),
        .at(1, "pppoe.code", .hex(bits: 8), "Code"),
        .at(2, "pppoe.session_id", .hex(bits: 16), "Session ID"),
        .at(4, "pppoe.payload_length", .unsigned(bits: 16), "Payload length"),
    ]

    static let discovery = ProtocolFields(.pppoeDiscovery, "pppoed", "PPP-over-Ethernet Discovery", fields)
    static let session = ProtocolFields(.pppoe, "pppoes", "PPP-over-Ethernet Session", fields)
}
