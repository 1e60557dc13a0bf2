import Addressing
import Text

/// The parts of a DNS layer that have fields of their own: each question and each resource record, so that a tree shows
/// whose time to live is whose.
enum DNSParts {
    static let read: ProtocolFields.PartReader = { context in
        var found: [LayerPart] = []
        let start = Int(context.layer.start)
        var messages = DNSMessages(context.record, context.layer)
        while let range = messages.next(context.record) {
            guard let message = DNSMessage(context.record, range, kind: messages.kind) else { continue }
            var questions = message.questions
            while let question = questions.nextQuestion(message) {
                let title = title(message.isUpdate ? "Zone" : "Question", message, question.name, question.type)
                found.append(LayerPart(title: title, range: question.name &- start..<questions.position &- start))
            }
            var records = DNSRecords(message)
            while let record = records.next(message) {
                let title = title(
                    section(record.section, isUpdate: message.isUpdate), message, record.name, record.type)
                found.append(LayerPart(title: title, range: record.name &- start..<record.data.upperBound &- start))
            }
        }
        return found
    }

    /// RFC 1035 section 4.1; in an update RFC 2136 section 2.
    private static func section(_ number: Int, isUpdate: Bool) -> String {
        switch number {
        case 1: isUpdate ? "Prerequisite" : "Answer"
        case 2: isUpdate ? "Update" : "Authority"
        default: "Additional"
        }
    }

    /// `Answer: www.example.com A`, escaped.
    private static func title(_ section: String, _ message: borrowing DNSMessage, _ name: Int, _ type: DNSType)
        -> String
    {
        var text = ByteCollector()
        message.name(at: name)?.write(message.record, style: .escaped, to: &text)
        return "\(section): \(text.text) \(type.name ?? "TYPE\(type.rawValue)")"
    }
}
