/// The fields of a TFTP message.
enum TFTPFields {
    static let all: [FieldDefinition] = [
        .at(0, "tftp.opcode", .unsigned(bits: 16), "Opcode", valueName: opcode),
        string("tftp.source_file", "File to read") { $0.opcode == 1 ? 0 : nil },
        string("tftp.destination_file", "File to write") { $0.opcode == 2 ? 0 : nil },
        string("tftp.type", "Mode") { $0.isRequest ? 1 : nil },
        number("tftp.block", "Block") { $0.block },
        number("tftp.error.code", "Error code", valueName: errorCode) { $0.errorCode },
        string("tftp.error.message", "Error message") { $0.opcode == 5 ? 0 : nil },
        option("tftp.option.name", "Option", isValue: false),
        option("tftp.option.value", "Its value", isValue: true),
    ]

    /// RFC 1350 section 5 and RFC 2347.
    @Sendable static func opcode(_ number: UInt64) -> StaticString? {
        switch number {
        case 1: "Read Request"
        case 2: "Write Request"
        case 3: "Data Packet"
        case 4: "Acknowledgement"
        case 5: "Error Code"
        case 6: "Option Acknowledgement"
        default: nil
        }
    }

    /// RFC 1350 appendix I and RFC 2347.
    @Sendable static func errorCode(_ number: UInt64) -> StaticString? {
        switch number {
        case 0: "Not defined"
        case 1: "File not found"
        case 2: "Access violation"
        case 3: "Disk full or allocation exceeded"
        case 4: "Illegal TFTP Operation"
        case 5: "Unknown transfer ID"
        case 6: "File already exists"
        case 7: "No such user"
        case 8: "Option negotiation failed"
        default: nil
        }
    }

    private static func number(
        _ name: String, _ meaning: String, valueName: ValueName? = nil,
        _ read: @escaping @Sendable (borrowing TFTPMessage) -> UInt16?
    ) -> FieldDefinition {
        FieldDefinition(name, .unsigned(bits: 16), meaning, valueName: valueName) { context, values in
            guard let message = TFTPMessage(context.bytes), let number = read(message) else { return }
            values.append(.unsigned(UInt64(number)))
        }
    }

    /// One of the strings by its place.
    private static func string(
        _ name: String, _ meaning: String, _ place: @escaping @Sendable (borrowing TFTPMessage) -> Int?
    ) -> FieldDefinition {
        FieldDefinition(name, .text, meaning) { context, values in
            guard let message = TFTPMessage(context.bytes), let number = place(message) else { return }
            var strings = message.strings
            for _ in 0..<number { _ = strings.next(message.bytes) }
            guard let range = strings.next(message.bytes) else { return }
            values.append(text(range, context.layer))
        }
    }

    /// The names of all options, or their values.
    private static func option(_ name: String, _ meaning: String, isValue: Bool) -> FieldDefinition {
        FieldDefinition(name, .text, meaning) { context, values in
            guard let message = TFTPMessage(context.bytes) else { return }
            var options = message.options
            while let option = options.next(message.bytes) {
                let value = options.next(message.bytes)
                if let range = isValue ? value : option { values.append(text(range, context.layer)) }
            }
        }
    }

    private static func text(_ range: Range<Int>, _ layer: LayerRange) -> FieldValue {
        .text(Int(layer.start) &+ range.lowerBound..<Int(layer.start) &+ range.upperBound)
    }
}
