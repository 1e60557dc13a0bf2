import Addressing

/// The fields of a STUN message.
enum STUNFields {
    static let all = ProtocolFields(
        .stun, "stun", "Session Traversal Utilities for NAT",
        [
            .fixed("stun.type", .hex(bits: 16), "Message type", at: 0, length: 2),
            // Class and method as Wireshark has them: bits of the type, masked but not drawn together.
            .fixed(
                "stun.type.class", .hex(bits: 16), "Class", at: 0, length: 2, valueName: maskedClassName,
                read: { .unsigned(($0 & 0x0110) >> 4) }),
            .fixed(
                "stun.type.method", .hex(bits: 16), "Method", at: 0, length: 2, valueName: methodName,
                read: { .unsigned($0 & 0x3eef) }),
            .fixed("stun.length", .unsigned(bits: 16), "Length of the attributes", at: 2, length: 2),
            .fixedBytes("stun.cookie", "Magic cookie", at: 4, length: 4),
            .fixedBytes("stun.id", "Transaction identifier", at: 8, length: 12),
            each("stun.att.type", .hex(bits: 16), "Attribute", valueName: attributeName) { type, _, _, _ in
                .unsigned(UInt64(type))
            },
            each("stun.att.length", .unsigned(bits: 16), "Attribute length") { _, value, _, _ in
                .unsigned(UInt64(value.count))
            },
            address("stun.att.family", .hex(bits: 8), "Address family") { found in
                if case .v4 = found.address { .unsigned(1) } else { .unsigned(2) }
            },
            address("stun.att.ipv4", .ipv4, "IPv4 address") {
                if case .v4(let address) = $0.address { .ipv4(address) } else { nil }
            },
            address("stun.att.ipv6", .ipv6, "IPv6 address") {
                if case .v6(let address) = $0.address { .ipv6(address) } else { nil }
            },
            address("stun.att.port", .unsigned(bits: 16), "Port") { .unsigned(UInt64($0.port.rawValue)) },
            text(0x0006, "stun.att.username", "User name"),
            text(0x8022, "stun.att.software", "Software"),
            text(0x0014, "stun.att.realm", "Realm"),
            text(0x0015, "stun.att.nonce", "Nonce"),
            each("stun.att.error.class", .unsigned(bits: 3), "Hundreds of the error code") { type, value, record, _ in
                type == 0x0009 && value.count >= 4
                    ? .unsigned(UInt64(record.uint8(at: value.lowerBound &+ 2) & 7)) : nil
            },
            each("stun.att.error", .unsigned(bits: 8), "Rest of the error code") { type, value, record, _ in
                type == 0x0009 && value.count >= 4 ? .unsigned(UInt64(record.uint8(at: value.lowerBound &+ 3))) : nil
            },
            each("stun.att.error.reason", .text, "Reason") { type, value, _, _ in
                type == 0x0009 && value.count > 4 ? .text(value.lowerBound &+ 4..<value.upperBound) : nil
            },
            each("stun.att.hmac", .bytes, "Message integrity") { type, value, _, _ in
                type == 0x0008 ? .bytes(value) : nil
            },
            each("stun.att.crc32", .hex(bits: 32), "Fingerprint") { type, value, record, _ in
                type == 0x8028 && value.count == 4 ? .unsigned(UInt64(record.uint32(at: value.lowerBound))) : nil
            },
        ])

    /// A field read from each attribute; the value's range lies in the record.
    private static func each(
        _ name: String, _ type: FieldType, _ meaning: String, valueName: ValueName? = nil,
        _ read:
            @escaping @Sendable (_ type: UInt16, _ value: Range<Int>, borrowing RawSpan, _ message: Int) -> FieldValue?
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning, valueName: valueName) { context, values in
            guard let message = try? STUNMessage(context.bytes) else { return }
            let start = Int(context.layer.start)
            let base = start &+ STUNMessage.headerLength
            var attributes = message.attributes
            while let attribute = attributes.next() {
                let range = attribute.value.lowerBound &+ base..<attribute.value.upperBound &+ base
                if let value = read(attribute.type, range, context.record, start) { values.append(value) }
            }
        }
    }

    private static func address(
        _ name: String, _ type: FieldType, _ meaning: String, _ read: @escaping @Sendable (STUNAddress) -> FieldValue?
    ) -> FieldDefinition {
        each(name, type, meaning) { type, value, record, message in
            guard let masked = STUNAddress.isMasked(type),
                let found = STUNAddress(record, value, xorWith: masked ? message : nil)
            else {
                return nil
            }
            return read(found)
        }
    }

    private static func text(_ wanted: UInt16, _ name: String, _ meaning: String) -> FieldDefinition {
        each(name, .text, meaning) { type, value, _, _ in type == wanted && !value.isEmpty ? .text(value) : nil }
    }

    private static func maskedClassName(_ bits: UInt64) -> StaticString? { className(bits >> 3 & 2 | bits & 1) }

    static func className(_ number: UInt64) -> StaticString? {
        switch number {
        case 0: "Request"
        case 1: "Indication"
        case 2: "Success Response"
        default: "Error Response"
        }
    }

    static func methodName(_ number: UInt64) -> StaticString? {
        switch number {
        case 1: "Binding"
        case 3: "Allocate"
        case 4: "Refresh"
        case 6: "Send"
        case 7: "Data"
        case 8: "CreatePermission"
        case 9: "ChannelBind"
        default: nil
        }
    }

    private static func attributeName(_ number: UInt64) -> StaticString? {
        switch number {
        case 0x0001: "MAPPED-ADDRESS"
        case 0x0006: "USERNAME"
        case 0x0008: "MESSAGE-INTEGRITY"
        case 0x0009: "ERROR-CODE"
        case 0x000a: "UNKNOWN-ATTRIBUTES"
        case 0x0014: "REALM"
        case 0x0015: "NONCE"
        case 0x001c: "MESSAGE-INTEGRITY-SHA256"
        case 0x0020: "XOR-MAPPED-ADDRESS"
        case 0x0024: "PRIORITY"
        case 0x0025: "USE-CANDIDATE"
        case 0x8022: "SOFTWARE"
        case 0x8023: "ALTERNATE-SERVER"
        case 0x8028: "FINGERPRINT"
        case 0x8029: "ICE-CONTROLLED"
        case 0x802a: "ICE-CONTROLLING"
        default: nil
        }
    }
}

/// `STUN Binding Request`, `STUN Binding Success Response 192.0.2.1:32853`.
enum STUNSummary {
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("STUN")
        guard let message = try? STUNMessage(record.extracting(layer.range)) else { return }
        text.append(ascii: 32)
        if let name = STUNFields.methodName(UInt64(message.method)) {
            text.append(name)
        } else {
            text.append("method ")
            text.append(decimal: UInt64(message.method))
        }
        text.append(ascii: 32)
        text.append(STUNFields.className(UInt64(message.messageClass.rawValue)) ?? "")
        let base = Int(layer.start) &+ STUNMessage.headerLength
        var attributes = message.attributes
        while let attribute = attributes.next() {
            guard attribute.type == 0x0020 || attribute.type == 0x0001 else { continue }
            let range = attribute.value.lowerBound &+ base..<attribute.value.upperBound &+ base
            guard let found = STUNAddress(record, range, xorWith: attribute.type == 0x0020 ? Int(layer.start) : nil)
            else { continue }
            text.append(ascii: 32)
            Endpoint(found.address, found.port).write(to: &text)
            return
        }
    }
}
