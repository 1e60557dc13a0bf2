extension ProtocolDescription {
    static let lwapp = ProtocolDescription(
        .lwapp, "lwapp", "LWAPP Encapsulated Packet", role: .tunnel,
        attachments: [
            .etherType(.lightweightAccessPoint, .oldLightweightAccessPoint),
            .udpPort(12222, 12223),
        ],
        traits: [.claimsRest],
        dissect: MirrorHeader.dissectLWAPP)
}
