import Text

extension ProtocolDescription {
    static let gtp = ProtocolDescription(
        .gtp, "gtp", "GPRS Tunneling Protocol", role: .tunnel,
        attachments: [
            .udpPort(
                2123, 2152,
                accepts: { record, cursor, _ in GTPHeader.isLikely(record, cursor.start, cursor.end, isCharging: false)
                }),
            .udpPort(
                3386,
                accepts: { record, cursor, _ in GTPHeader.isLikely(record, cursor.start, cursor.end, isCharging: true) }
            ),
        ],
        dissect: GTPHeader.dissect,
        fields: [
            .at(0, "gtp.flags", .hex(bits: 8), "Flags"),
            .at(1, "gtp.message", .hex(bits: 8), "Message type"),
            .at(2, "gtp.length", .unsigned(bits: 16), "Length"),
            .at(4, "gtp.teid", .hex(bits: 32), "Tunnel endpoint identifier") { $0.uint8(at: 0) >> 5 == 1 },
        ],
        line: .tunnel { layer, record, out in
            out.append(" GTP")
            guard let header = try? GTPHeader(record.extracting(layer.range)), header.version == 1 else { return }
            out.append(" teid 0x")
            out.append(hex: UInt64(header.tunnelEndpoint))
        })
}
