import Addressing

/// A question: a name, what is asked of it, and the class (RFC 1035 section 4.1.2). Offsets count from the record.
struct DNSQuestion {
    var name: Int
    var nameLength: Int
    var type: DNSType
    var classNumber: UInt16
}

/// A resource record (RFC 1035 section 4.1.3). Offsets count from the record's first byte.
///
///     +--------------------------------+------+-------+-----+----------+----------+
///     | name, compressed or not        | TYPE | CLASS | TTL | RDLENGTH | RDATA…   |
///     +--------------------------------+------+-------+-----+----------+----------+
struct DNSResourceRecord {
    var name: Int
    var type: DNSType
    var classNumber: UInt16
    /// In OPT: extended response code, version and flags (RFC 6891 section 6.1.3).
    var timeToLive: UInt32
    /// The data, which is there in full.
    var data: Range<Int>
    /// 1 answer, 2 authority, 3 additional.
    var section: Int
}

/// Walks through the entries of one section, then the next. What does not fit into the message ends the walk: nothing
/// after it can be found.
struct DNSEntries {
    private(set) var position: Int
    private var left: UInt16
    /// Whether the last entry claimed was not there in full.
    private(set) var isCut = false

    init(position: Int, left: UInt16) {
        self.position = position
        self.left = left
    }

    mutating func nextQuestion(_ message: borrowing DNSMessage) -> DNSQuestion? {
        guard left > 0 else { return nil }
        left &-= 1
        guard let name = message.name(at: position), position &+ name.encodedLength &+ 4 <= message.end else {
            return cut()
        }
        let fixed = position &+ name.encodedLength
        let question = DNSQuestion(
            name: position, nameLength: name.encodedLength, type: DNSType(rawValue: message.record.uint16(at: fixed)),
            classNumber: message.record.uint16(at: fixed &+ 2))
        position = fixed &+ 4
        return question
    }

    mutating func nextRecord(_ message: borrowing DNSMessage, section: Int) -> DNSResourceRecord? {
        guard left > 0 else { return nil }
        left &-= 1
        guard let name = message.name(at: position), position &+ name.encodedLength &+ 10 <= message.end else {
            return cut()
        }
        let fixed = position &+ name.encodedLength
        let dataStart = fixed &+ 10
        let dataEnd = dataStart &+ Int(message.record.uint16(at: fixed &+ 8))
        guard dataEnd <= message.end else { return cut() }
        let record = DNSResourceRecord(
            name: position, type: DNSType(rawValue: message.record.uint16(at: fixed)),
            classNumber: message.record.uint16(at: fixed &+ 2), timeToLive: message.record.uint32(at: fixed &+ 4),
            data: dataStart..<dataEnd, section: section)
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

    init(_ message: borrowing DNSMessage) {
        var questions = message.questions
        while questions.nextQuestion(message) != nil {}
        isCut = questions.isCut
        entries = DNSEntries(position: questions.position, left: message.count(1) ?? 0)
    }

    mutating func next(_ message: borrowing DNSMessage) -> DNSResourceRecord? {
        while !isCut {
            if let record = entries.nextRecord(message, section: section) { return record }
            isCut = entries.isCut
            guard section < 3, !isCut else { return nil }
            section &+= 1
            entries = DNSEntries(position: entries.position, left: message.count(section) ?? 0)
        }
        return nil
    }
}
