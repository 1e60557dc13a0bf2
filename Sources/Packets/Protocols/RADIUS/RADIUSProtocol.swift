import Text

/// A packet of the Remote Authentication Dial-In User Service (RFC 2865 section 3), with which an access server asks
/// whether somebody may come in.
///
///     +---------------+---------------+-------------------------------+
///     |     Code      |  Identifier   |        Length, all of it      |
///     +---------------+---------------+-------------------------------+
///     |                     Authenticator (16)                        |
///     +---------------+---------------+-------------------------------+
///     |  Type         |  Length       |  Value …     (attributes)     |
///     +---------------+---------------+-------------------------------+
enum RADIUSPacket {
    static let headerLength = 20

    /// Whether the bytes at RADIUS' ports are a packet with a code that exists and a length that fits.
    static let isLikely: Attachment.Acceptance = { record, cursor, _ in
        guard cursor.has(4), RADIUSFields.codeName(UInt64(record.uint8(at: cursor.start))) != nil else { return false }
        let length = Int(record.uint16(at: cursor.start &+ 2))
        return length >= headerLength && length <= cursor.claimed
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(headerLength) else { return cursor.cut(.radius, required: headerLength, &layers) }
        cursor.add(.radius, header: cursor.available, to: &layers)
        return .data
    }
}

extension ProtocolDescription {
    static let radius = ProtocolDescription(
        .radius, "radius", "RADIUS Protocol", role: .application,
        attachments: [.udpPort(1645, 1646, 1812, 1813, 3799, accepts: RADIUSPacket.isLikely)],
        dissect: RADIUSPacket.dissect,
        asks: { message in
            guard message.byteCount >= 1 else { return nil }
            return switch message.uint8(at: 0) {
            case 1, 4, 12, 40, 43: true
            case 2, 3, 5, 11, 41, 42, 44, 45: false
            default: nil
            }
        },
        fields: RADIUSFields.all,
        line: .words(RADIUSFields.summarize))
}

enum RADIUSFields {
    static let all: [FieldDefinition] = [
        .at(0, "radius.code", .unsigned(bits: 8), "Code", valueName: codeName),
        .at(1, "radius.id", .unsigned(bits: 8), "Identifier"),
        .at(2, "radius.length", .unsigned(bits: 16), "Length"),
        .at(4, "radius.authenticator", .bytes, "Authenticator", length: 16),
        .inParts(.all, foundBy: find, "radius.avp.type", .unsigned(bits: 8), "Attribute", valueName: attributeName) {
            $2.append(.unsigned(UInt64($1.kind)))
        },
        .inParts(.all, foundBy: find, "radius.avp.length", .unsigned(bits: 8), "Attribute's length") {
            $2.append(.unsigned(UInt64($0.record.uint8(at: $1.start &+ 1))))
        },
        .textInParts(1, foundBy: find, "radius.User_Name", "User name") { $0.content },
        .inParts(PartKinds(4), foundBy: find, "radius.NAS_IP_Address", .ipv4, "Access server's address") {
            if $1.content.count == 4 { $2.append(.ipv4($0.record.ipv4Address(at: $1.content.lowerBound))) }
        },
        .inParts(PartKinds(8), foundBy: find, "radius.Framed_IP_Address", .ipv4, "Address given to the user") {
            if $1.content.count == 4 { $2.append(.ipv4($0.record.ipv4Address(at: $1.content.lowerBound))) }
        },
        .textInParts(18, foundBy: find, "radius.Reply_Message", "Message for the user") { $0.content },
        .textInParts(30, foundBy: find, "radius.Called_Station_Id", "Called station") { $0.content },
        .textInParts(31, foundBy: find, "radius.Calling_Station_Id", "Calling station") { $0.content },
        .textInParts(32, foundBy: find, "radius.NAS_Identifier", "Access server's name") { $0.content },
    ]

    /// The attributes, up to the packet's own length; one that is shorter than its head ends the walk.
    private static let find: PartFinder = { context, parts in
        let packet = context.bytes
        guard packet.byteCount >= RADIUSPacket.headerLength else { return }
        let end = min(packet.byteCount, Int(packet.uint16(at: 2)))
        let base = Int(context.layer.start)
        var position = RADIUSPacket.headerLength
        while position &+ 2 <= end {
            let length = Int(packet.uint8(at: position &+ 1))
            guard length >= 2, length <= end &- position else { return parts.note(.cutShort) }
            let whole = base &+ position..<base &+ position &+ length
            let part = LayerPart(
                UInt32(packet.uint8(at: position)), whole, content: whole.lowerBound &+ 2..<whole.upperBound)
            guard parts.append(part) else { return }
            position &+= length
        }
    }

    /// RFC 2865 section 3, RFC 2866, RFC 5176.
    static let codeName: ValueName = { number in
        switch number {
        case 1: "Access-Request"
        case 2: "Access-Accept"
        case 3: "Access-Reject"
        case 4: "Accounting-Request"
        case 5: "Accounting-Response"
        case 11: "Access-Challenge"
        case 12: "Status-Server"
        case 13: "Status-Client"
        case 40: "Disconnect-Request"
        case 41: "Disconnect-ACK"
        case 42: "Disconnect-NAK"
        case 43: "CoA-Request"
        case 44: "CoA-ACK"
        case 45: "CoA-NAK"
        default: nil
        }
    }

    /// RFC 2865 section 5, RFC 2866 section 5, RFC 2869 section 5.
    private static let attributeName: ValueName = { number in
        switch number {
        case 1: "User-Name"
        case 2: "User-Password"
        case 3: "CHAP-Password"
        case 4: "NAS-IP-Address"
        case 5: "NAS-Port"
        case 6: "Service-Type"
        case 7: "Framed-Protocol"
        case 8: "Framed-IP-Address"
        case 9: "Framed-IP-Netmask"
        case 11: "Filter-Id"
        case 12: "Framed-MTU"
        case 18: "Reply-Message"
        case 24: "State"
        case 25: "Class"
        case 26: "Vendor-Specific"
        case 27: "Session-Timeout"
        case 28: "Idle-Timeout"
        case 30: "Called-Station-Id"
        case 31: "Calling-Station-Id"
        case 32: "NAS-Identifier"
        case 40: "Acct-Status-Type"
        case 44: "Acct-Session-Id"
        case 61: "NAS-Port-Type"
        case 79: "EAP-Message"
        case 80: "Message-Authenticator"
        case 87: "NAS-Port-Id"
        default: nil
        }
    }

    /// `RADIUS Access-Request 5 "alice"`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("RADIUS ")
        let packet = record.extracting(layer.range)
        guard packet.byteCount >= RADIUSPacket.headerLength else { return }
        text.append(codeName(UInt64(packet.uint8(at: 0))) ?? "")
        text.append(ascii: 32)
        text.append(decimal: UInt64(packet.uint8(at: 1)))
        let end = min(packet.byteCount, Int(packet.uint16(at: 2)))
        // The name comes first (RFC 2865 section 4.1 shows it so, and most send it so).
        let start = RADIUSPacket.headerLength
        guard start &+ 2 <= end, packet.uint8(at: start) == 1 else { return }
        let nameEnd = min(end, start &+ Int(packet.uint8(at: start &+ 1)))
        guard nameEnd > start &+ 2 else { return }
        text.append(" \"")
        text.append(escaping: start &+ 2..<nameEnd, of: packet, limit: 60)
        text.append(ascii: 34)
    }
}
