import Text

extension ProtocolDescription {
    static let tftp = ProtocolDescription(
        .tftp, "tftp", "Trivial File Transfer Protocol", role: .application,
        attachments: [.udpPort(69)],
        traits: [.leavesRest],
        dissect: TFTPMessage.dissect,
        // Read and write requests go to port 69; what follows goes between ports of its own (RFC 1350 section 4).
        asks: { message in
            guard message.byteCount >= 2 else { return nil }
            return (1...2).contains(message.uint16(at: 0)) ? true : nil
        },
        fields: TFTPFields.all,
        line: .words(TFTPSummary.summarize))
}

/// `TFTP read request "boot.img", octet, blksize 1468`, `TFTP data block 1`, `TFTP error 1 "File not found"`.
enum TFTPSummary {
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("TFTP ")
        guard let message = TFTPMessage(record.extracting(layer.range)) else { return }
        switch message.opcode {
        case 1: text.append("read request")
        case 2: text.append("write request")
        case 3: text.append("data")
        case 4: text.append("ACK")
        case 5: text.append("error")
        case 6: text.append("options ACK")
        default:
            text.append("opcode ")
            text.append(decimal: UInt64(message.opcode))
        }
        if let block = message.block {
            text.append(" block ")
            text.append(decimal: UInt64(block))
        }
        if let code = message.errorCode { text.append(ascii: 32, decimal: UInt64(code)) }
        var strings = message.strings
        if message.isRequest || message.opcode == 5, let name = strings.next(message.bytes) {
            text.append(" \"")
            text.append(escaping: name, of: message.bytes, limit: 120)
            text.append(ascii: 34)
        }
        if message.isRequest, let mode = strings.next(message.bytes) {
            text.append(", ")
            text.append(escaping: mode, of: message.bytes, limit: 16)
        }
        writeOptions(message, into: &text)
    }

    private static func writeOptions(_ message: borrowing TFTPMessage, into text: inout SummaryText) {
        var options = message.options
        var separate = message.isRequest
        while let name = options.next(message.bytes) {
            text.append(separate ? ", " : " ")
            separate = true
            text.append(escaping: name, of: message.bytes, limit: 32)
            guard let value = options.next(message.bytes) else { return }
            text.append(ascii: 32)
            text.append(escaping: value, of: message.bytes, limit: 32)
        }
    }
}
