import Addressing
import Text

/// The fields of DNS, of multicast DNS and of LLMNR: one list under the names that Wireshark gives to all of them.
enum DNSFields {
    static let all = ProtocolFields(.dns, "dns", "Domain Name System", fields(), parts: DNSParts.shown)
    static let multicast = ProtocolFields(
        .mdns, "mdns", "Multicast Domain Name System", fields(payloadSize: .hex(bits: 16)), parts: DNSParts.shown)
    static let linkLocal = ProtocolFields(
        .llmnr, "llmnr", "Link-local Multicast Name Resolution", fields(), parts: DNSParts.shown)

    /// The list; Wireshark shows the payload size of EDNS in decimal, but in multicast DNS in hexadecimal.
    private static func fields(payloadSize: FieldType = .unsigned(bits: 16)) -> [FieldDefinition] {
        let size = record("dns.rr.udp_payload_size", payloadSize, "UDP payload that fits") { message, record in
            record.type == .opt ? .unsigned(UInt64(record.classNumber & (message.isMulticast ? 0x7fff : 0xffff))) : nil
        }
        return header + counts + questions + records + addresses + names + texts + [size] + extensions + exchange
    }

    // MARK: How a field reads

    /// A field read from each message of the layer.
    private static func message(
        _ name: String, _ type: FieldType, _ meaning: String, valueName: ValueName? = nil,
        _ read: @escaping @Sendable (borrowing DNSMessage, inout FieldValues) -> Void
    ) -> FieldDefinition {
        .inParts(DNSParts.messages, foundBy: DNSParts.find, name, type, meaning, valueName: valueName) {
            context, part, values in
            if let message = DNSParts.message(part, context) { read(message, &values) }
        }
    }

    private static func flag(
        _ name: String, _ meaning: String, _ bit: UInt16,
        when: @escaping @Sendable (borrowing DNSMessage) -> Bool = { _ in true }
    ) -> FieldDefinition {
        message(name, .boolean, meaning) { message, values in
            if when(message) { values.append(.boolean(message.flags & bit != 0)) }
        }
    }

    /// One of the four counts; in an update the first three have other names (RFC 2136 section 2).
    private static func count(_ name: String, _ meaning: String, _ section: Int, inUpdates: Bool? = nil)
        -> FieldDefinition
    {
        message(name, .unsigned(bits: 16), meaning) { message, values in
            if let inUpdates, message.isUpdate != inUpdates { return }
            if let count = message.count(section) { values.append(.unsigned(UInt64(count))) }
        }
    }

    private static func question(
        _ name: String, _ type: FieldType, _ meaning: String, valueName: ValueName? = nil,
        _ read: @escaping @Sendable (borrowing DNSMessage, DNSQuestion) -> FieldValue?
    ) -> FieldDefinition {
        FieldDefinition.inParts(
            DNSParts.questions, foundBy: DNSParts.find, name, type, meaning, valueName: valueName
        ) { context, part, values in
            guard let message = DNSParts.message(part, context) else { return }
            if let value = read(message, DNSParts.question(part, context.record)) { values.append(value) }
        }.ofPart
    }

    // MARK: Exchanges

    /// What is known from the packets before: see `TransportFacts`.
    private static let exchange: [FieldDefinition] = [
        fact("dns.response_to", .unsigned(bits: 32), "Answers the query in packet") {
            $0.dns.query == 0 ? nil : .unsigned(UInt64($0.dns.query))
        },
        fact("dns.time", .duration, "From that query to this answer") {
            $0.dns.query == 0 ? nil : .duration(nanoseconds: $0.dns.time)
        },
        fact("dns.retransmission", .boolean, "Sent before") { $0.dns.isRepeated ? .boolean(true) : nil },
    ]

    private static func fact(
        _ name: String, _ type: FieldType, _ meaning: String,
        _ read: @escaping @Sendable (borrowing TransportFacts) -> FieldValue?
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning, needs: .analysis) { context, values in
            guard context.facts.transport.dns.layer == context.layer.start else { return }
            if let value = read(context.facts.transport) { values.append(value) }
        }
    }

    // MARK: Header

    private static let header: [FieldDefinition] = [
        .inParts(
            DNSParts.messages, foundBy: DNSParts.find, "dns.length", .unsigned(bits: 16),
            "Length before the message (TCP)"
        ) { context, part, values in
            guard context.layer.hasLengthPrefix else { return }
            values.append(.unsigned(UInt64(context.record.uint16(at: part.start &- 2))))
        },
        message("dns.id", .hex(bits: 16), "Transaction identifier") { $1.append(.unsigned(UInt64($0.identifier))) },
        message("dns.flags", .hex(bits: 16), "Flags") { $1.append(.unsigned(UInt64($0.flags))) },
        flag("dns.flags.response", "Response", 0x8000),
        message("dns.flags.opcode", .unsigned(bits: 4), "Operation", valueName: DNSNames.opcode) {
            $1.append(.unsigned(UInt64($0.opcode)))
        },
        flag("dns.flags.authoritative", "Authoritative answer", 0x0400) { $0.isResponse && !$0.isLinkLocal },
        flag("dns.flags.conflict", "Name claimed by several", 0x0400) { $0.isLinkLocal },
        flag("dns.flags.truncated", "Truncated", 0x0200),
        flag("dns.flags.recdesired", "Recursion desired", 0x0100) { !$0.isLinkLocal },
        flag("dns.flags.tentative", "Name not yet verified", 0x0100) { $0.isLinkLocal },
        flag("dns.flags.recavail", "Recursion available", 0x0080) { $0.isResponse && !$0.isLinkLocal },
        flag("dns.flags.z", "Reserved", 0x0040) { !$0.isLinkLocal },
        flag("dns.flags.authenticated", "Answer authenticated", 0x0020) { message in
            guard !message.isLinkLocal else { return false }
            return message.isResponse || message.flags & 0x0020 != 0
        },
        flag("dns.flags.checkdisable", "Checking disabled", 0x0010) { !$0.isLinkLocal },
        message("dns.flags.rcode", .unsigned(bits: 4), "Response code", valueName: DNSNames.responseCode) {
            if $0.isResponse { $1.append(.unsigned(UInt64($0.responseCode))) }
        },
    ]

    private static let counts: [FieldDefinition] = [
        count("dns.count.queries", "Questions", 0, inUpdates: false),
        count("dns.count.zones", "Zones", 0, inUpdates: true),
        count("dns.count.answers", "Answers", 1, inUpdates: false),
        count("dns.count.prerequisites", "Prerequisites", 1, inUpdates: true),
        count("dns.count.auth_rr", "Authority records", 2, inUpdates: false),
        count("dns.count.updates", "Updates", 2, inUpdates: true),
        count("dns.count.add_rr", "Additional records", 3),
    ]

    private static let questions: [FieldDefinition] = [
        question("dns.qry.name", .text, "Name asked for") { $0.nameValue(at: $1.name) },
        question("dns.qry.name.len", .unsigned(bits: 16), "Characters of the name") {
            spelling($0, $1.name).map { .unsigned($0.characters) }
        }.hidden,
        question("dns.count.labels", .unsigned(bits: 16), "Labels of the name") {
            // A name of one character counts none, as in Wireshark.
            spelling($0, $1.name).map { .unsigned($0.characters < 2 ? 0 : $0.dots + 1) }
        }.hidden,
        question("dns.qry.type", .unsigned(bits: 16), "Type asked for", valueName: DNSNames.type) {
            .unsigned(UInt64($1.type.rawValue))
        },
        question("dns.qry.class", .hex(bits: 16), "Class asked for", valueName: DNSNames.recordClass) {
            message, question in
            .unsigned(UInt64(question.classNumber & (message.isMulticast ? 0x7fff : 0xffff)))
        },
        question("dns.qry.qu", .boolean, "Unicast answer wanted") { message, question in
            message.isMulticast ? .boolean(question.classNumber & 0x8000 != 0) : nil
        },
    ]

    /// A name as it is shown, measured.
    private static func spelling(_ message: borrowing DNSMessage, _ offset: Int) -> SpellingCounter? {
        guard let name = message.name(at: offset) else { return nil }
        var counter = SpellingCounter()
        name.write(message.record, to: &counter)
        return counter
    }

    /// Counts what is written into it.
    private struct SpellingCounter: TextSink {
        var characters: UInt64 = 0
        var dots: UInt64 = 0

        mutating func append(ascii byte: UInt8) {
            characters &+= 1
            if byte == UInt8(ascii: ".") { dots &+= 1 }
        }
    }
}
