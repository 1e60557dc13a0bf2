import Text

extension ProtocolDescription {
    /// TELNET (RFC 854): what is typed and shown, and between it commands that begin with the byte 255 (IAC).
    static let telnet = ProtocolDescription(
        .telnet, "telnet", "Telnet", role: .application,
        attachments: [.tcpPort(23)],
        traits: [.followsConnection],
        dissect: { CommandLines.dissect(.telnet, $0, &$1, &$2) },
        fields: TELNETFields.all,
        line: .words(TELNETFields.summarize))
}

/// The pieces of a segment, one after the other.
///
///     +----------+-----------+-----------+
///     | 255 IAC  |  command  |  option   |   WILL, WON'T, DO, DON'T (251 to 254) and SB (250) name an option
///     +----------+-----------+-----------+
///     | 255 | 250 SB | option | parameters … | 255 | 240 SE |              a subnegotiation (RFC 855)
///     +-----+--------+--------+--------------+-----+--------+
struct TELNETPieces {
    enum Piece {
        case data(Range<Int>)
        /// With the option's number, where the command has one and it is there.
        case command(UInt8, option: UInt8?, at: Range<Int>)
    }

    private static let escape: UInt8 = 255
    static let subnegotiation: UInt8 = 250

    private var position: Int
    private let end: Int
    private var isInSubnegotiation = false

    init(_ range: Range<Int>, of record: RawSpan) {
        end = max(0, min(range.upperBound, record.byteCount))
        position = max(0, min(range.lowerBound, end))
    }

    /// The next piece; data goes to the end of its line.
    mutating func next(_ record: RawSpan) -> Piece? {
        if isInSubnegotiation { skipParameters(record) }
        guard position < end else { return nil }
        let start = position
        guard isCommand(record, at: position) else {
            while position < end, !isCommand(record, at: position) {
                let byte = record.uint8(at: position)
                // An escaped 255 is two bytes of data.
                position = min(end, position &+ (byte == Self.escape ? 2 : 1))
                if byte == 10 { break }
            }
            return .data(start..<position)
        }
        guard start &+ 1 < end else {
            position = end
            return .data(start..<end)
        }
        let command = record.uint8(at: start &+ 1)
        position = start &+ 2
        guard 250...254 ~= command, position < end else {
            return .command(command, option: nil, at: start..<position)
        }
        let option = record.uint8(at: position)
        position &+= 1
        isInSubnegotiation = command == Self.subnegotiation
        return .command(command, option: option, at: start..<position)
    }

    private func isCommand(_ record: RawSpan, at position: Int) -> Bool {
        record.uint8(at: position) == Self.escape
            && (position &+ 1 >= end || record.uint8(at: position &+ 1) != Self.escape)
    }

    private mutating func skipParameters(_ record: RawSpan) {
        isInSubnegotiation = false
        while position < end, !isCommand(record, at: position) {
            position = min(end, position &+ (record.uint8(at: position) == Self.escape ? 2 : 1))
        }
    }
}
