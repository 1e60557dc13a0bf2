import Text

/// The Encapsulating Security Payload (RFC 4303 section 2): which security association, which packet of it; all that
/// follows is encrypted.
///
///     +---------------------------------------------------------------+
///     |               Security parameters index (SPI)                 |
///     +---------------------------------------------------------------+
///     |                      Sequence number                          |
///     +---------------------------------------------------------------+
enum SecurityPayload {
    static let headerLength = 8

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(headerLength) else { return cursor.cut(.esp, required: headerLength, &layers) }
        cursor.add(.esp, header: headerLength, to: &layers)
        return .claimed
    }

    /// ` ESP SPI 0xa, sequence 5`.
    static let write: LineForm.Writer = { layer, record, out in
        let start = Int(layer.start)
        out.append(" ESP SPI 0x")
        out.append(hex: UInt64(record.uint32(at: start)))
        out.append(", sequence ")
        out.append(decimal: UInt64(record.uint32(at: start &+ 4)))
    }
}

extension ProtocolDescription {
    static let esp = ProtocolDescription(
        .esp, "esp", "Encapsulating Security Payload", role: .network,
        attachments: [.ipProtocol(.esp)],
        traits: [.claimsRest],
        dissect: SecurityPayload.dissect,
        fields: [
            .at(0, "esp.spi", .hex(bits: 32), "Security parameters index"),
            .at(4, "esp.sequence", .unsigned(bits: 32), "Sequence number"),
        ],
        line: .message(needs: SecurityPayload.headerLength, SecurityPayload.write))

    /// What goes through a translator of addresses in datagrams of UDP port 4500 (RFC 3948 section 2): four zero bytes
    /// and a message of the key exchange, one byte 255 that keeps the translation alive, or else an encrypted packet,
    /// whose SPI is never zero.
    static let espInUDP = ProtocolDescription(
        .espInUDP, "udpencap", "UDP Encapsulation of IPsec Packets", role: .tunnel,
        attachments: [.udpPort(4500)],
        traits: [.endsWithHeader],
        dissect: { record, cursor, layers in
            guard cursor.has(4) else {
                let isAlive = cursor.claimed == 1 && cursor.has(1) && record.uint8(at: cursor.start) == 0xff
                if !isAlive { return cursor.cut(.espInUDP, required: 4, &layers) }
                cursor.add(.espInUDP, header: 1, to: &layers)
                return .claimed
            }
            let isKeyExchange = record.uint32(at: cursor.start) == 0
            cursor.add(.espInUDP, header: isKeyExchange ? 4 : 0, to: &layers)
            return isKeyExchange ? .ports(.udp, source: 500, destination: 500) : .ipProtocol(.esp)
        },
        fields: [
            FieldDefinition("udpencap.nat_keepalive", .presence, "Keeps the translation alive") { context, values in
                if context.header.byteCount == 1 { values.append(.boolean(true)) }
            },
            .at(0, "udpencap.non_esp_marker", .bytes, "No encrypted packet", length: 4),
        ],
        line: .words { layer, record, text in
            if layer.header.count == 1 { text.append("NAT keep-alive") } else { text.append("IPsec in UDP") }
        })
}

extension IPProtocol {
    /// Encapsulating Security Payload.
    public static let esp = IPProtocol(rawValue: 50)
}
