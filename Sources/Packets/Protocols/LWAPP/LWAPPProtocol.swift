/// Cisco's LWAPP (RFC 5412 section 4.2): flags, fragment, length, status, and an 802.11 frame if the control bit is
/// not set. What goes to the control port has an address of six bytes before that.
enum LWAPPHeader {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        var isControl = false
        if let carrier = layers.last, carrier.kind == .udp {
            isControl = record.uint16(at: Int(carrier.start) &+ 2) == 12223
        }
        let length = isControl ? 12 : 6
        guard cursor.has(length) else { return cursor.cut(.lwapp, required: length, &layers) }
        let flags = record.uint8(at: cursor.start &+ length &- 6)
        cursor.add(.lwapp, header: length, to: &layers)
        if flags & 0x04 != 0 { return .data }
        return .linkType(.ieee80211)
    }
}

extension ProtocolDescription {
    static let lwapp = ProtocolDescription(
        .lwapp, "lwapp", "LWAPP Encapsulated Packet", role: .tunnel,
        attachments: [
            .etherType(.lightweightAccessPoint, .oldLightweightAccessPoint),
            .udpPort(12222, 12223),
        ],
        traits: [.claimsRest],
        dissect: LWAPPHeader.dissect)
}

extension EtherType {
    /// Cisco's LWAPP (RFC 5412 section 3.1).
    public static let lightweightAccessPoint = EtherType(rawValue: 0x88bb)
    /// The same before it had that number.
    public static let oldLightweightAccessPoint = EtherType(rawValue: 0xbbbb)
}
