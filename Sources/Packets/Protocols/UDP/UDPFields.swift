/// The fields of a UDP datagram.
enum UDPFields {
    static let all = ProtocolFields(
        .udp, "udp", "User Datagram Protocol",
        [
            .at(0, "udp.srcport", .unsigned(bits: 16), "Source port", needed: 4),
            .at(2, "udp.dstport", .unsigned(bits: 16), "Destination port"),
            .at(0, "udp.port", .unsigned(bits: 16), "Source or destination port", needed: 4),
            .at(2, "udp.port", .unsigned(bits: 16), "Source or destination port"),
            .at(4, "udp.length", .unsigned(bits: 16), "Length"),
            .at(6, "udp.checksum", .hex(bits: 16), "Checksum"),
            .checksumStatus("udp.checksum.status", needed: 8),
            stream,
            time("udp.time_relative", "Time since the stream's first datagram") { $0.sinceFirstDatagram },
            time("udp.time_delta", "Time since the stream's datagram before") { $0.sincePreviousDatagram },
            FieldDefinition("udp.payload", .bytes, "Payload") { context, values in
                if !context.layer.payload.isEmpty { values.append(.bytes(context.layer.payload)) }
            },
        ])

    private static func time(
        _ name: String, _ meaning: String, _ read: @escaping @Sendable (borrowing TransportFacts) -> Int64
    ) -> FieldDefinition {
        FieldDefinition(name, .duration, meaning, needs: .analysis) { context, values in
            guard context.facts.transport.udpLayer == context.layer.start, !context.layer.isQuoted else { return }
            values.append(.duration(nanoseconds: read(context.facts.transport)))
        }
    }

    /// Shared with UDP-Lite.
    static let stream = FieldDefinition("udp.stream", .unsigned(bits: 32), "Stream index", needs: .analysis) {
        context, values in
        let facts = context.facts.transport
        if facts.udpLayer == context.layer.start { values.append(.unsigned(UInt64(facts.udpStream))) }
        if facts.innerUDPLayer == context.layer.start { values.append(.unsigned(UInt64(facts.innerUDPStream))) }
    }
}
