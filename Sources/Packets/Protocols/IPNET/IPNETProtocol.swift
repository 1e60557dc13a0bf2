extension ProtocolDescription {
    static let ipnet = ProtocolDescription(
        .ipnet, "ipnet", "Solaris IPNET", role: .link,
        attachments: [
            .linkType(.ipnet)
        ],
        dissect: IPNETHeader.dissect,
        fields: [
            .at(1, "ipnet.family", .unsigned(bits: 8), "Address family"),
            .at(4, "ipnet.pktlen", .unsigned(bits: 32), "Data length"),
            .at(16, "ipnet.zsrc", .unsigned(bits: 32), "Source zone"),
            .at(20, "ipnet.zdst", .unsigned(bits: 32), "Destination zone"),
        ])
}
