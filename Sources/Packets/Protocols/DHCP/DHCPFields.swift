import Addressing

/// The fields of a DHCP or BOOTP message.
enum DHCPFields {
    static let all = ProtocolFields(.dhcp, "dhcp", "Dynamic Host Configuration Protocol", fixed + options)

    private static let fixed: [FieldDefinition] = [
        .fixed("dhcp.type", .unsigned(bits: 8), "Message type", at: 0, length: 1, valueName: operation),
        .fixed("dhcp.hw.type", .hex(bits: 8), "Hardware type", at: 1, length: 1),
        .fixed("dhcp.hw.len", .unsigned(bits: 8), "Hardware address length", at: 2, length: 1),
        .fixed("dhcp.hops", .unsigned(bits: 8), "Relays on the way", at: 3, length: 1),
        .fixed("dhcp.id", .hex(bits: 32), "Transaction identifier", at: 4, length: 4),
        .fixed("dhcp.secs", .unsigned(bits: 16), "Seconds since the client began", at: 8, length: 2),
        .fixed("dhcp.flags", .hex(bits: 16), "Flags", at: 10, length: 2),
        .fixed(
            "dhcp.flags.reserved", .hex(bits: 16), "Flags without meaning", at: 10, length: 2,
            read: { .unsigned($0 & 0x7fff) }
        ).hidden,
        .fixed(
            "dhcp.flags.bc", .boolean, "Broadcast the answer", at: 10, length: 2, read: { .boolean($0 & 0x8000 != 0) }),
        .fixedIPv4("dhcp.ip.client", "Client's address", at: 12),
        .fixedIPv4("dhcp.ip.your", "Address given to the client", at: 16),
        .fixedIPv4("dhcp.ip.server", "Next server's address", at: 20),
        .fixedIPv4("dhcp.ip.relay", "Relay's address", at: 24),
        FieldDefinition("dhcp.hw.mac_addr", .mac, "Client's MAC address") { context, values in
            guard context.bytes.byteCount >= 34, context.bytes.uint8(at: 2) == 6 else { return }
            values.append(.mac(context.bytes.macAddress(at: 28)))
        },
        FieldDefinition("dhcp.hw.addr_padding", .bytes, "Behind the client's address") { context, values in
            guard context.bytes.byteCount >= 44, 1...15 ~= context.bytes.uint8(at: 2) else { return }
            let start = Int(context.layer.start)
            values.append(.bytes(start &+ 28 &+ Int(context.bytes.uint8(at: 2))..<start &+ 44))
        }.hidden,
        text("dhcp.server", "Server's name", DHCPMessage.serverName, .serverName),
        text("dhcp.file", "Boot file", DHCPMessage.file, .file),
        .fixedIPv4("dhcp.cookie", "Magic cookie", at: 236),
    ]

    private static func overloadName(_ number: UInt64) -> StaticString? {
        switch number {
        case 1: "boot file"
        case 2: "server's name"
        case 3: "boot file and server's name"
        default: nil
        }
    }

    private static func operation(_ number: UInt64) -> StaticString? {
        switch number {
        case 1: "Boot Request"
        case 2: "Boot Reply"
        default: nil
        }
    }

    /// Text up to its zero byte; an empty one is not shown, nor what holds options instead.
    private static func text(
        _ name: String, _ meaning: String, _ place: Range<Int>, _ overload: DHCPOptions.Overload
    ) -> FieldDefinition {
        FieldDefinition(name, .text, meaning) { context, values in
            guard let message = try? DHCPMessage(context.bytes), !message.overload.contains(overload) else { return }
            var end = place.lowerBound
            while end < place.upperBound, context.bytes.uint8(at: end) != 0 { end &+= 1 }
            let start = Int(context.layer.start)
            if end > place.lowerBound { values.append(.text(start &+ place.lowerBound..<start &+ end)) }
        }
    }

    // MARK: Options

    /// A field read from each option; `range` is the value's place in the record.
    private static func each(
        _ name: String, _ type: FieldType, _ meaning: String, valueName: ValueName? = nil,
        _ read: @escaping @Sendable (_ code: UInt8, _ range: Range<Int>, borrowing RawSpan, inout FieldValues) -> Void
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning, valueName: valueName) { context, values in
            guard let message = try? DHCPMessage(context.bytes) else { return }
            var options = message.options
            let base = Int(context.layer.start)
            while let option = options.next() {
                read(
                    option.code, option.value.lowerBound &+ base..<option.value.upperBound &+ base, context.record,
                    &values)
            }
        }
    }

    private static func number(
        _ code: UInt8, length: Int, _ name: String, _ meaning: String, valueName: ValueName? = nil
    ) -> FieldDefinition {
        each(name, .unsigned(bits: length * 8), meaning, valueName: valueName) { found, range, record, values in
            guard found == code, range.count == length else { return }
            switch length {
            case 1: values.append(.unsigned(UInt64(record.uint8(at: range.lowerBound))))
            case 2: values.append(.unsigned(UInt64(record.uint16(at: range.lowerBound))))
            default: values.append(.unsigned(UInt64(record.uint32(at: range.lowerBound))))
            }
        }
    }

    private static func addresses(_ code: UInt8, _ name: String, _ meaning: String) -> FieldDefinition {
        FieldDefinition(name, .ipv4, meaning) { context, values in
            guard let message = try? DHCPMessage(context.bytes) else { return }
            var options = message.options
            // An address may begin in one part of a long option and end in the next (RFC 3396 section 5).
            var (address, count): (UInt32, Int) = (0, 0)
            while let option = options.next() {
                guard option.code == code else { continue }
                for place in option.value {
                    address = address << 8 | UInt32(message.bytes.uint8(at: place))
                    count += 1
                    if count & 3 == 0 { values.append(.ipv4(IPv4Address(rawValue: address))) }
                }
            }
        }
    }

    private static func words(_ code: UInt8, _ name: String, _ meaning: String) -> FieldDefinition {
        each(name, .text, meaning) { found, range, _, values in
            if found == code, !range.isEmpty { values.append(.text(range)) }
        }
    }

    private static let options: [FieldDefinition] = [
        each("dhcp.option.type", .unsigned(bits: 8), "Option") { code, _, _, values in
            if code != 255 { values.append(.unsigned(UInt64(code))) }
        },
        each("dhcp.option.length", .unsigned(bits: 8), "Option length") { code, range, _, values in
            if code != 255, code != 0 { values.append(.unsigned(UInt64(range.count))) }
        },
        each("dhcp.option.value", .bytes, "Option value") { code, range, _, values in
            if !range.isEmpty, code != 0, code != 255 { values.append(.bytes(range)) }
        },
        each("dhcp.option.padding", .bytes, "Padding") { code, range, _, values in
            if code == 0 { values.append(.bytes(range)) }
        },
        each("dhcp.option.end", .unsigned(bits: 8), "End of the options") { code, _, _, values in
            if code == 255 { values.append(.unsigned(255)) }
        },
        // A client's identifier is mostly its hardware's type and address (RFC 2132 section 9.14).
        each("dhcp.hw.type", .hex(bits: 8), "Hardware type") { code, range, record, values in
            if code == 61, range.count == 7 { values.append(.unsigned(UInt64(record.uint8(at: range.lowerBound)))) }
        }.hidden,
        each("dhcp.hw.mac_addr", .mac, "Client's MAC address") { code, range, record, values in
            if code == 61, range.count == 7, record.uint8(at: range.lowerBound) == 1 {
                values.append(.mac(record.macAddress(at: range.lowerBound &+ 1)))
            }
        }.hidden,
        number(52, length: 1, "dhcp.option.option_overload", "Fields that hold options", valueName: overloadName),
        number(53, length: 1, "dhcp.option.dhcp", "DHCP message type", valueName: DHCPMessageType.name),
        addresses(1, "dhcp.option.subnet_mask", "Subnet mask"),
        addresses(3, "dhcp.option.router", "Router"),
        addresses(6, "dhcp.option.domain_name_server", "Name server"),
        words(12, "dhcp.option.hostname", "Host name"),
        words(15, "dhcp.option.domain_name", "Domain name"),
        number(26, length: 2, "dhcp.option.interface_mtu", "Interface MTU"),
        addresses(28, "dhcp.option.broadcast_address", "Broadcast address"),
        addresses(42, "dhcp.option.ntp_server", "Time server"),
        addresses(50, "dhcp.option.requested_ip_address", "Requested address"),
        number(51, length: 4, "dhcp.option.ip_address_lease_time", "Lease time in seconds"),
        addresses(54, "dhcp.option.dhcp_server_id", "Server identifier"),
        each("dhcp.option.request_list_item", .unsigned(bits: 8), "Requested parameter") {
            code, range, record, values in
            guard code == 55 else { return }
            for position in range { values.append(.unsigned(UInt64(record.uint8(at: position)))) }
        },
        words(56, "dhcp.option.message", "Message"),
        number(57, length: 2, "dhcp.option.dhcp_max_message_size", "Largest message"),
        number(58, length: 4, "dhcp.option.renewal_time_value", "Renewal time in seconds"),
        number(59, length: 4, "dhcp.option.rebinding_time_value", "Rebinding time in seconds"),
        words(60, "dhcp.option.vendor_class_id", "Vendor class"),
    ]
}
