import Packets
import Text

extension Evidence {
    /// Whether every message came back as it was sent.
    var echoVerdict: Verdict {
        guard answers.count == settings.count, answers.allSatisfy({ $0 == settings.message }) else {
            return .no("what came back is not what was sent")
        }
        let bytes = settings.message.count * settings.count
        return .shown("\(bytes) bytes came back as they were sent: \(Self.beginning(of: settings.message))")
    }

    /// The first bytes as text that cannot act on a terminal.
    static func beginning(of bytes: [UInt8]) -> String {
        var text = ByteCollector()
        text.append(escaping: Array(bytes.prefix(60)).rawSpan)
        return text.text + (bytes.count > 60 ? "…" : "")
    }
}
