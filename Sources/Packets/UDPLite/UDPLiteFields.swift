/// The fields of a UDP-Lite datagram: the ports have UDP's names.
enum UDPLiteFields {
    static let all = ProtocolFields(.udplite, "udplite", "Lightweight User Datagram Protocol", [
        .at(0, "udp.srcport", .unsigned(bits: 16), "Source port", needed: 4),
        .at(2, "udp.dstport", .unsigned(bits: 16), "Destination port"),
        .at(0, "udp.port", .unsigned(bits: 16), "Source or destination port", needed: 4),
        .at(2, "udp.port", .unsigned(bits: 16), "Source or destination port"),
        .at(4, "udp.length", .unsigned(bits: 16), "Length that the checksum covers"),
        .at(4, "udp.checksum_coverage", .unsigned(bits: 16), "Checksum coverage"),
        .at(6, "udp.checksum", .hex(bits: 16), "Checksum"),
    ])
}
