import Packets
import Text

extension Evidence {
    /// Whether every message came back as it was sent, and what that took.
    var echoVerdict: Verdict {
        guard answers.count == settings.count, answers.allSatisfy({ $0 == settings.message }) else {
            return .no("what came back is not what was sent")
        }
        let bytes = settings.message.count * settings.count
        let text = "\(bytes) bytes came back as they were sent: \(Self.beginning(of: settings.message))"
        let carriers = packets.filter { $0.payload > 0 }
        let (there, back) = (carriers.filter(isToServer), carriers.filter(isFromServer))
        guard !there.isEmpty, !back.isEmpty else { return .shown(text) }
        return .shown("\(text) (there in \(list(there)), back in \(list(back))). \(effort(carriers.count))")
    }

    /// How many packets it took, and what the others were for.
    private func effort(_ carriers: Int) -> String {
        if packets.contains(where: \.isSYN), packets.contains(where: \.isFIN) {
            return """
                \(carriers) of \(packets.count) packets carried data; the others opened the connection, acknowledged, \
                and closed it.
                """
        }
        let rest = carriers == packets.count ? ": UDP opens and closes nothing" : ""
        return "\(carriers) of \(packets.count) packets carried data\(rest)."
    }

    /// The first bytes as text that cannot act on a terminal.
    static func beginning(of bytes: [UInt8]) -> String {
        var text = ByteCollector()
        text.append(escaping: Array(bytes.prefix(60)).rawSpan)
        return text.text + (bytes.count > 60 ? "…" : "")
    }
}
