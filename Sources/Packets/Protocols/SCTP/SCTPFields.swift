/// The fields of SCTP's common header.
enum SCTPFields {
    static let all = ProtocolFields(
        .sctp, "sctp", "Stream Control Transmission Protocol",
        [
            .at(0, "sctp.srcport", .unsigned(bits: 16), "Source port"),
            .at(2, "sctp.dstport", .unsigned(bits: 16), "Destination port"),
            .at(4, "sctp.verification_tag", .hex(bits: 32), "Verification tag"),
            .at(8, "sctp.checksum", .hex(bits: 32), "Checksum"),
        ])
}
