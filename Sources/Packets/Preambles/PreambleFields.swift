/// The fields of the headers that captures put before packets: little more than that they are there.
enum PreambleFields {
    static let all: [ProtocolFields] = [
        ProtocolFields(
            .ppi, "ppi", "Per-Packet Information header", [.at(0, "ppi.version", .unsigned(bits: 8), "Version")]),
        ProtocolFields(
            .packetFilterLog, "pflog", "OpenBSD Packet Filter log",
            [
                .at(0, "pflog.length", .unsigned(bits: 8), "Header length"),
                .at(1, "pflog.af", .unsigned(bits: 8), "Address family"),
            ]),
        ProtocolFields(
            .encapsulationHeader, "enc", "OpenBSD Encapsulating device", [.at(4, "enc.spi", .hex(bits: 32), "SPI")]),
        ProtocolFields(
            .ipnet, "ipnet", "Solaris IPNET",
            [
                .at(1, "ipnet.family", .unsigned(bits: 8), "Address family"),
                .at(4, "ipnet.pktlen", .unsigned(bits: 32), "Data length"),
                .at(16, "ipnet.zsrc", .unsigned(bits: 32), "Source zone"),
                .at(20, "ipnet.zdst", .unsigned(bits: 32), "Destination zone"),
            ]),
        ProtocolFields(.netAnalyzer, "netanalyzer", "netANALYZER", []),
        ProtocolFields(
            .symantec, "symantec", "Symantec Enterprise Firewall",
            [
                .at(0, "symantec.if", .ipv4, "Interface"),
                .at(6, "symantec.type", .hex(bits: 16), "Type") { $0.uint16(at: 6) != 0 },
                .at(10, "symantec.type", .hex(bits: 16), "Type") { $0.uint16(at: 6) == 0 },
            ]),
        ProtocolFields(.redback, "redback", "Redback", []),
        ProtocolFields(.packetTap, "pktap", "PKTAP packet header", []),
        ProtocolFields(
            .erf, "erf", "Extensible Record Format", [.at(8, "erf.types.type", .unsigned(bits: 7), "Type", mask: 0x7f)]),
        ProtocolFields(.wirelessPreamble, "wlancap", "AVS or Prism capture header", []),
        ProtocolFields(.juniper, "juniper", "Juniper", []),
        ProtocolFields(.ax25, "ax25", "AX.25", []),
        ProtocolFields(
            .arcnet, "arcnet", "ARCNET",
            [
                .at(0, "arcnet.src", .hex(bits: 8), "Source"),
                .at(1, "arcnet.dst", .hex(bits: 8), "Destination"),
            ]),
        ProtocolFields(.fibreChannelIP, "ipfc", "IP Over FC", []),
        ProtocolFields(.firewire, "ap1394", "Apple IP-over-IEEE 1394", []),
        ProtocolFields(.infiniBandIP, "ipoib", "IP over Infiniband", []),
        ProtocolFields(.sunATM, "atm", "ATM", []),
        ProtocolFields(.expressFrame, "fpp", "IEEE 802.3br Frame Preemption Protocol", []),
        ProtocolFields(.interSwitchLink, "isl", "Cisco ISL", []),
        ProtocolFields(.fabricPath, "cfp", "Cisco FabricPath", []),
        ProtocolFields(.tzsp, "tzsp", "Tazmen Sniffer Protocol", []),
    ]
}
