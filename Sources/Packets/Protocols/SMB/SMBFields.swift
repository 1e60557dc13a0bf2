import Text

enum SMBFields {
    static let all: [FieldDefinition] = [
        number(4, 2, "smb2.header_len", .unsigned(bits: 16), "Header length"),
        number(6, 2, "smb2.credit.charge", .unsigned(bits: 16), "Credit charge"),
        .inParts(.all, foundBy: find, "smb2.nt_status", .hex(bits: 32), "Status", valueName: status) {
            // A request has no status here (MS-SMB2 section 2.2.1.2).
            guard isResponse($0.record, $1.start) else { return }
            $2.append(.unsigned(UInt64($0.record.littleEndianUInt32(at: $1.start &+ 8))))
        },
        number(12, 2, "smb2.cmd", .unsigned(bits: 16), "Command", valueName: command),
        .inParts(.all, foundBy: find, "smb2.credits.requested", .unsigned(bits: 16), "Credits requested") {
            if isResponse($0.record, $1.start) { return }
            $2.append(.unsigned(UInt64($0.record.littleEndianUInt16(at: $1.start &+ 14))))
        },
        .inParts(.all, foundBy: find, "smb2.credits.granted", .unsigned(bits: 16), "Credits granted") {
            guard isResponse($0.record, $1.start) else { return }
            $2.append(.unsigned(UInt64($0.record.littleEndianUInt16(at: $1.start &+ 14))))
        },
        number(16, 4, "smb2.flags", .hex(bits: 32), "Flags"),
        .inParts(.all, foundBy: find, "smb2.flags.response", .boolean, "Response") {
            $2.append(.boolean(isResponse($0.record, $1.start)))
        },
        number(24, 8, "smb2.msg_id", .unsigned(bits: 64), "Message ID"),
        synchronous(32, "smb2.pid", "Process ID"),
        synchronous(36, "smb2.tid", "Tree ID"),
        number(40, 8, "smb2.sesid", .hex(bits: 64), "Session ID"),
    ]

    private static func isResponse(_ record: RawSpan, _ start: Int) -> Bool { record.uint8(at: start &+ 16) & 1 != 0 }

    private static func number(
        _ offset: Int, _ length: Int, _ name: String, _ type: FieldType, _ meaning: String,
        valueName: ValueName? = nil
    ) -> FieldDefinition {
        .inParts(.all, foundBy: find, name, type, meaning, valueName: valueName) { context, part, values in
            let place = part.start &+ offset
            switch length {
            case 2: values.append(.unsigned(UInt64(context.record.littleEndianUInt16(at: place))))
            case 4: values.append(.unsigned(UInt64(context.record.littleEndianUInt32(at: place))))
            default: values.append(.unsigned(context.record.uint64(at: place).byteSwapped))
            }
        }
    }

    /// What stands where an asynchronous command has an identifier of eight bytes.
    private static func synchronous(_ offset: Int, _ name: String, _ meaning: String) -> FieldDefinition {
        .inParts(.all, foundBy: find, name, .hex(bits: 32), meaning) { context, part, values in
            guard context.record.uint8(at: part.start &+ 16) & 2 == 0 else { return }
            values.append(.unsigned(UInt64(context.record.littleEndianUInt32(at: part.start &+ offset))))
        }
    }

    private static let find: PartFinder = { context, parts in
        var commands = SMBMessages.Commands(context.layer.range, of: context.record)
        while let range = commands.next(context.record) {
            guard parts.append(LayerPart(0, range)) else { return }
        }
    }

    /// RFC 1002 section 4.3.1.
    static let sessionType: ValueName = { number in
        switch number {
        case 0: "Session message"
        case 0x81: "Session request"
        case 0x82: "Positive session response"
        case 0x83: "Negative session response"
        case 0x84: "Retarget session response"
        case 0x85: "Session keep-alive"
        default: nil
        }
    }

    /// MS-SMB2 section 2.2.1, in Wireshark's words.
    private static let command: ValueName = { number in
        switch number {
        case 0: "Negotiate Protocol"
        case 1: "Session Setup"
        case 2: "Session Logoff"
        case 3: "Tree Connect"
        case 4: "Tree Disconnect"
        case 5: "Create"
        case 6: "Close"
        case 7: "Flush"
        case 8: "Read"
        case 9: "Write"
        case 10: "Lock"
        case 11: "Ioctl"
        case 12: "Cancel"
        case 13: "KeepAlive"
        case 14: "Find"
        case 15: "Notify"
        case 16: "GetInfo"
        case 17: "SetInfo"
        case 18: "Break"
        default: nil
        }
    }

    /// MS-ERREF section 2.3, those that are met every day.
    private static let status: ValueName = { number in
        switch number {
        case 0: "STATUS_SUCCESS"
        case 0x103: "STATUS_PENDING"
        case 0x8000_0005: "STATUS_BUFFER_OVERFLOW"
        case 0x8000_0006: "STATUS_NO_MORE_FILES"
        case 0xc000_000d: "STATUS_INVALID_PARAMETER"
        case 0xc000_000f: "STATUS_NO_SUCH_FILE"
        case 0xc000_0011: "STATUS_END_OF_FILE"
        case 0xc000_0016: "STATUS_MORE_PROCESSING_REQUIRED"
        case 0xc000_0022: "STATUS_ACCESS_DENIED"
        case 0xc000_0034: "STATUS_OBJECT_NAME_NOT_FOUND"
        case 0xc000_0035: "STATUS_OBJECT_NAME_COLLISION"
        case 0xc000_003a: "STATUS_OBJECT_PATH_NOT_FOUND"
        case 0xc000_0043: "STATUS_SHARING_VIOLATION"
        case 0xc000_006d: "STATUS_LOGON_FAILURE"
        case 0xc000_00bb: "STATUS_NOT_SUPPORTED"
        case 0xc000_00cc: "STATUS_BAD_NETWORK_NAME"
        case 0xc000_0203: "STATUS_USER_SESSION_DELETED"
        default: nil
        }
    }

    /// `SMB2 Create request, Close request`, `SMB2 Create response STATUS_ACCESS_DENIED`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("SMB2")
        var commands = SMBMessages.Commands(layer.range, of: record)
        var written = 0
        while written < 4, let range = commands.next(record) {
            text.append(written == 0 ? " " : ", ")
            written &+= 1
            let start = range.lowerBound
            let number = record.littleEndianUInt16(at: start &+ 12)
            if let name = command(UInt64(number)) {
                text.append(name)
            } else {
                text.append("command ")
                text.append(decimal: UInt64(number))
            }
            guard isResponse(record, start) else {
                text.append(" request")
                continue
            }
            text.append(" response")
            let code = record.littleEndianUInt32(at: start &+ 8)
            guard code != 0 else { continue }
            text.append(ascii: 32)
            if let name = status(UInt64(code)) {
                text.append(name)
            } else {
                text.append("status 0x")
                text.append(hex: UInt64(code))
            }
        }
    }
}
