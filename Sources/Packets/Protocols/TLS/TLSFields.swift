import Addressing
import Text

/// The fields of TLS records and of the handshake messages that are sent in the clear.
enum TLSFields {
    static let all = ProtocolFields(
        .tls, "tls", "Transport Layer Security",
        records + handshakes + hellos + extensions + TLSPartFields.all
            + X509Fields.all(in: TLSCertificates.forEach))

    // MARK: How a field reads

    private static func record(
        _ name: String, _ type: FieldType, _ meaning: String, valueName: ValueName? = nil,
        _ read: @escaping @Sendable (TLSRecords.Record, borrowing RawSpan) -> FieldValue?
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning, valueName: valueName) { context, values in
            var records = TLSRecords(context.record, context.layer)
            while let record = records.next(context.record) {
                if let value = read(record, context.record) { values.append(value) }
            }
        }
    }

    /// A field read from each handshake message, up to the Change Cipher Spec of its direction in this segment: what
    /// follows it is encrypted.
    private static func handshake(
        _ name: String, _ type: FieldType, _ meaning: String, valueName: ValueName? = nil,
        _ read: @escaping @Sendable (TLSHandshakes.Message, borrowing RawSpan, inout FieldValues) -> Void
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning, valueName: valueName) { context, values in
            var records = TLSRecords(context.record, context.layer)
            while let record = records.next(context.record), record.contentType != 20 {
                var messages = TLSHandshakes(record)
                while let message = messages.next(context.record) { read(message, context.record, &values) }
            }
        }
    }

    private static func hello(
        _ name: String, _ type: FieldType, _ meaning: String, valueName: ValueName? = nil,
        _ read: @escaping @Sendable (TLSHello, borrowing RawSpan, inout FieldValues) -> Void
    ) -> FieldDefinition {
        handshake(name, type, meaning, valueName: valueName) { message, bytes, values in
            if let hello = TLSHello(bytes, message) { read(hello, bytes, &values) }
        }
    }

    /// A field read from the data of one kind of extension.
    private static func inExtension(
        _ wanted: UInt16, _ name: String, _ type: FieldType, _ meaning: String,
        valueName: ValueName? = nil,
        _ read: @escaping @Sendable (TLSHello, Range<Int>, borrowing RawSpan, inout FieldValues) -> Void
    ) -> FieldDefinition {
        hello(name, type, meaning, valueName: valueName) { hello, bytes, values in
            var walk = hello.allExtensions
            while let found = walk.next(bytes) {
                if found.type == wanted { read(hello, found.data, bytes, &values) }
            }
        }
    }

    // MARK: Records

    private static let records: [FieldDefinition] = [
        contentType("tls.record.content_type", "Content type", hidden: false),
        contentType("tls.record.opaque_type", "Content type that hides the real one", hidden: true),
        record("tls.record.version", .hex(bits: 16), "Version", valueName: TLSNames.version) { record, _ in
            .unsigned(UInt64(record.version))
        },
        record("tls.record.length", .unsigned(bits: 16), "Length") { record, _ in .unsigned(UInt64(record.length)) },
        record("tls.app_data", .bytes, "Encrypted application data") { record, _ in
            record.contentType == 23 && !record.continues && !record.fragment.isEmpty ? .bytes(record.fragment) : nil
        },
        record("tls.alert_message.level", .unsigned(bits: 8), "Alert level", valueName: TLSNames.alertLevel) {
            record, bytes in
            plainAlert(record) ? .unsigned(UInt64(bytes.uint8(at: record.fragment.lowerBound))) : nil
        },
        record("tls.alert_message.desc", .unsigned(bits: 8), "Alert", valueName: TLSNames.alert) { record, bytes in
            plainAlert(record) ? .unsigned(UInt64(bytes.uint8(at: record.fragment.lowerBound &+ 1))) : nil
        },
    ]

    /// The type that a record shows: under TLS 1.3 "application data" says nothing and has a name of its own.
    private static func contentType(_ name: String, _ meaning: String, hidden: Bool) -> FieldDefinition {
        FieldDefinition(name, .unsigned(bits: 8), meaning, valueName: TLSNames.contentType, needs: .analysis) {
            context, values in
            var hides = context.facts.transport.tls.hidesTypes
            var records = TLSRecords(context.record, context.layer)
            while let record = records.next(context.record) {
                if hidden == (hides && record.contentType == TLSNegotiation.applicationData) {
                    values.append(.unsigned(UInt64(record.contentType)))
                }
                if !hides, TLSNegotiation.choosesVersion13(record, context.record) { hides = true }
            }
        }
    }

    /// An alert has two bytes; a longer one is encrypted.
    static func plainAlert(_ record: TLSRecords.Record) -> Bool {
        record.contentType == 21 && record.length == 2 && record.fragment.count == 2
    }

    // MARK: Handshake

    private static let handshakes: [FieldDefinition] = [
        handshake("tls.handshake.type", .unsigned(bits: 8), "Handshake message", valueName: TLSNames.handshake) {
            message, _, values in
            values.append(.unsigned(UInt64(message.type)))
        },
        handshake("tls.handshake.length", .unsigned(bits: 24), "Length") { message, _, values in
            values.append(.unsigned(UInt64(message.length)))
        },
    ]

    private static let hellos: [FieldDefinition] = [
        hello("tls.handshake.version", .hex(bits: 16), "Version", valueName: TLSNames.version) { hello, _, values in
            values.append(.unsigned(UInt64(hello.version)))
        },
        hello("tls.handshake.random", .bytes, "Random") { hello, _, values in values.append(.bytes(hello.random)) },
        hello("tls.handshake.ciphersuite", .hex(bits: 16), "Cipher suite") { hello, bytes, values in
            for position in stride(from: hello.cipherSuites.lowerBound, to: hello.cipherSuites.upperBound &- 1, by: 2) {
                values.append(.unsigned(UInt64(bytes.uint16(at: position))))
            }
        },
        hello("tls.handshake.random_time", .date, "Time that the random bytes begin with, if they do") {
            hello, bytes, values in
            // TLS 1.3 has no time there: a server that chose it is known by its hello.
            guard hello.isClient || hello.supportedVersion(bytes) == nil else { return }
            values.append(.time(Timestamp(seconds: Int64(bytes.uint32(at: hello.random.lowerBound)), nanoseconds: 0)))
        }.hidden,
        hello("tls.handshake.random_bytes", .bytes, "Random bytes behind that time") { hello, bytes, values in
            guard hello.isClient || hello.supportedVersion(bytes) == nil else { return }
            values.append(.bytes(hello.random.lowerBound &+ 4..<hello.random.upperBound))
        }.hidden,
        hello("tls.handshake.session_id_length", .unsigned(bits: 16), "Session identifier's length") {
            hello, _, values in
            if let session = hello.session { values.append(.unsigned(UInt64(session.count))) }
        },
        hello("tls.handshake.session_id", .bytes, "Session identifier") { hello, _, values in
            if let session = hello.session, !session.isEmpty { values.append(.bytes(session)) }
        },
        hello("tls.handshake.cipher_suites_length", .unsigned(bits: 16), "Cipher suites' length") { hello, _, values in
            if let length = hello.cipherSuitesLength { values.append(.unsigned(UInt64(length))) }
        },
        hello("tls.handshake.comp_methods_length", .unsigned(bits: 8), "Compression methods' length") {
            hello, _, values in
            if let length = hello.compressionsLength { values.append(.unsigned(UInt64(length))) }
        },
        hello("tls.handshake.comp_method", .unsigned(bits: 8), "Compression method") { hello, bytes, values in
            for position in hello.compressions { values.append(.unsigned(UInt64(bytes.uint8(at: position)))) }
        },
        hello("tls.handshake.extensions_length", .unsigned(bits: 16), "Extensions' length") { hello, _, values in
            if let length = hello.extensionsLength { values.append(.unsigned(UInt64(length))) }
        },
    ]

    // MARK: Extensions

    private static let extensions: [FieldDefinition] = [
        hello("tls.handshake.extension.type", .unsigned(bits: 16), "Extension") { hello, bytes, values in
            var walk = hello.allExtensions
            while let found = walk.next(bytes) { values.append(.unsigned(UInt64(found.type))) }
        },
        hello("tls.handshake.extension.len", .unsigned(bits: 16), "Extension length") { hello, bytes, values in
            var walk = hello.allExtensions
            while let found = walk.next(bytes) { values.append(.unsigned(UInt64(found.length))) }
        },
        hello("tls.handshake.extensions_server_name", .text, "Server name") { hello, bytes, values in
            if let name = hello.serverName(bytes) { values.append(.text(name)) }
        },
        // ALPN (RFC 7301): a list of names, each with its length.
        inExtension(16, "tls.handshake.extensions_alpn_str", .text, "Application protocol") { _, data, bytes, values in
            var position = data.lowerBound &+ 2
            while position < data.upperBound {
                let name = position &+ 1..<position &+ 1 &+ Int(bytes.uint8(at: position))
                guard name.upperBound <= data.upperBound else { return }
                values.append(.text(name))
                position = name.upperBound
            }
        },
        inExtension(
            43, "tls.handshake.extensions.supported_version", .hex(bits: 16), "Version supported",
            valueName: TLSNames.version
        ) { hello, data, bytes, values in
            var position = data.lowerBound &+ (hello.isClient ? 1 : 0)
            while position &+ 2 <= data.upperBound {
                values.append(.unsigned(UInt64(bytes.uint16(at: position))))
                position &+= 2
            }
        },
        inExtension(13, "tls.handshake.sig_hash_alg", .hex(bits: 16), "Signature algorithm") { _, data, bytes, values in
            var position = data.lowerBound &+ 2
            while position &+ 2 <= data.upperBound {
                values.append(.unsigned(UInt64(bytes.uint16(at: position))))
                position &+= 2
            }
        },
        // A client offers several keys, a server answers with one (RFC 8446 section 4.2.8).
        inExtension(51, "tls.handshake.extensions_key_share_group", .unsigned(bits: 16), "Group of a key share") {
            hello, data, bytes, values in
            var position = data.lowerBound &+ (hello.isClient ? 2 : 0)
            while position &+ 4 <= data.upperBound {
                values.append(.unsigned(UInt64(bytes.uint16(at: position))))
                position &+= 4 &+ Int(bytes.uint16(at: position &+ 2))
            }
        },
        inExtension(10, "tls.handshake.extensions_supported_group", .hex(bits: 16), "Group supported") {
            _, data, bytes, values in
            var position = data.lowerBound &+ 2
            while position &+ 2 <= data.upperBound {
                values.append(.unsigned(UInt64(bytes.uint16(at: position))))
                position &+= 2
            }
        },
    ]
}

/// `TLS Client Hello (SNI example.com)`, `TLS Server Hello, Certificate`, `TLS Application Data`, `TLS continuation`.
enum TLSSummary {
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("TLS")
        var records = TLSRecords(record, layer)
        var shown = 0
        var encrypted = false
        while let found = records.next(record) {
            guard shown < 6 else {
                text.append(" …")
                return
            }
            switch found.contentType {
            case 22 where !encrypted:
                var messages = TLSHandshakes(found)
                var first = true
                while shown < 6, let message = messages.next(record) {
                    separate(&shown, &text)
                    text.append(TLSNames.handshake(UInt64(message.type)) ?? "Handshake")
                    if let hello = TLSHello(record, message) { describe(hello, record, into: &text) }
                    first = false
                }
                if first, found.messages == found.fragment {
                    separate(&shown, &text)
                    text.append(found.fragment.count < 4 ? "Handshake" : "Encrypted Handshake Message")
                }
            case 22:
                separate(&shown, &text)
                text.append("Encrypted Handshake Message")
            case 21:
                separate(&shown, &text)
                if TLSFields.plainAlert(found) {
                    text.append("Alert ")
                    let number = record.uint8(at: found.fragment.lowerBound &+ 1)
                    text.append(TLSNames.alert(UInt64(number)) ?? "unknown")
                } else {
                    text.append("Encrypted Alert")
                }
            default:
                separate(&shown, &text)
                text.append(TLSNames.contentType(UInt64(found.contentType)) ?? "record")
                if found.contentType == 20 { encrypted = true }
            }
            if found.continues { text.append(" (continues)") }
        }
        if shown == 0 { text.append(" continuation") }
    }

    private static func separate(_ shown: inout Int, _ text: inout SummaryText) {
        text.append(shown == 0 ? " " : ", ")
        shown &+= 1
    }

    private static func describe(_ hello: TLSHello, _ record: RawSpan, into text: inout SummaryText) {
        if let name = hello.serverName(record) {
            text.append(" (SNI ")
            text.append(escaping: name, of: record, limit: 100)
            text.append(ascii: 41)
        } else if !hello.isClient,
            let version = TLSNames.version(UInt64(hello.supportedVersion(record) ?? hello.version))
        {
            text.append(" (")
            text.append(version)
            text.append(ascii: 41)
        }
    }
}
