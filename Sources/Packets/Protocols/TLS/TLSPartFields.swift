/// The parts of a TLS segment as fields that are merely there: for filters such as `tls.handshake and not
/// tls.alert_message`.
enum TLSPartFields {
    static let all: [FieldDefinition] = [
        part("tls.record", "A record") { _ in true },
        part("tls.change_cipher_spec", "Change Cipher Spec") { $0.contentType == 20 },
        part("tls.alert_message", "An alert, encrypted or not") { $0.contentType == 21 },
        FieldDefinition("tls.handshake", .presence, "A handshake message, encrypted or not") { context, values in
            var records = TLSRecords(context.record, context.layer)
            var isEncrypted = false
            while let record = records.next(context.record) {
                if record.contentType == 20 { isEncrypted = true }
                guard record.contentType == 22 else { continue }
                let count = values.count
                var messages = TLSHandshakes(record)
                while !isEncrypted, messages.next(context.record) != nil { values.append(.bytes(start: 0, end: 0)) }
                // What is encrypted counts as one.
                if values.count == count { values.append(.bytes(start: 0, end: 0)) }
            }
        }.hidden,
    ]

    private static func part(
        _ name: String, _ meaning: String, _ isMeant: @escaping @Sendable (TLSRecords.Record) -> Bool
    ) -> FieldDefinition {
        FieldDefinition(name, .presence, meaning) { context, values in
            var records = TLSRecords(context.record, context.layer)
            while let record = records.next(context.record) {
                if isMeant(record) { values.append(.bytes(start: 0, end: 0)) }
            }
        }.hidden
    }
}
