/// Follows handshake messages from record to record: a message may span several (RFC 8446 section 5.1).
///
///     | record 22 | Client Hello, first part | record 22 | second part |        → one message
///
/// Handed the handshake records one after the other; keeps a few numbers.
struct TLSFlight {
    /// What a record has to do with messages of several records.
    struct Taken {
        /// So many bytes at its beginning go on with a message that began before.
        var continued = 0
        /// How long that message is, with its header, where it ends here.
        var completed: Int?
        /// The place from which on the record has a message that does not end here; its end where there is none.
        var openFrom: Int
    }

    private static let headerLength = 4

    /// The header of the message that is read, and how many bytes of it are here.
    private var header: UInt32 = 0
    private var headerCount = 0
    /// How many bytes of its body are to come.
    private var missing = 0
    /// How many records it has begun in.
    private var records = 0

    /// Whether a message goes on in the next record.
    var isOpen: Bool { headerCount > 0 }

    /// Takes the content of a handshake record.
    mutating func take(_ bytes: RawSpan, _ content: Range<Int>) -> Taken {
        var taken = Taken(openFrom: content.upperBound)
        var position = content.lowerBound
        if isOpen {
            let isDone = goOn(bytes, &position, content.upperBound)
            taken.continued = position - content.lowerBound
            guard isDone else { return taken }
            taken.completed = Self.headerLength + Int(header & 0xff_ffff)
        }
        while position < content.upperBound {
            let start = position
            (header, headerCount, missing) = (0, 0, 0)
            if goOn(bytes, &position, content.upperBound) { continue }
            // What is encrypted looks like any message, and means nothing.
            if Self.maySpan(bytes, start..<content.upperBound) {
                taken.openFrom = start
            } else {
                (header, headerCount, missing) = (0, 0, 0)
            }
            return taken
        }
        (header, headerCount, missing) = (0, 0, 0)
        return taken
    }

    /// Reads on in the current message.
    /// - Returns: whether it ends here.
    private mutating func goOn(_ bytes: RawSpan, _ position: inout Int, _ end: Int) -> Bool {
        while headerCount < Self.headerLength {
            guard position < end else { return false }
            header = header << 8 | UInt32(bytes.uint8(at: position))
            position &+= 1
            headerCount &+= 1
            if headerCount == Self.headerLength { missing = Int(header & 0xff_ffff) }
        }
        let step = min(missing, end - position)
        position &+= step
        missing &-= step
        return missing == 0
    }

    /// Whether bytes are the first of a message that may be longer than its record: of a hello, or of certificates.
    /// They are known by what their bodies begin with.
    private static func maySpan(_ bytes: RawSpan, _ part: Range<Int>) -> Bool {
        let start = part.lowerBound
        let length =
            part.count >= headerLength
            ? Int(bytes.uint8(at: start &+ 1)) << 16 | Int(bytes.uint16(at: start &+ 2)) : 0
        guard length < 1 << 20 else { return false }
        switch bytes.uint8(at: start) {
        case TLSHandshakes.clientHello, TLSHandshakes.serverHello:
            // The version, 3.0 to 3.4.
            if part.count > headerLength, bytes.uint8(at: start &+ 4) != 3 { return false }
            return part.count <= headerLength + 1 || bytes.uint8(at: start &+ 5) <= 4
        case TLSHandshakes.certificate:
            // The length of the list, which is all that there is (RFC 5246 section 7.4.2).
            guard part.count >= headerLength + 3 else { return true }
            return Int(bytes.uint8(at: start &+ 4)) << 16 | Int(bytes.uint16(at: start &+ 5)) == length - 3
        default: return false
        }
    }
}

extension TLSFlight {
    /// The parts of handshake messages that a layer's records carry in several pieces, in order; empty where there are
    /// none.
    static func pieces(_ record: RawSpan, _ layer: LayerRange) -> [Range<Int>] {
        var records = TLSRecords(alone: record, layer)
        var flight = TLSFlight()
        var pieces: [Range<Int>] = []
        var open: [Range<Int>] = []
        while let found = records.next(record) {
            guard found.contentType == TLSRecords.handshake, !found.continues else { break }
            let content = found.fragment
            let taken = flight.take(record, content)
            if taken.continued > 0 { open.append(content.prefix(taken.continued)) }
            if taken.completed != nil {
                pieces += open
                open = []
            }
            if taken.openFrom < content.upperBound { open = [taken.openFrom..<content.upperBound] }
        }
        return pieces
    }
}
