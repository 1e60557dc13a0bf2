/// The fields of a frame relay frame.
enum FrameRelayFields {
    static let all = ProtocolFields(
        .frameRelay, "fr", "Frame Relay",
        [
            .of(FrameRelayFrame.self, "fr.dlci", .unsigned(bits: 32), "Circuit (DLCI)") {
                .unsigned(UInt64($0.circuit))
            },
            .at(1, "fr.fecn", .boolean, "Forward congestion", mask: 0x08),
            .at(1, "fr.becn", .boolean, "Backward congestion", mask: 0x04),
            .at(1, "fr.de", .boolean, "Discard eligible", mask: 0x02),
        ])
}
