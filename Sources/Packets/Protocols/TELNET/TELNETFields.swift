import Text

enum TELNETFields {
    private static let data: UInt32 = 1
    private static let command: UInt32 = 2
    private static let option: UInt32 = 3

    static let all: [FieldDefinition] = [
        number(command, "telnet.cmd", "Command", valueName: commandName),
        number(option, "telnet.subcmd", "Option", valueName: optionName),
        .textInParts(data, foundBy: find, "telnet.data", "Data") { $0.range },
    ]

    private static func number(
        _ kind: UInt32, _ name: String, _ meaning: String, valueName: @escaping ValueName
    ) -> FieldDefinition {
        .inParts(
            PartKinds(kind), foundBy: find, name, .unsigned(bits: 8), meaning, valueName: valueName
        ) { context, part, values in
            values.append(.unsigned(UInt64(context.record.uint8(at: part.start))))
        }
    }

    private static let find: PartFinder = { context, parts in
        var pieces = TELNETPieces(context.layer.range, of: context.record)
        while let piece = pieces.next(context.record) {
            switch piece {
            case .data(let range):
                guard parts.append(LayerPart(data, range)) else { return }
            case .command(_, let number, let range):
                guard parts.append(LayerPart(command, range.lowerBound &+ 1..<range.upperBound)) else { return }
                guard number != nil else { continue }
                guard parts.append(LayerPart(option, range.lowerBound &+ 2..<range.upperBound)) else { return }
            }
        }
    }

    /// RFC 854, "TELNET COMMAND STRUCTURE"; 236 to 239 are of RFC 1184 and RFC 885. Wireshark's words.
    static let commandName: ValueName = { number in
        switch number {
        case 236: "End of File"
        case 237: "Suspend Current Process"
        case 238: "Abort Process"
        case 239: "End of Record"
        case 240: "Suboption End"
        case 241: "No Operation"
        case 242: "Data Mark"
        case 243: "Break"
        case 244: "Interrupt Process"
        case 245: "Abort Output"
        case 246: "Are You There?"
        case 247: "Escape Character"
        case 248: "Erase Line"
        case 249: "Go Ahead"
        case 250: "Suboption"
        case 251: "Will"
        case 252: "Won't"
        case 253: "Do"
        case 254: "Don't"
        default: nil
        }
    }

    /// IANA "Telnet Options".
    static let optionName: ValueName = { number in
        switch number {
        case 0: "Binary Transmission"
        case 1: "Echo"
        case 3: "Suppress Go Ahead"
        case 5: "Status"
        case 6: "Timing Mark"
        case 24: "Terminal Type"
        case 25: "End of Record"
        case 31: "Negotiate About Window Size"
        case 32: "Terminal Speed"
        case 33: "Remote Flow Control"
        case 34: "Linemode"
        case 35: "X Display Location"
        case 36: "Environment Option"
        case 37: "Authentication Option"
        case 38: "Encryption Option"
        case 39: "New Environment Option"
        default: nil
        }
    }

    /// `TELNET Do Terminal Type, Will Suppress Go Ahead, "login: "`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("TELNET")
        var pieces = TELNETPieces(layer.range, of: record)
        var written = 0
        while written < 8, let piece = pieces.next(record) {
            text.append(written == 0 ? " " : ", ")
            written &+= 1
            switch piece {
            case .data(let range):
                text.append(ascii: 34)
                text.append(escaping: range, of: record, limit: 80)
                text.append(ascii: 34)
            case .command(let number, let option, _):
                write(number, commandName, "command ", into: &text)
                guard let option else { continue }
                text.append(ascii: 32)
                write(option, optionName, "option ", into: &text)
            }
        }
        if pieces.next(record) != nil { text.append(", …") }
    }

    private static func write(_ number: UInt8, _ name: ValueName, _ what: String, into text: inout SummaryText) {
        if let word = name(UInt64(number)) {
            text.append(word)
        } else {
            text.append(what)
            text.append(decimal: UInt64(number))
        }
    }
}
