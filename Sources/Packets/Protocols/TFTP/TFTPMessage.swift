/// A message of the Trivial File Transfer Protocol, read in place (RFC 1350 section 5; options: RFC 2347).
///
///     +------------+-----------+---+------+---+--------+---+-------+---+
///     | 1 or 2     | File name | 0 | Mode | 0 | Option | 0 | Value | 0 |  …   a request to read or to write
///     +------------+-----------+---+------+---+--------+---+-------+---+
///     | 3          | Block (2) | Data, a whole block or the last one  |      data
///     +------------+-----------+--------------------------------------+
///     | 4          | Block (2) |                                             its acknowledgment
///     +------------+-----------+---------+---+
///     | 5          | Code (2)  | Message | 0 |                               an error
///     +------------+-----------+---------+---+
///     | 6          | Option | 0 | Value | 0 |  …                              the acknowledgment of options
///     +------------+--------+---+-------+---+
///
/// Only a request goes to the server's port. What follows is sent between two ports that both sides choose anew
/// (section 4), and nothing in it says that it is TFTP: it takes the conversation to know that.
struct TFTPMessage: ~Escapable {
    static let opcodeLength = 2
    /// Opcode and block, or error code.
    static let numberedLength = 4

    let bytes: RawSpan

    @_lifetime(copy bytes)
    init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= Self.opcodeLength else { return nil }
        self.bytes = bytes
    }

    var opcode: UInt16 { bytes.uint16(at: 0) }
    var isRequest: Bool { opcode == 1 || opcode == 2 }

    /// The block's number, of data and acknowledgments.
    var block: UInt16? { opcode == 3 || opcode == 4 ? number : nil }
    var errorCode: UInt16? { opcode == 5 ? number : nil }

    private var number: UInt16? { bytes.byteCount >= Self.numberedLength ? bytes.uint16(at: 2) : nil }

    /// The strings: file name, mode and options of a request, the options of their acknowledgment, an error's message.
    var strings: TFTPStrings {
        switch opcode {
        case 1, 2, 6: TFTPStrings(position: Self.opcodeLength)
        case 5: TFTPStrings(position: Self.numberedLength)
        default: TFTPStrings(position: .max)
        }
    }

    /// The strings behind a request's file name and mode, or behind the opcode of an acknowledgment: a name and a value
    /// each time.
    var options: TFTPStrings {
        guard isRequest || opcode == 6 else { return TFTPStrings(position: .max) }
        var rest = strings
        if isRequest { for _ in 0..<2 { _ = rest.next(bytes) } }
        return rest
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(opcodeLength) else { return cursor.cut(.tftp, required: opcodeLength, &layers) }
        switch record.uint16(at: cursor.start) {
        case 3...5:
            guard cursor.has(numberedLength) else { return cursor.cut(.tftp, required: numberedLength, &layers) }
            // A file's bytes are data; an error's message belongs to the error.
            let isData = record.uint16(at: cursor.start) == 3
            cursor.add(.tftp, header: isData ? numberedLength : cursor.available, to: &layers)
        case 1, 2, 6: cursor.add(.tftp, header: cursor.available, to: &layers)
        default: cursor.add(.tftp, header: opcodeLength, to: &layers)
        }
        return .data
    }
}

/// Strings one after the other, each with a zero byte behind it.
struct TFTPStrings {
    fileprivate(set) var position: Int

    /// The next one without its end, counted from the message's first byte; to the last byte where the end is missing.
    mutating func next(_ bytes: RawSpan) -> Range<Int>? {
        guard position < bytes.byteCount else { return nil }
        let start = position
        while position < bytes.byteCount, bytes.uint8(at: position) != 0 { position &+= 1 }
        defer { position &+= 1 }
        return start..<position
    }
}
