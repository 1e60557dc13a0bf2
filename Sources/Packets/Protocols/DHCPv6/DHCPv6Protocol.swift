import Text

extension ProtocolDescription {
    static let dhcpv6 = ProtocolDescription(
        .dhcpv6, "dhcpv6", "DHCPv6", role: .application,
        attachments: [.udpPort(546, 547, accepts: DHCPv6Message.isLikely)],
        dissect: DHCPv6Message.dissect,
        asks: { message in
            guard message.byteCount >= 1 else { return nil }
            return switch message.uint8(at: 0) {
            case 1, 3...6, 8, 9, 11, 14: true
            case 2, 7, 15: false
            default: nil
            }
        },
        fields: DHCPv6Fields.all,
        line: .words(DHCPv6Fields.summarize))
}

enum DHCPv6Fields {
    private static let options = PartKinds(0, mask: DHCPv6Message.messageKind)
    private static let messages = PartKinds(DHCPv6Message.messageKind)

    static let all: [FieldDefinition] = [
        .inParts(
            messages, foundBy: find, "dhcpv6.msgtype", .unsigned(bits: 8), "Message type", valueName: typeName
        ) { $2.append(.unsigned(UInt64($0.record.uint8(at: $1.start)))) },
        .inParts(messages, foundBy: find, "dhcpv6.xid", .hex(bits: 24), "Transaction ID") {
            if DHCPv6Message.isRelayed($0.record.uint8(at: $1.start)) { return }
            $2.append(.unsigned(UInt64($0.record.uint32(at: $1.start) & 0xff_ffff)))
        },
        relay("dhcpv6.hopcount", .unsigned(bits: 8), "Hop count", needs: 2) {
            .unsigned(UInt64($0.uint8(at: $1 &+ 1)))
        },
        relay("dhcpv6.linkaddr", .ipv6, "Link address", needs: 18) { .ipv6($0.ipv6Address(at: $1 &+ 2)) },
        relay("dhcpv6.peeraddr", .ipv6, "Peer's address", needs: 34) { .ipv6($0.ipv6Address(at: $1 &+ 18)) },
        .inParts(
            options, foundBy: find, "dhcpv6.option.type", .unsigned(bits: 16), "Option", valueName: optionName
        ) { $2.append(.unsigned(UInt64($1.kind))) },
        .inParts(options, foundBy: find, "dhcpv6.option.length", .unsigned(bits: 16), "Option length") {
            $2.append(.unsigned(UInt64($0.record.uint16(at: $1.start &+ 2))))
        },
        identifier("dhcpv6.duid.bytes", .bytes, "DHCP unique identifier") { _, value in .bytes(value) },
        identifier("dhcpv6.duid.type", .unsigned(bits: 16), "Its type") { record, value in
            value.count >= 2 ? .unsigned(UInt64(record.uint16(at: value.lowerBound))) : nil
        },
        option(5, "dhcpv6.iaaddr.ip", .ipv6, "Address", needs: 16) { .ipv6($0.ipv6Address(at: $1)) },
        option(5, "dhcpv6.iaaddr.pref_lifetime", .unsigned(bits: 32), "Preferred lifetime in seconds", needs: 20) {
            .unsigned(UInt64($0.uint32(at: $1 &+ 16)))
        },
        option(5, "dhcpv6.iaaddr.valid_lifetime", .unsigned(bits: 32), "Valid lifetime in seconds", needs: 24) {
            .unsigned(UInt64($0.uint32(at: $1 &+ 20)))
        },
        option(26, "dhcpv6.iaprefix.pref_len", .unsigned(bits: 8), "Prefix length", needs: 9) {
            .unsigned(UInt64($0.uint8(at: $1 &+ 8)))
        },
        option(26, "dhcpv6.iaprefix.pref_addr", .ipv6, "Prefix", needs: 25) { .ipv6($0.ipv6Address(at: $1 &+ 9)) },
        option(7, "dhcpv6.option_preference", .unsigned(bits: 8), "Server's preference", needs: 1) {
            .unsigned(UInt64($0.uint8(at: $1)))
        },
        option(13, "dhcpv6.status_code", .unsigned(bits: 16), "Status", needs: 2) {
            .unsigned(UInt64($0.uint16(at: $1)))
        },
        list(6, 2, "dhcpv6.requested_option_code", .unsigned(bits: 16), "Requested option") {
            .unsigned(UInt64($0.uint16(at: $1)))
        },
        list(23, 16, "dhcpv6.dns_server", .ipv6, "DNS server") { .ipv6($0.ipv6Address(at: $1)) },
    ]

    private static func relay(
        _ name: String, _ type: FieldType, _ meaning: String, needs: Int,
        _ read: @escaping @Sendable (RawSpan, Int) -> FieldValue
    ) -> FieldDefinition {
        .inParts(messages, foundBy: find, name, type, meaning) { context, part, values in
            guard DHCPv6Message.isRelayed(context.record.uint8(at: part.start)), part.range.count >= needs else {
                return
            }
            values.append(read(context.record, part.start))
        }
    }

    /// The identifiers of client and server, options 1 and 2.
    private static func identifier(
        _ name: String, _ type: FieldType, _ meaning: String,
        _ read: @escaping @Sendable (RawSpan, Range<Int>) -> FieldValue?
    ) -> FieldDefinition {
        .inParts(options, foundBy: find, name, type, meaning) { context, part, values in
            guard 1...2 ~= part.kind, !part.content.isEmpty else { return }
            if let value = read(context.record, part.content) { values.append(value) }
        }
    }

    private static func option(
        _ code: UInt32, _ name: String, _ type: FieldType, _ meaning: String, needs: Int,
        _ read: @escaping @Sendable (RawSpan, Int) -> FieldValue
    ) -> FieldDefinition {
        .inParts(PartKinds(code), foundBy: find, name, type, meaning) { context, part, values in
            if part.content.count >= needs { values.append(read(context.record, part.content.lowerBound)) }
        }
    }

    /// An option that is a list of values of the same length.
    private static func list(
        _ code: UInt32, _ step: Int, _ name: String, _ type: FieldType, _ meaning: String,
        _ read: @escaping @Sendable (RawSpan, Int) -> FieldValue
    ) -> FieldDefinition {
        .inParts(PartKinds(code), foundBy: find, name, type, meaning) { context, part, values in
            var position = part.content.lowerBound
            while part.content.upperBound &- position >= step {
                values.append(read(context.record, position))
                position &+= step
            }
        }
    }

    private static let find: PartFinder = { context, parts in
        let end = min(Int(context.layer.end), context.record.byteCount)
        DHCPv6Message.find(message: Int(context.layer.start)..<end, depth: 0, context.record, &parts)
    }

    /// RFC 8415 section 7.3 and RFC 5007.
    static let typeName: ValueName = { number in
        switch number {
        case 1: "Solicit"
        case 2: "Advertise"
        case 3: "Request"
        case 4: "Confirm"
        case 5: "Renew"
        case 6: "Rebind"
        case 7: "Reply"
        case 8: "Release"
        case 9: "Decline"
        case 10: "Reconfigure"
        case 11: "Information-request"
        case 12: "Relay-forw"
        case 13: "Relay-reply"
        case 14: "Leasequery"
        case 15: "Leasequery-reply"
        default: nil
        }
    }

    /// RFC 8415 section 24, RFC 3646, RFC 4704, in Wireshark's words.
    private static let optionName: ValueName = { number in
        switch number {
        case 1: "Client Identifier"
        case 2: "Server Identifier"
        case 3: "Identity Association for Non-temporary Address"
        case 4: "Identity Association for Temporary Address"
        case 5: "IA Address"
        case 6: "Option Request"
        case 7: "Preference"
        case 8: "Elapsed time"
        case 9: "Relay Message"
        case 11: "Authentication"
        case 12: "Server unicast"
        case 13: "Status code"
        case 14: "Rapid Commit"
        case 15: "User Class"
        case 16: "Vendor Class"
        case 17: "Vendor-specific Information"
        case 18: "Interface-Id"
        case 19: "Reconfigure Message"
        case 20: "Reconfigure Accept"
        case 23: "DNS recursive name server"
        case 24: "Domain Search List"
        case 25: "Identity Association for Prefix Delegation"
        case 26: "IA Prefix"
        case 31: "Simple Network Time Protocol Server"
        case 39: "Fully Qualified Domain Name"
        default: nil
        }
    }

    /// `DHCPv6 Solicit 0x10fbf1`, `DHCPv6 Relay-forw`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("DHCPv6 ")
        let message = record.extracting(layer.range)
        guard message.byteCount >= DHCPv6Message.minimumLength else { return }
        let type = message.uint8(at: 0)
        if let name = typeName(UInt64(type)) {
            text.append(name)
        } else {
            text.append("type ")
            text.append(decimal: UInt64(type))
        }
        guard !DHCPv6Message.isRelayed(type) else { return }
        text.append(" 0x")
        text.append(hex: UInt64(message.uint32(at: 0) & 0xff_ffff))
    }
}
