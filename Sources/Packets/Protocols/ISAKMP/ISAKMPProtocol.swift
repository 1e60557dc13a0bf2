import Text

extension ProtocolDescription {
    static let isakmp = ProtocolDescription(
        .isakmp, "isakmp", "Internet Security Association and Key Management Protocol", role: .application,
        attachments: [.udpPort(500, accepts: ISAKMPMessage.isLikely)],
        dissect: ISAKMPMessage.dissect,
        // Version 2 has a bit for it (RFC 7296 section 3.1); in version 1 only the first message has no responder yet.
        asks: { message in
            guard message.byteCount >= ISAKMPMessage.headerLength else { return nil }
            if message.uint8(at: 17) >> 4 == 2 { return message.uint8(at: 19) & 0x20 == 0 }
            return message.uint64(at: 8) == 0 ? true : nil
        },
        fields: ISAKMPFields.all,
        line: .words(ISAKMPFields.summarize))
}

enum ISAKMPFields {
    static let all: [FieldDefinition] = [
        .at(0, "isakmp.ispi", .bytes, "Initiator's SPI", length: 8),
        .at(8, "isakmp.rspi", .bytes, "Responder's SPI", length: 8),
        .at(16, "isakmp.nextpayload", .unsigned(bits: 8), "First payload", valueName: payloadName),
        .at(17, "isakmp.version", .hex(bits: 8), "Version"),
        .at(18, "isakmp.exchangetype", .unsigned(bits: 8), "Exchange type", valueName: exchangeName),
        .at(19, "isakmp.flags", .hex(bits: 8), "Flags"),
        flag("isakmp.flag_e", "Encryption", mask: 0x01, version: 1),
        flag("isakmp.flag_c", "Commit", mask: 0x02, version: 1),
        flag("isakmp.flag_a", "Authentication", mask: 0x04, version: 1),
        flag("isakmp.flag_i", "Initiator", mask: 0x08, version: 2),
        flag("isakmp.flag_v", "Higher version", mask: 0x10, version: 2),
        flag("isakmp.flag_r", "Response", mask: 0x20, version: 2),
        .at(20, "isakmp.messageid", .hex(bits: 32), "Message ID"),
        .at(24, "isakmp.length", .unsigned(bits: 32), "Length"),
        .inParts(
            .all, foundBy: find, "isakmp.typepayload", .unsigned(bits: 8), "Payload", valueName: payloadName
        ) { _, part, values in
            values.append(.unsigned(UInt64(part.kind)))
        },
        .inParts(.all, foundBy: find, "isakmp.payloadlength", .unsigned(bits: 16), "Payload length") {
            context, part, values in
            values.append(.unsigned(UInt64(context.record.uint16(at: part.start &+ 2))))
        },
    ]

    private static func flag(_ name: String, _ meaning: String, mask: UInt64, version: UInt8) -> FieldDefinition {
        .at(19, name, .boolean, meaning, mask: mask) { $0.uint8(at: 17) >> 4 == version }
    }

    private static let find: PartFinder = { context, parts in
        let base = Int(context.layer.start)
        var payloads = ISAKMPMessage.Payloads(context.bytes)
        while let payload = payloads.next(context.bytes) {
            let range = base &+ payload.range.lowerBound..<base &+ payload.range.upperBound
            guard parts.append(LayerPart(UInt32(payload.type), range)) else { return }
        }
    }

    /// RFC 2408 section 3.1, RFC 2409 appendix A, RFC 7296 section 3.1, in Wireshark's words.
    private static let exchangeName: ValueName = { number in
        switch number {
        case 1: "Base"
        case 2: "Identity Protection (Main Mode)"
        case 3: "Authentication Only"
        case 4: "Aggressive"
        case 5: "Informational"
        case 6: "Transaction (Config Mode)"
        case 32: "Quick Mode"
        case 33: "New Group Mode"
        case 34: "IKE_SA_INIT"
        case 35: "IKE_AUTH"
        case 36: "CREATE_CHILD_SA"
        case 37: "INFORMATIONAL"
        case 38: "IKE_SESSION_RESUME"
        default: nil
        }
    }

    /// IANA "IKEv2 Payload Types" and "Internet Key Exchange (IKE) Attributes".
    private static let payloadName: ValueName = { number in
        switch number {
        case 0: "NONE / No Next Payload"
        case 1, 33: "Security Association"
        case 2: "Proposal"
        case 3: "Transform"
        case 4, 34: "Key Exchange"
        case 5: "Identification"
        case 6, 37: "Certificate"
        case 7, 38: "Certificate Request"
        case 8: "Hash"
        case 9: "Signature"
        case 10, 40: "Nonce"
        case 11: "Notification"
        case 12, 42: "Delete"
        case 13, 43: "Vendor ID"
        case 20: "NAT-D (RFC 3947)"
        case 21: "NAT-OA (RFC 3947)"
        case 35: "Identification - Initiator"
        case 36: "Identification - Responder"
        case 39: "Authentication"
        case 41: "Notify"
        case 44: "Traffic Selector - Initiator"
        case 45: "Traffic Selector - Responder"
        case 46: "Encrypted and Authenticated"
        case 47: "Configuration"
        case 48: "Extensible Authentication"
        case 53: "Encrypted and Authenticated Fragment"
        default: nil
        }
    }

    /// `IKEv2 IKE_SA_INIT request 0`, `IKEv1 Quick Mode`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        let message = record.extracting(layer.range)
        guard message.byteCount >= ISAKMPMessage.headerLength else { return text.append("IKE") }
        let version = message.uint8(at: 17) >> 4
        text.append("IKEv")
        text.append(decimal: UInt64(version))
        text.append(ascii: 32)
        if let name = exchangeName(UInt64(message.uint8(at: 18))) {
            text.append(name)
        } else {
            text.append("exchange type ")
            text.append(decimal: UInt64(message.uint8(at: 18)))
        }
        guard version == 2 else { return }
        text.append(message.uint8(at: 19) & 0x20 == 0 ? " request " : " response ")
        text.append(decimal: UInt64(message.uint32(at: 20)))
    }
}
