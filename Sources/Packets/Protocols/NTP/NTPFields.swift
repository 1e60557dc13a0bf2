import Addressing

/// The fields of an NTP packet.
enum NTPFields {
    static let all = ProtocolFields(
        .ntp, "ntp", "Network Time Protocol",
        [
            .fixed("ntp.flags", .hex(bits: 8), "Flags", at: 0, length: 1),
            .fixed(
                "ntp.flags.li", .unsigned(bits: 2), "Leap indicator", at: 0, length: 1, valueName: leap,
                read: { flags in
                    // In mode 7 the two bits mean something else.
                    flags & 7 == 7 ? nil : .unsigned(flags >> 6)
                }),
            .fixed("ntp.flags.vn", .unsigned(bits: 3), "Version", at: 0, length: 1, read: { .unsigned($0 >> 3 & 7) }),
            .fixed(
                "ntp.flags.mode", .unsigned(bits: 3), "Mode", at: 0, length: 1, valueName: mode,
                read: { .unsigned($0 & 7) }),
            time("ntp.stratum", .unsigned(bits: 8), "Distance to a reference clock", at: 1, length: 1),
            time("ntp.ppoll", .unsigned(bits: 8), "Poll interval, power of two seconds", at: 2, length: 1),
            time("ntp.precision", .unsigned(bits: 8), "Precision, power of two seconds", at: 3, length: 1),
            time(
                "ntp.rootdelay", .unsigned(bits: 32), "Round trip to the reference clock, in 2^-16 s",
                at: 4, length: 4),
            time(
                "ntp.rootdispersion", .unsigned(bits: 32), "Error to the reference clock, in 2^-16 s",
                at: 8, length: 4),
            FieldDefinition("ntp.refid", .bytes, "Reference clock or server") { context, values in
                guard let packet = try? NTPPacket(context.bytes), packet.tellsTime, context.bytes.byteCount >= 16 else {
                    return
                }
                let start = Int(context.layer.start)
                values.append(.bytes(start &+ 12..<start &+ 16))
            },
            time("ntp.reftime", .date, "When the clock was last set", at: 16, length: 8, moment),
            time("ntp.org", .date, "When the request left the client", at: 24, length: 8, moment),
            time("ntp.rec", .date, "When the request came to the server", at: 32, length: 8, moment),
            time("ntp.xmt", .date, "When this packet left", at: 40, length: 8, moment),
        ])

    @Sendable private static func moment(_ value: UInt64) -> FieldValue? {
        NTPPacket.timestamp(value).map { .time($0) } ?? .word(StaticWord("NULL"))
    }

    /// A field that packets of the modes that tell time have.
    private static func time(
        _ name: String, _ type: FieldType, _ meaning: String, at offset: Int, length: Int,
        valueName: ValueName? = nil,
        _ read: @escaping @Sendable (UInt64) -> FieldValue? = { .unsigned($0) }
    ) -> FieldDefinition {
        let whole = FieldDefinition.fixed(name, type, meaning, at: offset, length: length, read: read)
        return FieldDefinition(name, type, meaning, valueName: valueName) { context, values in
            guard let packet = try? NTPPacket(context.bytes), packet.tellsTime else { return }
            whole.read(context, &values)
        }
    }

    private static func leap(_ number: UInt64) -> StaticString? {
        switch number {
        case 0: "no warning"
        case 1: "last minute has 61 seconds"
        case 2: "last minute has 59 seconds"
        default: "clock unsynchronized"
        }
    }

    static func mode(_ number: UInt64) -> StaticString? {
        switch number {
        case 1: "symmetric active"
        case 2: "symmetric passive"
        case 3: "client"
        case 4: "server"
        case 5: "broadcast"
        case 6: "control"
        case 7: "private"
        default: "reserved"
        }
    }
}

/// `NTP client v4`, `NTP server v4 stratum 2`.
enum NTPSummary {
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("NTP")
        guard let packet = try? NTPPacket(record.extracting(layer.range)) else { return }
        text.append(ascii: 32)
        text.append(NTPFields.mode(UInt64(packet.mode)) ?? "")
        text.append(" v")
        text.append(decimal: UInt64(packet.version))
        if packet.mode != 3, let stratum = packet.stratum {
            text.append(" stratum ")
            text.append(decimal: UInt64(stratum))
        }
    }
}
