import Text

extension ProtocolDescription {
    /// The Secure Shell (RFC 4251 to 4254).
    static let ssh = ProtocolDescription(
        .ssh, "ssh", "SSH Protocol", role: .application,
        attachments: [.tcpPort(22)],
        traits: [.followsConnection],
        dissect: { CommandLines.dissect(.ssh, $0, &$1, &$2) },
        fields: SSHFields.all,
        line: .words(SSHFields.summarize))
}

enum SSHFields {
    private static let version: UInt32 = 1
    private static let packet: UInt32 = 2
    private static let cookie: UInt32 = 3
    private static let follows: UInt32 = 4
    /// The lists of a Key Exchange Init, in their order, are of this kind and the nine after it.
    private static let lists: UInt32 = 16

    static let all: [FieldDefinition] =
        [
            .textInParts(version, foundBy: find, "ssh.protocol", "Protocol") { $0.range },
            .inParts(
                PartKinds(packet), foundBy: find, "ssh.packet_length", .unsigned(bits: 32), "Packet length"
            ) { context, part, values in
                values.append(.unsigned(UInt64(context.record.uint32(at: part.start))))
            },
            byte(packet, 4, "ssh.padding_length", "Padding length"),
            byte(packet, 5, "ssh.message_code", "Message code", valueName: messageName),
            .inParts(PartKinds(cookie), foundBy: find, "ssh.cookie", .bytes, "Cookie") { _, part, values in
                values.append(.bytes(part.range))
            },
        ] + listFields + [byte(follows, 0, "ssh.first_kex_packet_follows", "First key exchange packet follows")]

    private static let listFields: [FieldDefinition] = [
        ("ssh.kex_algorithms", "Key exchange methods"),
        ("ssh.server_host_key_algorithms", "Server host key algorithms"),
        ("ssh.encryption_algorithms_client_to_server", "Encryption, client to server"),
        ("ssh.encryption_algorithms_server_to_client", "Encryption, server to client"),
        ("ssh.mac_algorithms_client_to_server", "Message authentication, client to server"),
        ("ssh.mac_algorithms_server_to_client", "Message authentication, server to client"),
        ("ssh.compression_algorithms_client_to_server", "Compression, client to server"),
        ("ssh.compression_algorithms_server_to_client", "Compression, server to client"),
        ("ssh.languages_client_to_server", "Languages, client to server"),
        ("ssh.languages_server_to_client", "Languages, server to client"),
    ].enumerated().map { index, field in
        .inParts(
            PartKinds(lists + UInt32(index)), foundBy: find, field.0, .text, field.1
        ) { _, part, values in
            values.append(.text(part.range))
        }
    }

    private static func byte(
        _ kind: UInt32, _ offset: Int, _ name: String, _ meaning: String, valueName: ValueName? = nil
    ) -> FieldDefinition {
        .inParts(
            PartKinds(kind), foundBy: find, name, .unsigned(bits: 8), meaning, valueName: valueName
        ) { context, part, values in
            values.append(.unsigned(UInt64(context.record.uint8(at: part.start &+ offset))))
        }
    }

    private static let find: PartFinder = { context, parts in
        let record = context.record
        var packets = SSHPackets(context.layer.range, of: record)
        if let line = SSHPackets.version(context.layer.range, of: record) {
            _ = parts.append(LayerPart(version, line))
            return
        }
        while let found = packets.next(record) {
            guard parts.append(LayerPart(packet, found.range)) else { return }
            if found.message == SSHPackets.keyExchange { findLists(found.content, record, &parts) }
        }
    }

    /// A Key Exchange Init: sixteen random bytes, ten lists of names, each with its length before it, and whether a
    /// guessed packet follows (RFC 4253 section 7.1).
    private static func findLists(_ content: Range<Int>, _ record: RawSpan, _ parts: inout LayerParts) {
        var position = content.lowerBound &+ 16
        guard position <= content.upperBound else { return }
        guard parts.append(LayerPart(cookie, content.lowerBound..<position)) else { return }
        for index in 0..<10 as Range<UInt32> {
            guard position &+ 4 <= content.upperBound else { return }
            let length = Int(record.uint32(at: position))
            position &+= 4
            guard length <= content.upperBound &- position else { return }
            guard parts.append(LayerPart(lists &+ index, position..<position &+ length)) else { return }
            position &+= length
        }
        if position < content.upperBound { _ = parts.append(LayerPart(follows, position..<position &+ 1)) }
    }

    /// RFC 4250 section 4.1.2, in Wireshark's words; 30 and 31 mean something else in each key exchange method.
    private static let messageName: ValueName = { number in
        switch number {
        case 1: "Disconnect"
        case 2: "Ignore"
        case 3: "Unimplemented"
        case 4: "Debug"
        case 5: "Service Request"
        case 6: "Service Accept"
        case 20: "Key Exchange Init"
        case 21: "New Keys"
        default: nil
        }
    }

    /// `SSH SSH-2.0-OpenSSH_9.2`, `SSH Key Exchange Init`, `SSH encrypted or continued`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("SSH ")
        if let line = SSHPackets.version(layer.range, of: record) {
            text.append(escaping: line, of: record, limit: 120)
            return
        }
        var packets = SSHPackets(layer.range, of: record)
        var written = 0
        while written < 4, let packet = packets.next(record) {
            if written > 0 { text.append(", ") }
            written &+= 1
            if let name = messageName(UInt64(packet.message)) {
                text.append(name)
            } else {
                text.append("key exchange message ")
                text.append(decimal: UInt64(packet.message))
            }
        }
        if written == 0 { text.append("encrypted, or the middle of a message") }
    }
}
