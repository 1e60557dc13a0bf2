extension ProtocolDescription {
    static let encapsulationHeader = ProtocolDescription(
        .encapsulationHeader, "enc", "OpenBSD Encapsulating device", role: .link,
        attachments: [
            .linkType(.encapsulation, .encapsulationDLT)
        ],
        dissect: EncapsulationHeader.dissect,
        fields: [.at(4, "enc.spi", .hex(bits: 32), "SPI")])
}
