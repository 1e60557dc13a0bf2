import Addressing
import Text

/// What of a DNS message tells its story, owned: what is asked, and what the answer says (RFC 1035 section 4).
public struct DNSOutline: Hashable, Sendable {
    /// Ties an answer to its question.
    public let identifier: UInt16
    /// Whether it answers.
    public let isResponse: Bool
    /// `A example.com`, escaped; nil where there is no question that can be read.
    public let question: String?
    /// The response's code by its mnemonic, `NXDOMAIN`; nil where there is no error.
    public let failure: String?
    /// Whether the answer did not fit into a datagram (the TC flag).
    public let isTruncated: Bool
    /// How many records answer, and the addresses among them: at most four.
    public let answers: Int
    /// The addresses among the answers, at most four.
    public let addresses: [IPAddress]

    /// The first message of a layer; nil where it is no query or response to one, or is cut.
    public init?(_ layer: LayerRange, _ record: RawSpan) {
        var messages = DNSMessages(record, layer)
        guard let range = messages.next(record), let message = DNSMessage(record, range, kind: messages.kind),
            message.opcode == 0
        else { return nil }
        identifier = message.identifier
        isResponse = message.isResponse
        isTruncated = message.flags & 0x0200 != 0
        let code = UInt64(message.responseCode)
        failure = code == 0 || !message.isResponse ? nil : DNSNames.responseCode(code).map { "\($0)" } ?? "code \(code)"
        question = Self.question(message)
        answers = Int(message.count(1) ?? 0)
        addresses = message.isResponse ? Self.addresses(message) : []
    }

    private static func question(_ message: borrowing DNSMessage) -> String? {
        var questions = message.questions
        guard let question = questions.nextQuestion(message), let name = message.name(at: question.name) else {
            return nil
        }
        // Bounded, whatever a name of compression pointers would be written as.
        var text = SummaryText()
        if let type = question.type.name {
            text.append(type)
        } else {
            // RFC 3597 section 5.
            text.append("TYPE")
            text.append(decimal: UInt64(question.type.rawValue))
        }
        text.append(ascii: 32)
        name.write(message.record, style: .escaped, to: &text)
        var collector = ByteCollector()
        text.write(to: &collector)
        return collector.text
    }

    private static func addresses(_ message: borrowing DNSMessage) -> [IPAddress] {
        var found: [IPAddress] = []
        var records = DNSRecords(message)
        while found.count < 4, let answer = records.next(message), answer.section == 1 {
            switch (answer.type, answer.data.count) {
            case (.a, 4): found.append(.v4(message.record.ipv4Address(at: answer.data.lowerBound)))
            case (.aaaa, 16): found.append(.v6(message.record.ipv6Address(at: answer.data.lowerBound)))
            default: break
            }
        }
        return found
    }
}
