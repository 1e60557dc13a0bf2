import Addressing

/// `DNS query A example.com`, `DNS response NXDOMAIN A example.com`, `DNS response A example.com 93.184.215.14`.
enum DNSSummary {
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append(layer.kind == .mdns ? "mDNS" : layer.kind == .llmnr ? "LLMNR" : "DNS")
        var messages = DNSMessages(record, layer)
        var number = 0
        while let range = messages.next(record), number < 4 {
            guard let message = DNSMessage(record, range, kind: messages.kind) else { break }
            if number > 0 { text.append(ascii: 44) }
            summarize(message, into: &text)
            number &+= 1
        }
    }

    private static func summarize(_ message: borrowing DNSMessage, into text: inout SummaryText) {
        switch message.opcode {
        case 0: text.append(message.isResponse ? " response" : " query")
        default:
            text.append(ascii: 32)
            if let name = DNSNames.opcode(UInt64(message.opcode)) {
                text.append(name)
            } else {
                text.append("operation ")
                text.append(decimal: UInt64(message.opcode))
            }
            if message.isResponse { text.append(" response") }
        }
        // Pairs questions, repetitions and answers; multicast has none (RFC 6762 section 18.1).
        if !message.isMulticast || message.identifier != 0 {
            text.append(" 0x")
            text.append(hexByte: UInt8(message.identifier >> 8))
            text.append(hexByte: UInt8(message.identifier & 0xff))
        }
        if message.isResponse, message.responseCode != 0 {
            text.append(ascii: 32)
            if let name = DNSNames.responseCode(UInt64(message.responseCode)) {
                text.append(name)
            } else {
                text.append("code ")
                text.append(decimal: UInt64(message.responseCode))
            }
        }
        if message.flags & 0x0200 != 0 { text.append(" truncated") }
        var questions = message.questions
        var shown = 0
        var isLooping = false
        while shown < 3, let question = questions.nextQuestion(message) {
            writeType(question.type, into: &text)
            text.append(ascii: 32)
            if let name = message.name(at: question.name) {
                name.write(message.record, style: .escaped, to: &text)
                if name.kind == .loop { isLooping = true }
            }
            shown &+= 1
        }
        if questions.isCut {
            // What stands behind a name without an end nobody can know: its bytes need not be missing.
            text.append(isLooping ? " [malformed]" : " [cut short]")
            return
        }
        guard message.isResponse || message.isMulticast, !message.isUpdate else { return }
        writeAnswers(message, named: shown == 0, isLooping, into: &text)
    }

    /// The answers' data, where it is short; without a question their names too.
    private static func writeAnswers(
        _ message: borrowing DNSMessage, named: Bool, _ isLooping: Bool, into text: inout SummaryText
    ) {
        var records = DNSRecords(message)
        var shown = 0
        while let answer = records.next(message), answer.section == 1 {
            guard shown < 4 else {
                text.append(" …")
                return
            }
            if shown > 0 { text.append(ascii: 44) }
            if named || (answer.type != .a && answer.type != .aaaa) { writeType(answer.type, into: &text) }
            if named {
                text.append(ascii: 32)
                message.name(at: answer.name)?.write(message.record, style: .escaped, to: &text)
            }
            writeData(message, answer, into: &text)
            shown &+= 1
        }
        if records.isOverBudget {
            text.append(" …")
        } else if records.isCut {
            text.append(isLooping ? " [malformed]" : " [cut short]")
        }
    }

    private static func writeType(_ type: DNSType, into text: inout SummaryText) {
        text.append(ascii: 32)
        if let name = type.name {
            text.append(name)
        } else {
            // RFC 3597 section 5.
            text.append("TYPE")
            text.append(decimal: UInt64(type.rawValue))
        }
    }

    private static func writeData(
        _ message: borrowing DNSMessage, _ record: DNSResourceRecord, into text: inout SummaryText
    ) {
        let start = record.data.lowerBound
        guard record.data.upperBound <= message.end else { return }
        switch record.type {
        case .a where record.data.count == 4:
            text.append(ascii: 32)
            message.record.ipv4Address(at: start).write(to: &text)
        case .aaaa where record.data.count == 16:
            text.append(ascii: 32)
            message.record.ipv6Address(at: start).write(to: &text)
        case .ns, .cname, .ptr, .dname: writeName(message, start, into: &text)
        case .mx where record.data.count > 2:
            text.append(ascii: 32)
            text.append(decimal: UInt64(message.record.uint16(at: start)))
            writeName(message, start &+ 2, into: &text)
        case .srv where record.data.count > 6:
            writeName(message, start &+ 6, into: &text)
            text.append(ascii: 58)
            text.append(decimal: UInt64(message.record.uint16(at: start &+ 4)))
        default: break
        }
    }

    private static func writeName(_ message: borrowing DNSMessage, _ offset: Int, into text: inout SummaryText) {
        guard let name = message.name(at: offset) else { return }
        text.append(ascii: 32)
        name.write(message.record, style: .escaped, to: &text)
    }
}
