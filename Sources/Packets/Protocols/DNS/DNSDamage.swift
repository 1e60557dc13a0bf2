/// What is wrong inside a DNS layer: its messages say more than they have, or a name's pointers never reach an end.
public enum DNSDamage: Hashable, Sendable {
    /// Compression pointers lead in a circle (RFC 1035 section 4.1.4 lets them point back only).
    case loop
    /// An entry that a count promises is not there in full.
    case cutShort

    /// - Returns: the first damage; nil where everything makes sense, or the layer is none of DNS.
    public static func of(_ layer: LayerRange, in record: RawSpan) -> DNSDamage? {
        switch layer.kind {
        case .dns, .mdns, .llmnr: break
        default: return nil
        }
        var messages = DNSMessages(record, layer)
        while let range = messages.next(record) {
            guard let message = DNSMessage(record, range, kind: messages.kind) else { return .cutShort }
            if let damage = of(message) { return damage }
        }
        return nil
    }

    private static func of(_ message: borrowing DNSMessage) -> DNSDamage? {
        var questions = message.questions
        while let question = questions.nextQuestion(message) {
            if message.name(at: question.name)?.kind == .loop { return .loop }
        }
        var records = DNSRecords(message)
        while let entry = records.next(message) {
            if message.name(at: entry.name)?.kind == .loop { return .loop }
        }
        return records.isCut ? .cutShort : nil
    }
}
