import Addressing
import Text

/// The parts of a DNS layer: its messages, and in each its questions and resource records, so that a tree shows whose
/// time to live is whose.
enum DNSParts {
    /// Kinds of parts. The lowest bits of a record's say in which section it stands, 1 to 3.
    private static let message: UInt32 = 0x10
    private static let question: UInt32 = 0x20
    private static let record: UInt32 = 0x40

    static let messages = PartKinds(message)
    static let questions = PartKinds(question)
    static let records = PartKinds(record, mask: record)

    static let shown = ShownParts(find: find, title: title)

    static let find: PartFinder = { context, parts in
        var budget = PacketBudget.names
        var messages = DNSMessages(context.record, context.layer)
        while let range = messages.next(context.record) {
            guard let message = DNSMessage(context.record, range, kind: messages.kind) else {
                parts.note(.cutShort)
                continue
            }
            guard find(message, &budget, &parts) else { break }
        }
        parts.spend(names: PacketBudget.names &- budget)
    }

    /// Finds the parts of one message.
    /// - Returns: false where the layer's budget is spent.
    private static func find(_ message: borrowing DNSMessage, _ budget: inout Int, _ parts: inout LayerParts) -> Bool {
        let owner = message.start..<message.end
        guard parts.append(LayerPart(Self.message, owner, owner: owner)) else { return false }
        var questions = DNSEntries(message.questions, budget: budget)
        while let found = questions.nextQuestion(message) {
            if found.isLoop { parts.note(.loop) }
            let part = LayerPart(
                question, found.name..<questions.position, content: found.fixed..<questions.position, owner: owner)
            guard parts.append(part) else { return false }
        }
        var records = DNSRecords(message, behind: questions)
        while let found = records.next(message) {
            if found.isLoop { parts.note(.loop) }
            let end = found.data.upperBound
            let part = LayerPart(
                record | UInt32(found.section), found.name..<end, content: found.fixed..<end, owner: owner)
            guard parts.append(part) else { return false }
            if let skipped = found.type.bytesBeforeName {
                records.spend(cost(message, found.data.lowerBound &+ skipped, names: found.type == .soa ? 2 : 1))
            }
        }
        budget = records.budget
        if records.isOverBudget {
            parts.endAtBudget()
            return false
        }
        if records.isCut { parts.note(.cutShort) }
        return true
    }

    /// What the names cost that stand one behind the other in a record's data.
    private static func cost(_ message: borrowing DNSMessage, _ start: Int, names: Int) -> Int {
        var position = start
        var cost = 0
        for _ in 0..<names {
            guard let name = message.name(at: position) else { break }
            cost &+= name.cost
            position &+= name.encodedLength
        }
        return cost
    }

    // MARK: Reading a part

    /// Opens the message that a part is, or lies in.
    @_lifetime(copy context)
    static func message(_ part: LayerPart, _ context: borrowing LayerContext) -> DNSMessage? {
        DNSMessage(context.record, part.owner, kind: context.layer.kind)
    }

    static func question(_ part: LayerPart, _ record: RawSpan) -> DNSQuestion {
        DNSQuestion(record, name: part.start, fixed: part.content.lowerBound)
    }

    static func record(_ part: LayerPart, _ record: RawSpan) -> DNSResourceRecord {
        let fixed = part.content.lowerBound
        return DNSResourceRecord(
            record, name: part.start, fixed: fixed, data: fixed &+ 10..<part.content.upperBound,
            section: Int(part.kind & 3))
    }

    // MARK: Titles

    /// `Answer: www.example.com A`.
    private static let title: PartReader = { context, part, values in
        guard part.kind != Self.message, let message = message(part, context) else { return }
        values.append(.word(StaticWord(section(part, isUpdate: message.isUpdate))))
        values.append(.word(StaticWord(": ")))
        if let name = message.nameValue(at: part.start) { values.append(name) }
        values.append(.word(StaticWord(" ")))
        let type = DNSType(rawValue: context.record.uint16(at: part.content.lowerBound))
        if let name = type.name {
            values.append(.word(StaticWord(name)))
        } else {
            // RFC 3597 section 5.
            values.append(.word(StaticWord("TYPE")))
            values.append(.unsigned(UInt64(type.rawValue)))
        }
    }

    /// RFC 1035 section 4.1; in an update RFC 2136 section 2.
    private static func section(_ part: LayerPart, isUpdate: Bool) -> StaticString {
        if part.kind == question { return isUpdate ? "Zone" : "Question" }
        return switch part.kind & 3 {
        case 1: isUpdate ? "Prerequisite" : "Answer"
        case 2: isUpdate ? "Update" : "Authority"
        default: "Additional"
        }
    }
}
