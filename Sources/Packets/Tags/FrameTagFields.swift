/// That a tag is there is all that is shown of it.
enum FrameTagFields {
    static let all: [ProtocolFields] = [
        ProtocolFields(.bridgePortTag, "etag", "802.1BR E-Tag", []),
        ProtocolFields(.virtualNICTag, "vntag", "VN-Tag", []),
        ProtocolFields(.redundancyTag, "ieee8021cb", "802.1CB R-TAG", []),
        ProtocolFields(.hsrTag, "hsr", "High-availability Seamless Redundancy (IEC62439 Part 3)", []),
        ProtocolFields(.metadataTag, "cmd", "Cisco MetaData", []),
        ProtocolFields(.vendorTag, "vendortag", "A vendor's frame tag", []),
        ProtocolFields(
            .timestampTag, "avsp", "Arista Vendor Specific Protocol",
            [
                .at(0, "avsp.sub_type", .hex(bits: 16), "Subtype"),
                .at(2, "avsp.ver", .hex(bits: 16), "Version"),
            ]),
        ProtocolFields(
            .macInMAC, "ieee8021ah", "IEEE 802.1ah",
            [
                .at(0, "ieee8021ah.isid", .unsigned(bits: 24), "Service identifier", length: 4, mask: 0x00ff_ffff),
                .at(4, "ieee8021ah.c_daddr", .mac, "Customer's destination address"),
                .at(10, "ieee8021ah.c_saddr", .mac, "Customer's source address"),
            ]),
        ProtocolFields(.macsec, "macsec", "802.1AE Security tag", []),
        ProtocolFields(.trill, "trill", "TRILL", []),
        ProtocolFields(.nsh, "nsh", "Network Service Header", []),
        ProtocolFields(.batman, "batadv", "B.A.T.M.A.N. Advanced Protocol", []),
    ]
}
