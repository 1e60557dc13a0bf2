import Addressing

/// The fields of resource records: owner, type, time to live, and the data of the types that people look at.
extension DNSFields {
    static func record(
        _ name: String, _ type: FieldType, _ meaning: String, valueName: ValueName? = nil,
        _ read: @escaping @Sendable (borrowing DNSMessage, DNSResourceRecord) -> FieldValue?
    ) -> FieldDefinition {
        eachRecord(name, type, meaning, valueName: valueName) { message, record, values in
            if let value = read(message, record) { values.append(value) }
        }
    }

    /// The same for any number of values a record.
    private static func eachRecord(
        _ name: String, _ type: FieldType, _ meaning: String, valueName: ValueName? = nil,
        _ read: @escaping @Sendable (borrowing DNSMessage, DNSResourceRecord, inout FieldValues) -> Void
    ) -> FieldDefinition {
        FieldDefinition.inParts(
            DNSParts.records, foundBy: DNSParts.find, name, type, meaning, valueName: valueName
        ) { context, part, values in
            guard let message = DNSParts.message(part, context) else { return }
            read(message, DNSParts.record(part, context.record), &values)
        }.ofPart
    }

    /// The domain name in the data of one type of record.
    private static func nameIn(_ type: DNSType, _ name: String, _ meaning: String) -> FieldDefinition {
        let skipped = type.bytesBeforeName ?? 0
        return record(name, .text, meaning) { message, record in
            record.type == type && !record.data.isEmpty ? message.nameValue(at: record.data.lowerBound &+ skipped) : nil
        }
    }

    /// A number of two bytes in the data of one type of record.
    private static func numberIn(_ type: DNSType, at offset: Int, _ name: String, _ meaning: String) -> FieldDefinition
    {
        record(name, .unsigned(bits: 16), meaning) { message, record in
            let start = record.data.lowerBound &+ offset
            guard record.type == type, !record.data.isEmpty, start &+ 2 <= message.end else { return nil }
            return .unsigned(UInt64(message.record.uint16(at: start)))
        }
    }

    static let records: [FieldDefinition] = [
        record("dns.resp.name", .text, "Name") { message, record in
            // The owner of an SRV record is shown in three parts instead.
            record.type == .srv ? nil : message.nameValue(at: record.name)
        },
        record("dns.srv.service", .text, "Service") { DNSServiceName($0, $1)?.service },
        record("dns.srv.proto", .text, "Protocol") { DNSServiceName($0, $1)?.transport },
        record("dns.srv.name", .text, "Domain of the service") { DNSServiceName($0, $1)?.domain },
        record("dns.resp.type", .unsigned(bits: 16), "Type", valueName: DNSNames.type) {
            .unsigned(UInt64($1.type.rawValue))
        },
        record("dns.resp.class", .hex(bits: 16), "Class", valueName: DNSNames.recordClass) { message, record in
            record.type == .opt ? nil : .unsigned(UInt64(record.classNumber & (message.isMulticast ? 0x7fff : 0xffff)))
        },
        record("dns.resp.cache_flush", .boolean, "Replaces what was cached") { message, record in
            message.isMulticast ? .boolean(record.classNumber & 0x8000 != 0) : nil
        },
        record("dns.resp.ttl", .unsigned(bits: 32), "Time to live in seconds") { _, record in
            record.type == .opt ? nil : .unsigned(UInt64(record.timeToLive))
        },
        record("dns.resp.len", .unsigned(bits: 16), "Data length") { .unsigned(UInt64($1.data.count)) },
    ]

    static let addresses: [FieldDefinition] = [
        record("dns.a", .ipv4, "IPv4 address") { message, record in
            guard record.type == .a, !record.data.isEmpty, record.data.lowerBound &+ 4 <= message.end else {
                return nil
            }
            return .ipv4(message.record.ipv4Address(at: record.data.lowerBound))
        },
        record("dns.aaaa", .ipv6, "IPv6 address") { message, record in
            guard record.type == .aaaa, !record.data.isEmpty, record.data.lowerBound &+ 16 <= message.end else {
                return nil
            }
            return .ipv6(message.record.ipv6Address(at: record.data.lowerBound))
        },
    ]

    static let names: [FieldDefinition] = [
        nameIn(.ns, "dns.ns", "Name server"),
        nameIn(.cname, "dns.cname", "Canonical name"),
        nameIn(.ptr, "dns.ptr.domain_name", "Name pointed to"),
        nameIn(.dname, "dns.dname", "Redirected subtree"),
        numberIn(.mx, at: 0, "dns.mx.preference", "Preference"),
        nameIn(.mx, "dns.mx.mail_exchange", "Mail exchange"),
        numberIn(.srv, at: 0, "dns.srv.priority", "Priority"),
        numberIn(.srv, at: 2, "dns.srv.weight", "Weight"),
        numberIn(.srv, at: 4, "dns.srv.port", "Port"),
        nameIn(.srv, "dns.srv.target", "Target"),
        nameIn(.soa, "dns.soa.mname", "Primary name server"),
        record("dns.soa.rname", .text, "Responsible mailbox") { DNSStartOfAuthority($0, $1)?.mailbox },
        authority("dns.soa.serial_number", "Serial number", 0),
        authority("dns.soa.refresh_interval", "Refresh interval", 1),
        authority("dns.soa.retry_interval", "Retry interval", 2),
        authority("dns.soa.expire_limit", "Expiry", 3),
        authority("dns.soa.minimum_ttl", "Time to live of negative answers", 4),
        nameIn(.nsec, "dns.nsec.next_domain_name", "Next name"),
        // SVCB and HTTPS (RFC 9460 section 2.2).
        record("dns.svcb.svcpriority", .unsigned(bits: 16), "Service priority") { message, record in
            guard record.type == .svcb || record.type == .https, record.data.count >= 2 else { return nil }
            return .unsigned(UInt64(message.record.uint16(at: record.data.lowerBound)))
        },
        record("dns.svcb.targetname", .text, "Service target") { message, record in
            guard record.type == .svcb || record.type == .https, record.data.count > 2 else { return nil }
            return message.nameValue(at: record.data.lowerBound &+ 2)
        },
    ]

    private static func authority(_ name: String, _ meaning: String, _ index: Int) -> FieldDefinition {
        record(name, .unsigned(bits: 32), meaning) { message, record in
            guard let numbers = DNSStartOfAuthority(message, record)?.numbers, numbers &+ index &* 4 &+ 4 <= message.end
            else { return nil }
            return .unsigned(UInt64(message.record.uint32(at: numbers &+ index &* 4)))
        }
    }

    // MARK: Texts

    /// Each character string of a TXT record: a length byte and so many bytes (RFC 1035 section 3.3.14).
    private static func strings(_ name: String, _ type: FieldType, _ meaning: String, lengths: Bool) -> FieldDefinition
    {
        eachRecord(name, type, meaning) { message, record, values in
            guard record.type == .txt else { return }
            var position = record.data.lowerBound
            while position < record.data.upperBound, position < message.end {
                let length = Int(message.record.uint8(at: position))
                if lengths { values.append(.unsigned(UInt64(length))) }
                position &+= 1
                guard position &+ length <= message.end else { return }
                if !lengths { values.append(.text(position..<position &+ length)) }
                position &+= length
            }
        }
    }

    static let texts: [FieldDefinition] = [
        strings("dns.txt.length", .unsigned(bits: 8), "Text length", lengths: true),
        strings("dns.txt", .text, "Text", lengths: false),
    ]

    // MARK: Extensions (EDNS, RFC 6891)

    private static func edns(
        _ name: String, _ type: FieldType, _ meaning: String,
        _ read: @escaping @Sendable (DNSResourceRecord) -> FieldValue
    ) -> FieldDefinition {
        record(name, type, meaning) { _, record in record.type == .opt ? read(record) : nil }
    }

    /// Each option of an OPT record: code, length, data.
    private static func option(
        _ name: String, _ type: FieldType, _ meaning: String,
        _ read: @escaping @Sendable (_ code: UInt16, _ data: Range<Int>) -> FieldValue?
    ) -> FieldDefinition {
        eachRecord(name, type, meaning) { message, record, values in
            guard record.type == .opt else { return }
            var position = record.data.lowerBound
            while position < record.data.upperBound, position &+ 4 <= message.end {
                let code = message.record.uint16(at: position)
                let length = Int(message.record.uint16(at: position &+ 2))
                let data = position &+ 4..<position &+ 4 &+ length
                guard data.upperBound <= message.end else { return }
                if let value = read(code, data) { values.append(value) }
                position = data.upperBound
            }
        }
    }

    static let extensions: [FieldDefinition] = [
        edns("dns.resp.ext_rcode", .hex(bits: 8), "Upper bits of the response code") {
            .unsigned(UInt64($0.timeToLive >> 24))
        },
        edns("dns.resp.edns0_version", .unsigned(bits: 8), "EDNS version") {
            .unsigned(UInt64($0.timeToLive >> 16 & 0xff))
        },
        edns("dns.resp.z", .hex(bits: 16), "EDNS flags") { .unsigned(UInt64($0.timeToLive & 0xffff)) },
        edns("dns.resp.z.do", .boolean, "DNSSEC answers wanted") { .boolean($0.timeToLive & 0x8000 != 0) },
        option("dns.opt.code", .unsigned(bits: 16), "Option code") { code, _ in .unsigned(UInt64(code)) },
        option("dns.opt.len", .unsigned(bits: 16), "Option length") { _, data in .unsigned(UInt64(data.count)) },
        option("dns.opt.data", .bytes, "Option data") { _, data in
            data.isEmpty ? nil : .bytes(data)
        },
    ]
}

/// The owner name of an SRV record in its parts: `_service._proto.domain` (RFC 2782).
private struct DNSServiceName {
    var service: FieldValue?
    var transport: FieldValue?
    var domain: FieldValue?

    init?(_ message: borrowing DNSMessage, _ record: DNSResourceRecord) {
        guard record.type == .srv, let name = message.name(at: record.name) else { return nil }
        var position = record.name
        guard name.kind == .text, let label = Self.label(message, &position) else {
            service = message.nameValue(at: record.name)
            return
        }
        service = label
        transport = Self.label(message, &position)
        if transport != nil { domain = Self.rest(message, position) }
    }

    /// The label at a position, and the position after it; nil for the root. The name has been walked before, so it is
    /// there.
    private static func label(_ message: borrowing DNSMessage, _ position: inout Int) -> FieldValue? {
        var hops = 0
        while position < message.end, message.record.uint8(at: position) & 0xc0 == 0xc0, position &+ 1 < message.end,
            hops < 16
        {
            position = message.start &+ Int(message.record.uint16(at: position) & 0x3fff)
            hops &+= 1
        }
        guard position < message.end else { return nil }
        let length = Int(message.record.uint8(at: position))
        guard length > 0, length < 64, position &+ 1 &+ length <= message.end else { return nil }
        let start = position &+ 1
        position = start &+ length
        return .text(start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: start &+ length))
    }

    private static func rest(_ message: borrowing DNSMessage, _ position: Int) -> FieldValue? {
        var probe = position
        return label(message, &probe) == nil ? nil : message.nameValue(at: position)
    }
}

/// The data of an SOA record: two names, then five numbers (RFC 1035 section 3.3.13).
private struct DNSStartOfAuthority {
    var mailbox: FieldValue?
    /// Where the numbers begin.
    var numbers: Int?

    init?(_ message: borrowing DNSMessage, _ record: DNSResourceRecord) {
        guard record.type == .soa, !record.data.isEmpty, let server = message.name(at: record.data.lowerBound) else {
            return nil
        }
        let second = record.data.lowerBound &+ server.encodedLength
        guard let name = message.name(at: second) else { return }
        mailbox = message.nameValue(at: second)
        numbers = second &+ name.encodedLength
    }
}
