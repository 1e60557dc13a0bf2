/// The fields of the tunnels.
enum TunnelFields {
    static let gre = ProtocolFields(
        .gre, "gre", "Generic Routing Encapsulation",
        [
            .at(0, "gre.flags_and_version", .hex(bits: 16), "Flags and version"),
            .at(0, "gre.flags.checksum", .boolean, "Checksum is there", length: 2, mask: 0x8000),
            .at(0, "gre.flags.routing", .boolean, "Routing is there", length: 2, mask: 0x4000),
            .at(0, "gre.flags.key", .boolean, "Key is there", length: 2, mask: 0x2000),
            .at(0, "gre.flags.sequence_number", .boolean, "Sequence number is there", length: 2, mask: 0x1000),
            .at(0, "gre.flags.version", .unsigned(bits: 3), "Version", length: 2, mask: 0x0007),
            .at(2, "gre.proto", .hex(bits: 16), "Protocol type"),
            .of(GREHeader.self, "gre.key", .hex(bits: 32), "Key") { header in header.key.map { .unsigned(UInt64($0)) }
            },
        ])
    static let erspan = ProtocolFields(
        .erspan, "erspan", "Encapsulated Remote Switch Packet ANalysis",
        [
            .at(0, "erspan.version", .unsigned(bits: 4), "Version", length: 2, mask: 0xf000),
            .at(0, "erspan.vlan", .unsigned(bits: 12), "VLAN", length: 2, mask: 0x0fff),
        ])
    static let vxlan = ProtocolFields(
        .vxlan, "vxlan", "Virtual eXtensible Local Area Network",
        [
            .at(0, "vxlan.flags", .hex(bits: 16), "Flags"),
            .at(4, "vxlan.vni", .unsigned(bits: 24), "Network identifier", length: 3),
        ])
    static let geneve = ProtocolFields(
        .geneve, "geneve", "Generic Network Virtualization Encapsulation",
        [
            .at(0, "geneve.version", .unsigned(bits: 2), "Version", mask: 0xc0),
            .at(2, "geneve.proto_type", .hex(bits: 16), "Protocol type"),
            .at(4, "geneve.vni", .hex(bits: 24), "Network identifier", length: 3),
        ])
    static let gtp = ProtocolFields(
        .gtp, "gtp", "GPRS Tunneling Protocol",
        [
            .at(0, "gtp.flags", .hex(bits: 8), "Flags"),
            .at(1, "gtp.message", .hex(bits: 8), "Message type"),
            .at(2, "gtp.length", .unsigned(bits: 16), "Length"),
            .at(4, "gtp.teid", .hex(bits: 32), "Tunnel endpoint identifier") { $0.uint8(at: 0) >> 5 == 1 },
        ])
    static let teredo = ProtocolFields(.teredo, "teredo", "Teredo IPv6 over UDP tunneling", [])
    static let l2tp = ProtocolFields(
        .l2tp, "l2tp", "Layer 2 Tunneling Protocol",
        [
            .at(0, "l2tp.type", .boolean, "Control message", length: 2, mask: 0x8000),
            .at(0, "l2tp.version", .unsigned(bits: 4), "Version", length: 2, mask: 0x000f),
        ])
    static let etherIP = ProtocolFields(
        .etherIP, "etherip", "Ethernet over IP",
        [
            .at(0, "etherip.ver", .unsigned(bits: 4), "Version", mask: 0xf0)
        ])
    static let lisp = ProtocolFields(.lisp, "lisp-data", "Locator/ID Separation Protocol (Data)", [])
    static let pim = ProtocolFields(
        .pim, "pim", "Protocol Independent Multicast",
        [
            .at(0, "pim.version", .unsigned(bits: 4), "Version", mask: 0xf0),
            .at(0, "pim.type", .unsigned(bits: 4), "Type", mask: 0x0f),
        ])
    /// Tunnels of which only the presence is shown.
    static let named: [ProtocolFields] = [
        ProtocolFields(
            .lispControl, "lisp", "Locator/ID Separation Protocol",
            [.at(0, "lisp.type", .unsigned(bits: 4), "Type", mask: 0xf0)]),
        ProtocolFields(.mobileIP, "mip", "Mobile IP", [.at(0, "mip.type", .unsigned(bits: 8), "Type")]),
        ProtocolFields(.capwap, "capwap.data", "Control And Provisioning of Wireless Access Points - Data", []),
        ProtocolFields(.sflow, "sflow", "InMon sFlow", []),
        ProtocolFields(.jmirror, "jmirror", "Juniper Packet Mirror", []),
        ProtocolFields(.amt, "amt", "Automatic Multicast Tunneling", []),
        ProtocolFields(.lwapp, "lwapp", "LWAPP Encapsulated Packet", []),
        ProtocolFields(.ayiya, "ayiya", "Anything in Anything", []),
        ProtocolFields(.multilinkPPP, "mp", "PPP Multilink Protocol", []),
        ProtocolFields(.bridgedPPP, "bcp_bpdu", "PPP Bridging Control Protocol Bridged PDU", []),
    ]
}
