import Text

extension ProtocolDescription {
    static let snmp = ProtocolDescription(
        .snmp, "snmp", "Simple Network Management Protocol", role: .application,
        attachments: [.udpPort(161, 162, accepts: SNMPMessage.isLikely)],
        dissect: { CommandLines.dissect(.snmp, $0, &$1, &$2) },
        asks: { message in
            switch SNMPMessage(0..<message.byteCount, of: message)?.operation {
            case 0, 1, 3, 5, 6: true
            case 2, 8: false
            default: nil
            }
        },
        fields: SNMPFields.all,
        line: .words(SNMPFields.summarize))
}

enum SNMPFields {
    static let all: [FieldDefinition] = [
        field("snmp.version", .signed(bits: 32), "Version", valueName: versionName) { .signed($0.version) },
        field("snmp.community", .text, "Community") { $0.community.map { .text($0) } },
        field("snmp.data", .unsigned(bits: 32), "What it is", valueName: operationName) {
            $0.operation.map { .unsigned(UInt64($0)) }
        },
        field("snmp.request_id", .signed(bits: 32), "Request") { $0.requestID.map { .signed($0) } },
        field("snmp.error_status", .signed(bits: 32), "Error status", valueName: errorName) {
            // In a bulk request the two numbers say how much is asked for (RFC 3416 section 4.2.3).
            $0.operation == 5 ? nil : $0.errorStatus.map { .signed($0) }
        },
        field("snmp.error_index", .signed(bits: 32), "Index of the variable in error") {
            $0.operation == 5 ? nil : $0.errorIndex.map { .signed($0) }
        },
        FieldDefinition("snmp.variable_bindings", .unsigned(bits: 32), "How many variables") { context, values in
            guard let list = SNMPMessage(context.layer.range, of: context.record)?.bindings else { return }
            var place = list.lowerBound
            var count: UInt64 = 0
            while let value = BERValue(at: place, list.upperBound, context.record) {
                count &+= 1
                place = value.content.upperBound
            }
            values.append(.unsigned(count))
        },
    ]

    private static func field(
        _ name: String, _ type: FieldType, _ meaning: String, valueName: ValueName? = nil,
        _ read: @escaping @Sendable (SNMPMessage) -> FieldValue?
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning, valueName: valueName) { context, values in
            guard let message = SNMPMessage(context.layer.range, of: context.record) else { return }
            if let value = read(message) { values.append(value) }
        }
    }

    private static let versionName: ValueName = { number in
        switch number {
        case 0: "version-1"
        case 1: "v2c"
        case 3: "snmpv3"
        default: nil
        }
    }

    /// RFC 3416 section 3, in Wireshark's words.
    private static let operationName: ValueName = { number in
        switch number {
        case 0: "get-request"
        case 1: "get-next-request"
        case 2: "get-response"
        case 3: "set-request"
        case 4: "trap"
        case 5: "getBulkRequest"
        case 6: "informRequest"
        case 7: "snmpV2-trap"
        case 8: "report"
        default: nil
        }
    }

    /// RFC 3416 section 3.
    private static let errorName: ValueName = { number in
        switch number {
        case 0: "noError"
        case 1: "tooBig"
        case 2: "noSuchName"
        case 3: "badValue"
        case 4: "readOnly"
        case 5: "genErr"
        case 6: "noAccess"
        default: nil
        }
    }

    /// `SNMP v2c get-request "public" 1.3.6.1.2.1.1.1.0`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("SNMP ")
        guard let message = SNMPMessage(layer.range, of: record) else { return }
        text.append(message.version == 0 ? "v1" : message.version == 1 ? "v2c" : "v3")
        guard let operation = message.operation else { return }
        text.append(ascii: 32)
        text.append(operationName(UInt64(operation)) ?? "")
        if let community = message.community {
            text.append(" \"")
            text.append(escaping: community, of: record, limit: 40)
            text.append(ascii: 34)
        }
        guard let list = message.bindings else { return }
        var place = list.lowerBound
        var written = 0
        while let binding = BERValue(at: place, list.upperBound, record) {
            place = binding.content.upperBound
            if written == 4 { return text.append(", …") }
            guard let name = BERValue(at: binding.content.lowerBound, binding.content.upperBound, record), name.tag == 6
            else { continue }
            text.append(written == 0 ? " " : ", ")
            written &+= 1
            write(identifier: name.content, record, into: &text)
        }
    }

    /// An object identifier: seven bits a byte, the first two numbers in one (ITU-T X.690 section 8.19).
    private static func write(identifier: Range<Int>, _ record: RawSpan, into text: inout SummaryText) {
        var number: UInt64 = 0
        var isFirst = true
        for place in identifier.prefix(64) {
            let byte = record.uint8(at: place)
            number = (number & 0x00ff_ffff_ffff_ffff) << 7 | UInt64(byte & 0x7f)
            guard byte & 0x80 == 0 else { continue }
            if isFirst {
                let top = min(number / 40, 2)
                text.append(decimal: top)
                number &-= top &* 40
            }
            isFirst = false
            text.append(ascii: 46)
            text.append(decimal: number)
            number = 0
        }
    }
}
