/// The fields of Cisco's HDLC.
enum CiscoHDLCFields {
    static let all = ProtocolFields(
        .ciscoHDLC, "chdlc", "Cisco HDLC",
        [
            .at(0, "chdlc.address", .hex(bits: 8), "Address"),
            .at(1, "chdlc.control", .hex(bits: 8), "Control"),
            .at(2, "chdlc.protocol", .hex(bits: 16), "Protocol"),
        ])
}
