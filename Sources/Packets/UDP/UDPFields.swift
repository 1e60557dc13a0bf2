/// The fields of a UDP datagram.
enum UDPFields {
    static let all = ProtocolFields(.udp, "udp", "User Datagram Protocol", [
        .of(UDPDatagram.self, "udp.srcport", .unsigned(bits: 16), "Source port") { datagram in .unsigned(UInt64(datagram.sourcePort.rawValue)) },
        .of(UDPDatagram.self, "udp.dstport", .unsigned(bits: 16), "Destination port") { datagram in .unsigned(UInt64(datagram.destinationPort.rawValue)) },
        .of(UDPDatagram.self, "udp.length", .unsigned(bits: 16), "Length") { datagram in .unsigned(UInt64(datagram.length)) },
        .of(UDPDatagram.self, "udp.checksum", .hex(bits: 16), "Checksum") { datagram in .unsigned(UInt64(datagram.checksum)) },
    ])
}
