import Addressing

/// A question: a name, what is asked of it, and the class (RFC 1035 section 4.1.2). Offsets count from the record.
struct DNSQuestion {
    var name: Int
    /// Where its fixed fields begin, behind the name.
    var fixed: Int
    var type: DNSType
    var classNumber: UInt16
    /// Whether the name's pointers lead in a circle.
    var isLoop: Bool

    init(_ record: RawSpan, name: Int, fixed: Int, isLoop: Bool = false) {
        self.name = name
        self.fixed = fixed
        self.isLoop = isLoop
        type = DNSType(rawValue: record.uint16(at: fixed))
        classNumber = record.uint16(at: fixed &+ 2)
    }
}

/// A resource record (RFC 1035 section 4.1.3). Offsets count from the record's first byte.
///
///     +--------------------------------+------+-------+-----+----------+----------+
///     | name, compressed or not        | TYPE | CLASS | TTL | RDLENGTH | RDATA…   |
///     +--------------------------------+------+-------+-----+----------+----------+
struct DNSResourceRecord {
    var name: Int
    /// Where its fixed fields begin, behind the name.
    var fixed: Int
    var type: DNSType
    var classNumber: UInt16
    /// In OPT: extended response code, version and flags (RFC 6891 section 6.1.3).
    var timeToLive: UInt32
    /// The data, which is there in full.
    var data: Range<Int>
    /// 1 answer, 2 authority, 3 additional.
    var section: Int
    /// Whether the name's pointers lead in a circle.
    var isLoop: Bool

    init(_ record: RawSpan, name: Int, fixed: Int, data: Range<Int>, section: Int, isLoop: Bool = false) {
        self.name = name
        self.fixed = fixed
        self.data = data
        self.section = section
        self.isLoop = isLoop
        type = DNSType(rawValue: record.uint16(at: fixed))
        classNumber = record.uint16(at: fixed &+ 2)
        timeToLive = record.uint32(at: fixed &+ 4)
    }
}

/// Walks through the entries of one section, then the next. What does not fit into the message ends the walk: nothing
/// after it can be found.
struct DNSEntries {
    private(set) var position: Int
    private var left: UInt16
    /// Whether the last entry claimed was not there in full.
    private(set) var isCut = false
    /// What names may cost still.
    private(set) var budget: Int

    init(position: Int, left: UInt16, budget: Int = PacketBudget.names) {
        self.position = position
        self.left = left
        self.budget = budget
    }

    /// The same entries on another budget.
    init(_ entries: DNSEntries, budget: Int) {
        self.init(position: entries.position, left: entries.left, budget: budget)
    }

    /// Whether the walk ended because names have cost too much.
    var isOverBudget: Bool { budget < 0 }

    /// Counts a name; nothing more is walked once the budget is spent.
    mutating func spend(_ cost: Int) {
        budget &-= cost
        if budget < 0 { left = 0 }
    }

    /// The name at the present position.
    private mutating func name(_ message: borrowing DNSMessage) -> DomainName? {
        guard let name = message.name(at: position) else { return nil }
        spend(name.cost)
        return name
    }

    mutating func nextQuestion(_ message: borrowing DNSMessage) -> DNSQuestion? {
        guard left > 0 else { return nil }
        left &-= 1
        guard let name = name(message), position &+ name.encodedLength &+ 4 <= message.end else {
            return cut()
        }
        let fixed = position &+ name.encodedLength
        let question = DNSQuestion(message.record, name: position, fixed: fixed, isLoop: name.kind == .loop)
        position = fixed &+ 4
        return question
    }

    mutating func nextRecord(_ message: borrowing DNSMessage, section: Int) -> DNSResourceRecord? {
        guard left > 0 else { return nil }
        left &-= 1
        guard let name = name(message), position &+ name.encodedLength &+ 10 <= message.end else {
            return cut()
        }
        let fixed = position &+ name.encodedLength
        let dataStart = fixed &+ 10
        let dataEnd = dataStart &+ Int(message.record.uint16(at: fixed &+ 8))
        guard dataEnd <= message.end else { return cut() }
        let record = DNSResourceRecord(
            message.record, name: position, fixed: fixed, data: dataStart..<dataEnd, section: section,
            isLoop: name.kind == .loop)
        position = dataEnd
        return record
    }

    private mutating func cut<Entry>() -> Entry? {
        isCut = true
        left = 0
        return nil
    }
}

/// All resource records of a message: answers, authority, additional.
struct DNSRecords {
    private var entries: DNSEntries
    private var section = 1
    private(set) var isCut: Bool

    /// - Parameter questions: the message's questions, walked to their end.
    init(_ message: borrowing DNSMessage, behind questions: DNSEntries) {
        isCut = questions.isCut || questions.isOverBudget
        entries = DNSEntries(position: questions.position, left: message.count(1) ?? 0, budget: questions.budget)
    }

    init(_ message: borrowing DNSMessage) {
        var questions = message.questions
        while questions.nextQuestion(message) != nil {}
        self.init(message, behind: questions)
    }

    /// What names may cost still; negative where they have cost too much.
    var budget: Int { entries.budget }
    var isOverBudget: Bool { entries.isOverBudget }

    /// Counts a name in the data of a record.
    mutating func spend(_ cost: Int) { entries.spend(cost) }

    mutating func next(_ message: borrowing DNSMessage) -> DNSResourceRecord? {
        while !isCut {
            if let record = entries.nextRecord(message, section: section) { return record }
            isCut = entries.isCut || entries.isOverBudget
            guard section < 3, !isCut else { return nil }
            section &+= 1
            entries = DNSEntries(
                position: entries.position, left: message.count(section) ?? 0, budget: entries.budget)
        }
        return nil
    }
}
