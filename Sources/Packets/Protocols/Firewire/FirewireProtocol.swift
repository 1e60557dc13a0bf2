extension ProtocolDescription {
    static let firewire = ProtocolDescription(
        .firewire, "ap1394", "Apple IP-over-IEEE 1394", role: .link,
        attachments: [
            .linkType(.appleIPOverIEEE1394)
        ],
        dissect: RareLink.dissectFirewire)
}
