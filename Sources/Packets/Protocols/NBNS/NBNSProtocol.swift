import Text

/// A message of the NetBIOS name service over TCP/IP (RFC 1002 section 4.2): DNS' layout, with flags of its own and
/// names of sixteen bytes, each written as two letters from A to P (section 4.1), the last byte saying what kind of
/// name it is.
struct NBNSMessage {
    static let headerLength = 12

    /// A question or a record.
    struct Entry {
        /// The encoded name's thirty-two letters, where it has so many.
        let letters: Range<Int>?
        let type: UInt16
        let numberClass: UInt16
        /// nil for a question.
        let timeToLive: UInt32?
        let data: Range<Int>?
        let range: Range<Int>
    }

    private let record: Range<Int>
    private var position: Int
    private var questions: UInt16
    private var records: Int

    init?(_ range: Range<Int>, of bytes: RawSpan) {
        let end = min(range.upperBound, bytes.byteCount)
        guard range.lowerBound >= 0, end &- range.lowerBound >= Self.headerLength else { return nil }
        let start = range.lowerBound
        record = start..<end
        position = start &+ Self.headerLength
        questions = bytes.uint16(at: start &+ 4)
        records =
            Int(bytes.uint16(at: start &+ 6)) &+ Int(bytes.uint16(at: start &+ 8)) &+ Int(bytes.uint16(at: start &+ 10))
    }

    /// The next entry; nil behind the last one, or where the rest is cut.
    mutating func next(_ bytes: RawSpan) -> Entry? {
        let isQuestion = questions > 0
        guard isQuestion || records > 0 else { return nil }
        if isQuestion { questions &-= 1 } else { records &-= 1 }
        let start = position
        guard let letters = skipName(bytes), record.upperBound &- position >= (isQuestion ? 4 : 10) else {
            (questions, records) = (0, 0)
            return nil
        }
        let type = bytes.uint16(at: position)
        let numberClass = bytes.uint16(at: position &+ 2)
        position &+= 4
        var timeToLive: UInt32?
        var data: Range<Int>?
        if !isQuestion {
            timeToLive = bytes.uint32(at: position)
            let length = Int(bytes.uint16(at: position &+ 4))
            data = position &+ 6..<min(record.upperBound, position &+ 6 &+ length)
            position = data?.upperBound ?? position
        }
        return Entry(
            letters: letters.isEmpty ? nil : letters, type: type, numberClass: numberClass, timeToLive: timeToLive,
            data: data, range: start..<position)
    }

    /// Moves behind a name: labels up to an empty one, or a pointer to one before (RFC 1002 section 4.2.1.1 allows
    /// it). Gives the first label's letters; nothing for a name without.
    private mutating func skipName(_ bytes: RawSpan) -> Range<Int>? {
        var letters = position..<position
        var isFirst = true
        while position < record.upperBound {
            let length = Int(bytes.uint8(at: position))
            if length & 0xc0 == 0xc0 {
                guard record.upperBound &- position >= 2 else { return nil }
                let target = record.lowerBound &+ Int(bytes.uint16(at: position) & 0x3fff)
                if isFirst, target &+ 33 <= record.upperBound, bytes.uint8(at: target) == 32 {
                    letters = target &+ 1..<target &+ 33
                }
                position &+= 2
                return letters
            }
            guard length < 64, length < record.upperBound &- position else { return nil }
            if isFirst, length == 32 { letters = position &+ 1..<position &+ 33 }
            isFirst = false
            position &+= 1 &+ length
            if length == 0 { return letters }
        }
        return nil
    }

    /// Whether the bytes at the port are a message: an operation that exists, and few entries.
    static let isLikely: Attachment.Acceptance = { record, cursor, _ in
        guard cursor.has(headerLength) else { return cursor.claimed >= headerLength }
        let operation = record.uint8(at: cursor.start &+ 2) >> 3 & 15
        guard operation == 0 || 5...9 ~= operation || operation == 15 else { return false }
        return record.uint16(at: cursor.start &+ 4) <= 1 && record.uint16(at: cursor.start &+ 6) <= 64
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(headerLength) else { return cursor.cut(.nbns, required: headerLength, &layers) }
        cursor.add(.nbns, header: cursor.available, to: &layers)
        return .data
    }
}

extension ProtocolDescription {
    static let nbns = ProtocolDescription(
        .nbns, "nbns", "NetBIOS Name Service", role: .application,
        attachments: [.udpPort(137, accepts: NBNSMessage.isLikely)],
        dissect: NBNSMessage.dissect,
        asks: { message in
            guard message.byteCount >= 3 else { return nil }
            return message.uint8(at: 2) & 0x80 == 0
        },
        fields: NBNSFields.all,
        line: .words(NBNSFields.summarize))
}

enum NBNSFields {
    private static let question: UInt32 = 1
    private static let record: UInt32 = 2

    static let all: [FieldDefinition] = [
        .at(0, "nbns.id", .hex(bits: 16), "Transaction ID"),
        .at(2, "nbns.flags", .hex(bits: 16), "Flags"),
        .at(2, "nbns.flags.response", .boolean, "Response", length: 2, mask: 0x8000),
        .at(2, "nbns.flags.opcode", .unsigned(bits: 4), "Operation", length: 2, mask: 0x7800, valueName: operation),
        .at(2, "nbns.flags.authoritative", .boolean, "Authoritative", length: 2, mask: 0x0400) {
            $0.uint8(at: 2) & 0x80 != 0
        },
        .at(2, "nbns.flags.truncated", .boolean, "Truncated", length: 2, mask: 0x0200),
        .at(2, "nbns.flags.recdesired", .boolean, "Recursion desired", length: 2, mask: 0x0100),
        .at(2, "nbns.flags.recavail", .boolean, "Recursion available", length: 2, mask: 0x0080) {
            $0.uint8(at: 2) & 0x80 != 0
        },
        .at(2, "nbns.flags.broadcast", .boolean, "Broadcast", length: 2, mask: 0x0010),
        .at(2, "nbns.flags.rcode", .unsigned(bits: 4), "Reply code", length: 2, mask: 0x000f) {
            $0.uint8(at: 2) & 0x80 != 0
        },
        .at(4, "nbns.count.queries", .unsigned(bits: 16), "Questions"),
        .at(6, "nbns.count.answers", .unsigned(bits: 16), "Answers"),
        .at(8, "nbns.count.auth_rr", .unsigned(bits: 16), "Authority records"),
        .at(10, "nbns.count.add_rr", .unsigned(bits: 16), "Additional records"),
        .inParts(.all, foundBy: find, "nbns.type", .unsigned(bits: 16), "Type", valueName: typeName) {
            $2.append(.unsigned(UInt64($0.record.uint16(at: $1.owner.lowerBound))))
        },
        .inParts(.all, foundBy: find, "nbns.class", .unsigned(bits: 16), "Class") {
            $2.append(.unsigned(UInt64($0.record.uint16(at: $1.owner.lowerBound &+ 2))))
        },
        .inParts(PartKinds(record), foundBy: find, "nbns.ttl", .unsigned(bits: 32), "Time to live in seconds") {
            $2.append(.unsigned(UInt64($0.record.uint32(at: $1.owner.lowerBound &+ 4))))
        },
        .inParts(PartKinds(record), foundBy: find, "nbns.data_length", .unsigned(bits: 16), "Data length") {
            $2.append(.unsigned(UInt64($0.record.uint16(at: $1.owner.lowerBound &+ 8))))
        },
        .inParts(PartKinds(record), foundBy: find, "nbns.addr", .ipv4, "Address") {
            guard $0.record.uint16(at: $1.owner.lowerBound) == 32 else { return }
            var place = $1.content.lowerBound
            // Two bytes of flags before each.
            while $1.content.upperBound &- place >= 6 {
                $2.append(.ipv4($0.record.ipv4Address(at: place &+ 2)))
                place &+= 6
            }
        },
    ]

    /// An entry's owner is what stands behind its name: type and class first.
    private static let find: PartFinder = { context, parts in
        guard var message = NBNSMessage(context.layer.range, of: context.record) else { return }
        while let entry = message.next(context.record) {
            let data = entry.data ?? entry.range.upperBound..<entry.range.upperBound
            let fixed = entry.data == nil ? entry.range.upperBound &- 4 : data.lowerBound &- 10
            let part = LayerPart(
                entry.data == nil ? question : record, entry.range, content: data, owner: fixed..<data.lowerBound)
            guard parts.append(part) else { return }
        }
    }

    /// RFC 1002 section 4.2.1.1.
    private static let operation: ValueName = { number in
        switch number {
        case 0: "Name query"
        case 5: "Registration"
        case 6: "Release"
        case 7: "Wait and acknowledgment"
        case 8: "Refresh"
        case 9: "Refresh(altcode)"
        case 15: "Multi-homed registration"
        default: nil
        }
    }

    /// RFC 1002 section 4.2.1.3.
    private static let typeName: ValueName = { number in
        switch number {
        case 32: "NB"
        case 33: "NBSTAT"
        default: nil
        }
    }

    /// `NBNS Name query NB WORKGROUP<1d>`, `NBNS Name query response NB FILES<20> 10.0.0.1`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("NBNS ")
        guard var message = NBNSMessage(layer.range, of: record) else { return }
        let flags = record.uint16(at: Int(layer.start) &+ 2)
        text.append(operation(UInt64(flags >> 11 & 15)) ?? "operation")
        if flags & 0x8000 != 0 { text.append(" response") }
        guard let entry = message.next(record) else { return }
        if let name = typeName(UInt64(entry.type)) {
            text.append(ascii: 32)
            text.append(name)
        }
        if let letters = entry.letters { write(letters, record, into: &text) }
        if entry.type == 32, let data = entry.data, data.count >= 6 {
            text.append(ascii: 32)
            record.ipv4Address(at: data.lowerBound &+ 2).write(to: &text)
        }
    }

    /// A name's fifteen characters without the spaces that fill it up, and its last byte in hexadecimal.
    private static func write(_ letters: Range<Int>, _ record: RawSpan, into text: inout SummaryText) {
        var name = [UInt8]()
        name.reserveCapacity(16)
        for place in stride(from: letters.lowerBound, to: letters.upperBound, by: 2) {
            let (high, low) = (record.uint8(at: place), record.uint8(at: place &+ 1))
            guard 65...80 ~= high, 65...80 ~= low else { return }
            name.append((high &- 65) << 4 | (low &- 65))
        }
        guard let kind = name.popLast() else { return }
        while name.last == 32 { name.removeLast() }
        text.append(ascii: 32)
        text.append(escaping: 0..<name.count, of: name.rawSpan)
        text.append(ascii: 60)
        text.append(hexByte: kind)
        text.append(ascii: 62)
    }
}
