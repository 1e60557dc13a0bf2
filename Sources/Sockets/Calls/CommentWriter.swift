import Addressing
import Text

/// Writes the grammar of `SocketCallComment`.
struct CommentWriter: TextSink {
    private(set) var bytes: [UInt8] = []

    mutating func append(ascii byte: UInt8) { bytes.append(byte) }

    mutating func write(_ comment: SocketCallComment) {
        let call = comment.call
        append(SocketCallComment.prefix)
        append("\(call.id) ")
        append(word: call.end.rawValue)
        append(": ")
        append(word: call.name.rawValue)
        append("(")
        if let descriptor = call.descriptor { append("\(descriptor)") }
        for (index, argument) in call.arguments.enumerated() {
            if index > 0 || call.descriptor != nil { append(", ") }
            append(argument: argument.description, first: index == 0 && call.descriptor == nil)
        }
        append(") = ")
        append(call.result)
        append("; start ")
        call.start.writeEpoch(to: &self)
        if let finish = call.finish {
            append("; return ")
            finish.writeEpoch(to: &self)
            if let running = call.runningUntil {
                append("; running until ")
                running.writeEpoch(to: &self)
            }
        }
        append("; ")
        append(word: call.transport.rawValue)
        append(" ")
        append(call.local)
        append(" > ")
        append(call.peer)
        append("; ")
        append(comment.relation.rawValue)
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func append(_ endpoint: Endpoint?) {
        if let endpoint { endpoint.write(to: &self) } else { append("*") }
    }

    private mutating func append(_ result: SocketCall.Result) {
        if case .failed(let number, let name) = result {
            append("-1 ")
            append(word: name)
            append(" (\(number))")
        } else {
            append(result.description)
        }
    }

    private mutating func append(word: String) {
        if !word.isEmpty, word.utf8.allSatisfy(CommentSyntax.isWord) { append(word) } else { append(quoted: word) }
    }

    private mutating func append(argument: String, first: Bool) {
        let utf8 = argument.utf8
        let isPlain = !utf8.isEmpty && utf8.first != 32 && utf8.last != 32 && utf8.allSatisfy(CommentSyntax.isPlain)
        if isPlain, !(first && CommentSyntax.isDescriptor(argument)) {
            append(argument)
        } else {
            append(quoted: argument)
        }
    }

    private mutating func append(quoted text: String) {
        append("\"")
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 34, 92:
                append("\\")
                append(ascii: UInt8(truncatingIfNeeded: scalar.value))
            case 0x20...0x7e:
                append(ascii: UInt8(truncatingIfNeeded: scalar.value))
            default:
                append("\\u{")
                append(hex: UInt64(scalar.value))
                append("}")
            }
        }
        append("\"")
    }
}
