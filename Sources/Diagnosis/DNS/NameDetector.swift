import Addressing
import Packets

/// DNS (RFC 1035): each question with its answer and how long that took, those that were repeated, and those that
/// nobody answered.
struct NameDetector: Detector {
    static let topic = Topic("dns", "DNS", "which names were asked for, and what came of it")
    static let layers: Set<LayerKind> = [.dns]

    /// So many questions wait for their answers at once.
    private static let mostOpen = 4096

    private struct Key: Hashable {
        let client: IPAddress
        let server: IPAddress
        let port: UInt16
        let identifier: UInt16
    }

    private struct Question: Sendable {
        let text: String
        let client: IPAddress
        let server: IPAddress
        var packets: [Int]
        let start: Timestamp
        var last: Timestamp
    }

    private var open: [Key: Question] = [:]
    private var order: [Key] = []
    private var list = FindingList()

    mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        guard let time = facts.timestamp,
            let index = dissection.layers.firstIndex(where: { Self.layers.contains($0.kind) && !$0.isQuoted }),
            index > 0, let message = DNSOutline(dissection.layers[index], record),
            let ends = PacketAddresses(record, dissection, before: index)
        else { return }
        let ports = record.extracting(dissection.layers[index - 1].range)
        guard ports.byteCount >= 4 else { return }
        let key =
            message.isResponse
            ? Key(
                client: ends.destination, server: ends.source, port: ports.uint16(at: 2), identifier: message.identifier
            )
            : Key(
                client: ends.source, server: ends.destination, port: ports.uint16(at: 0), identifier: message.identifier
            )
        if message.isResponse {
            answer(message, key, facts.number, time)
        } else {
            ask(message, key, facts.number, time)
        }
    }

    private mutating func ask(_ message: DNSOutline, _ key: Key, _ packet: Int, _ time: Timestamp) {
        let text = message.question ?? "something that cannot be read"
        if let earlier = open[key], earlier.text == text {
            open[key]?.last = time
            if earlier.packets.count < PacketNumbers.limit { open[key]?.packets.append(packet) }
            return
        }
        if let earlier = open[key] { list.add(Self.unanswered(earlier), "question", "without an answer") }
        open[key] = Question(
            text: text, client: key.client, server: key.server, packets: [packet], start: time, last: time)
        order.append(key)
        if order.count > Self.mostOpen { forgetOldest() }
    }

    private mutating func forgetOldest() {
        for key in order.prefix(Self.mostOpen / 2) {
            if let question = open.removeValue(forKey: key) {
                list.add(
                    Self.unanswered(question),
                    """
                    question
                    """, "without an answer")
            }
        }
        order.removeFirst(Self.mostOpen / 2)
    }

    private mutating func answer(_ message: DNSOutline, _ key: Key, _ packet: Int, _ time: Timestamp) {
        guard let question = open.removeValue(forKey: key) else {
            let text = message.question ?? "a question that it does not repeat"
            list.add(
                Finding(
                    .nameAnswerAlone, .note,
                    """
                    \(.address(key.server)) answered \(.words(text)) to \(.address(key.client)): \
                    \(Self.outcome(message)). \
                    The question is not in the capture, or was answered before.
                    """,
                    evidence: Finding.Evidence(packets: PacketNumbers(packet)), at: time),
                "answer", "without a question")
            return
        }
        // An error is an answer, too; that a name does not exist is the most common one.
        let (kind, severity): (Finding.Kind, Finding.Severity) =
            message.failure == nil ? (.nameAnswered, .success) : (.nameFailed, .failure)
        list.add(
            Finding(
                kind, severity,
                """
                \(Self.asked(question)): \(Self.outcome(message)), after \
                \(.duration(time.elapsed(since: question.last))).
                """,
                evidence: Finding.Evidence(packets: PacketNumbers(question.packets + [packet])), at: question.start,
                duration: time.elapsed(since: question.start)),
            "question", message.failure == nil ? "with an answer" : "with an error for an answer")
    }

    private static func asked(_ question: Question) -> Sentence {
        let again: Sentence? = question.packets.count > 1 ? " \(.times(question.packets.count))" : nil
        return
            "\(.address(question.client)) asked \(.address(question.server))\(again) for \(.words(question.text))"
    }

    private static func outcome(_ message: DNSOutline) -> Sentence {
        if let failure = message.failure {
            return failure == "NXDOMAIN" ? "there is no such name (NXDOMAIN)" : "\(.words(failure))"
        }
        if message.isTruncated {
            return """
                the answer did not fit into a datagram (truncated), so that TCP is to be used
                """
        }
        if message.answers == 0 { return "the name has no such record" }
        if message.addresses.isEmpty { return "\(.count(message.answers, "record"))" }
        let addresses = message.addresses.map { "\(.address($0))" as Sentence }.joined(separator: ", ")
        return message.answers > message.addresses.count
            ? "\(addresses) (of \(.count(message.answers, "record")))" : addresses
    }

    private static func unanswered(_ question: Question) -> Finding {
        Finding(
            .nameUnanswered, .failure,
            """
            \(asked(question)), and no answer is in the capture: the question or the answer was lost, dropped, or \
            nobody is \
            there.
            """,
            evidence: Finding.Evidence(packets: PacketNumbers(question.packets)), at: question.start,
            duration: question.last.elapsed(since: question.start))
    }

    var findings: [Finding] {
        var list = list
        for question in open.values.sorted(by: { $0.packets[0] < $1.packets[0] }) {
            list.add(Self.unanswered(question), "question", "without an answer")
        }
        return list.findings
    }
}

extension Finding.Kind {
    package static let nameAnswered: Self = "name_answered"
    package static let nameFailed: Self = "name_failed"
    package static let nameUnanswered: Self = "name_unanswered"
    package static let nameAnswerAlone: Self = "name_answer_alone"
}
