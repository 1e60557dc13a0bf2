/// The fields of a token ring frame.
enum TokenRingFields {
    static let all = ProtocolFields(
        .tokenRing, "tr", "Token-Ring",
        [
            .at(0, "tr.ac", .hex(bits: 8), "Access control"),
            .at(1, "tr.fc", .hex(bits: 8), "Frame control"),
            .at(2, "tr.dst", .mac, "Destination"),
            .at(8, "tr.src", .mac, "Source", length: 6, mask: 0x7fff_ffff_ffff),
        ])
}
