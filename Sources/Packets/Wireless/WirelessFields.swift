/// The fields of an 802.11 frame and of the radiotap header before it.
enum WirelessFields {
    static let radiotap = ProtocolFields(.radiotap, "radiotap", "IEEE 802.11 Radiotap Capture header", [
        .at(0, "radiotap.version", .unsigned(bits: 8), "Version"),
        FieldDefinition("radiotap.length", .unsigned(bits: 16), "Header length") { context, values in
            if context.header.byteCount >= 4 { values.append(.unsigned(UInt64(context.header.littleEndianUInt16(at: 2)))) }
        },
    ])

    static let all = ProtocolFields(.ieee80211, "wlan", "IEEE 802.11 wireless LAN", [
        .at(0, "wlan.fc.version", .unsigned(bits: 2), "Version", mask: 0x03),
        .at(0, "wlan.fc.type", .unsigned(bits: 2), "Type", mask: 0x0c),
        .at(0, "wlan.fc.subtype", .unsigned(bits: 4), "Subtype", mask: 0xf0),
        .at(1, "wlan.fc.tods", .boolean, "To the distribution system", mask: 0x01),
        .at(1, "wlan.fc.fromds", .boolean, "From the distribution system", mask: 0x02),
        .at(1, "wlan.fc.frag", .boolean, "More fragments", mask: 0x04),
        .at(1, "wlan.fc.retry", .boolean, "Retry", mask: 0x08),
        .at(1, "wlan.fc.protected", .boolean, "Protected", mask: 0x40),
        .at(4, "wlan.ra", .mac, "Receiver address"),
        .at(10, "wlan.ta", .mac, "Transmitter address"),
    ])
}
