/// The fields of an MPLS label stack entry.
enum MPLSFields {
    static let all = ProtocolFields(
        .mpls, "mpls", "MultiProtocol Label Switching Header",
        [
            .at(0, "mpls.label", .unsigned(bits: 20), "Label", length: 4, mask: 0xffff_f000),
            .at(0, "mpls.exp", .unsigned(bits: 3), "Traffic class", length: 4, mask: 0x0e00),
            .at(0, "mpls.bottom", .boolean, "Bottom of the stack", length: 4, mask: 0x0100),
            .at(3, "mpls.ttl", .unsigned(bits: 8), "Time to live"),
        ])

    static let channel = ProtocolFields(
        .associatedChannel, "pwach", "PW Associated Channel Header",
        [
            .at(0, "pwach.ver", .unsigned(bits: 4), "Version", mask: 0x0f),
            .at(1, "pwach.res", .hex(bits: 8), "Reserved"),
            .at(2, "pwach.channel_type", .hex(bits: 16), "Channel type"),
        ])

    static let pseudowire = ProtocolFields(
        .pseudowire, "pwethcw", "PW Ethernet Control Word",
        [
            .at(2, "pweth.cw.sequence_number", .unsigned(bits: 16), "Sequence number")
        ])
}
