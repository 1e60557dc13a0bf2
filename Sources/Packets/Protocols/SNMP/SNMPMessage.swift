/// A value in ASN.1's basic encoding rules: tag, length, content (ITU-T X.690 section 8.1). Lengths of up to four bytes
/// and tags of one byte are all that SNMP has.
struct BERValue {
    let tag: UInt8
    let content: Range<Int>

    /// The value at a place.
    init?(at place: Int, _ end: Int, _ record: RawSpan) {
        guard place >= 0, end <= record.byteCount, end &- place >= 2 else { return nil }
        tag = record.uint8(at: place)
        let first = record.uint8(at: place &+ 1)
        var start = place &+ 2
        var length = Int(first & 0x7f)
        if first & 0x80 != 0 {
            let count = length
            guard 1...4 ~= count, count <= end &- start else { return nil }
            length = 0
            for _ in 0..<count {
                length = length << 8 | Int(record.uint8(at: start))
                start &+= 1
            }
        }
        content = start..<min(end, start &+ length)
    }

    /// A whole number of at most eight bytes.
    func integer(_ record: RawSpan) -> Int64? {
        guard tag == 2, 1...8 ~= content.count else { return nil }
        var value = Int64(Int8(bitPattern: record.uint8(at: content.lowerBound)))
        for place in content.dropFirst() { value = value << 8 | Int64(record.uint8(at: place)) }
        return value
    }
}

/// A message of the Simple Network Management Protocol, version 1 (RFC 1157) or 2c (RFC 1901, RFC 3416): a sequence of
/// version, community, and what is asked or told. Of version 3 (RFC 3412), which hides the rest in security
/// parameters, only the version is read.
struct SNMPMessage {
    let version: Int64
    let community: Range<Int>?
    /// What it is: the tag's number, from 0, a get request, to 8, a report.
    let operation: UInt8?
    let requestID: Int64?
    let errorStatus: Int64?
    let errorIndex: Int64?
    /// The list of variables.
    let bindings: Range<Int>?

    init?(_ range: Range<Int>, of record: RawSpan) {
        let end = min(range.upperBound, record.byteCount)
        guard let whole = BERValue(at: range.lowerBound, end, record), whole.tag == 0x30 else { return nil }
        let last = whole.content.upperBound
        guard let first = BERValue(at: whole.content.lowerBound, last, record), let version = first.integer(record),
            [0, 1, 3].contains(version)
        else { return nil }
        self.version = version
        let second = BERValue(at: first.content.upperBound, last, record)
        let isCommunity = version != 3 && second?.tag == 4
        if version != 3, second != nil, !isCommunity { return nil }
        community = isCommunity ? second?.content : nil
        var operation: UInt8?
        var numbers: [Int64?] = [nil, nil, nil]
        var bindings: Range<Int>?
        if isCommunity, let name = second?.content,
            let unit = BERValue(at: name.upperBound, last, record), 0xa0...0xa8 ~= unit.tag
        {
            operation = unit.tag & 0x1f
            var place = unit.content.lowerBound
            // A trap of version 1 has other things here (RFC 1157 section 4.1.6).
            if operation != 4 {
                for index in 0..<3 {
                    guard let value = BERValue(at: place, unit.content.upperBound, record) else { break }
                    numbers[index] = value.integer(record)
                    place = value.content.upperBound
                }
                if let list = BERValue(at: place, unit.content.upperBound, record), list.tag == 0x30 {
                    bindings = list.content
                }
            }
        }
        self.operation = operation
        (requestID, errorStatus, errorIndex) = (numbers[0], numbers[1], numbers[2])
        self.bindings = bindings
    }

    static let isLikely: Attachment.Acceptance = { record, cursor, _ in
        SNMPMessage(cursor.start..<cursor.end, of: record) != nil
    }
}
