import Addressing

/// The fields of an 802.11 frame.
enum WirelessFields {
    static let all = ProtocolFields(
        .ieee80211, "wlan", "IEEE 802.11 wireless LAN",
        [
            FieldDefinition("wlan.fc.type_subtype", .hex(bits: 16), "Type and subtype") { context, values in
                guard context.header.byteCount >= 2 else { return }
                let control = context.header.uint8(at: 0)
                values.append(.unsigned(UInt64(control >> 2 & 3) << 4 | UInt64(control >> 4)))
            },
            .at(0, "wlan.fc", .hex(bits: 16), "Frame control").hidden,
            .at(0, "wlan.fc.version", .unsigned(bits: 2), "Version", mask: 0x03),
            .at(0, "wlan.fc.type", .unsigned(bits: 2), "Type", mask: 0x0c),
            .at(0, "wlan.fc.subtype", .unsigned(bits: 4), "Subtype", mask: 0xf0),
            .at(1, "wlan.flags", .hex(bits: 8), "Flags").hidden,
            .at(1, "wlan.fc.ds", .hex(bits: 8), "To and from the distribution system", mask: 0x03).hidden,
            .at(1, "wlan.fc.tods", .boolean, "To the distribution system", mask: 0x01),
            .at(1, "wlan.fc.fromds", .boolean, "From the distribution system", mask: 0x02),
            .at(1, "wlan.fc.frag", .boolean, "More fragments", mask: 0x04),
            .at(1, "wlan.fc.retry", .boolean, "Retry", mask: 0x08),
            .at(1, "wlan.fc.pwrmgt", .boolean, "Sender goes to sleep", mask: 0x10),
            .at(1, "wlan.fc.moredata", .boolean, "More data waits", mask: 0x20),
            .at(1, "wlan.fc.protected", .boolean, "Protected", mask: 0x40),
            .at(1, "wlan.fc.order", .boolean, "HT control follows, or strictly ordered", mask: 0x80),
            number(2, mask: 0x7fff, "wlan.duration", "Microseconds that the medium is reserved") {
                WirelessAddresses.hasDuration($0)
            },
            .at(4, "wlan.ra", .mac, "Receiver address"),
            .at(10, "wlan.ta", .mac, "Transmitter address"),
            address("wlan.da", "Destination address") { $0.destination },
            address("wlan.sa", "Source address") { $0.source },
            address("wlan.bssid", "Address of the network's cell") { $0.cell },
            number(22, mask: 0x000f, "wlan.frag", "Fragment number") { WirelessAddresses($0) != nil },
            number(22, mask: 0xfff0, "wlan.seq", "Sequence number") { WirelessAddresses($0) != nil },
            FieldDefinition("wlan.ssid", .bytes, "Network's name") { context, values in
                if let name = WirelessAddresses.networkName(context.bytes) {
                    let start = Int(context.layer.start)
                    values.append(.bytes(start &+ name.lowerBound..<start &+ name.upperBound))
                }
            },
        ]
            + (0..<4).map { index in
                address("wlan.addr", "Any of the addresses") { $0.all.count > index ? $0.all[index] : nil }.hidden
            })

    /// A number of two bytes, little endian as everything in 802.11.
    private static func number(
        _ offset: Int, mask: UInt16, _ name: String, _ meaning: String,
        where condition: @escaping @Sendable (RawSpan) -> Bool
    ) -> FieldDefinition {
        FieldDefinition(name, .unsigned(bits: 16), meaning) { context, values in
            guard context.header.byteCount >= offset + 2, condition(context.header) else { return }
            values.append(
                .unsigned(
                    UInt64((context.header.littleEndianUInt16(at: offset) & mask) >> UInt16(mask.trailingZeroBitCount)))
            )
        }
    }

    private static func address(
        _ name: String, _ meaning: String, _ read: @escaping @Sendable (WirelessAddresses) -> MACAddress?
    ) -> FieldDefinition {
        FieldDefinition(name, .mac, meaning) { context, values in
            if let address = WirelessAddresses(context.header).flatMap(read) { values.append(.mac(address)) }
        }
    }
}
