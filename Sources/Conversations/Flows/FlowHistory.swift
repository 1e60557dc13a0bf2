/// What happened in a connection, a letter an event, as Zeek's `history` has it: upper case from the originator, lower
/// case from the responder.
///
/// `s` SYN, `h` SYN-ACK, `a` pure ACK, `d` data, `f` FIN, `r` RST, `i` FIN with RST, `q` SYN with FIN or RST; `t`
/// payload sent again, `g` acknowledged but not captured, `w` window closed: these three the first, the tenth, the
/// hundredth time and so on; `^` the roles were turned round because the first packet was an answer. `s`, `h`, `f` and
/// `r` stand again where the number is another one than in the packet of that kind before; `a`, `d`, `i` and `q` once.
/// Zeek's `c` (bad checksum) is never given: with offload, checksums that are seen before the network card are not yet
/// there.
///
/// At most 24 letters are kept; hardly a connection has more than twelve.
public struct FlowHistory: Hashable, Sendable {
    static let limit = 24

    private var packed: (UInt64, UInt64, UInt64) = (0, 0, 0)
    private var length: UInt8 = 0
    /// Events seen from the originator and from the responder: a bit a letter.
    private var seen: (UInt16, UInt16) = (0, 0)

    mutating func append(_ letter: UInt8) {
        guard length < Self.limit else { return }
        let shift = UInt64(length & 7) &* 8
        switch length >> 3 {
        case 0: packed.0 |= UInt64(letter) << shift
        case 1: packed.1 |= UInt64(letter) << shift
        default: packed.2 |= UInt64(letter) << shift
        }
        length &+= 1
    }

    /// Notes an event of which the first counts.
    /// - Returns: whether it had been seen.
    @inline(__always)
    @discardableResult
    mutating func note(_ event: Event, fromOriginator: Bool) -> Bool {
        // SYN and SYN-ACK are one kind of packet: an end that sent a SYN and then a SYN-ACK with the same number opened
        // once.
        let bit: UInt16 = 1 << UInt16(event == .synACK ? Event.syn.rawValue : event.rawValue)
        if (fromOriginator ? seen.0 : seen.1) & bit != 0 { return true }
        if fromOriginator { seen.0 |= bit } else { seen.1 |= bit }
        append(event, fromOriginator: fromOriginator)
        return false
    }

    mutating func append(_ event: Event, fromOriginator: Bool) { append(event.letter | (fromOriginator ? 0 : 0x20)) }

    enum Event: UInt8 {
        case syn, synACK, ack, data, fin, reset, inconsistent, multiFlag, retransmission, gap, zeroWindow

        var letter: UInt8 {
            switch self {
            case .syn: 83
            case .synACK: 72
            case .ack: 65
            case .data: 68
            case .fin: 70
            case .reset: 82
            case .inconsistent: 73
            case .multiFlag: 81
            case .retransmission: 84
            case .gap: 71
            case .zeroWindow: 87
            }
        }
    }

    /// The letters in order.
    public var letters: [UInt8] {
        (0..<Int(length)).map { index in
            let word = index >> 3 == 0 ? packed.0 : index >> 3 == 1 ? packed.1 : packed.2
            return UInt8(truncatingIfNeeded: word >> (UInt64(index & 7) &* 8))
        }
    }

    /// Whether one of these events happened.
    package func hasAny(of events: String) -> Bool { letters.contains { events.utf8.contains($0) } }

    /// Whether something happened, and nothing but these events.
    package func isOnly(_ events: String) -> Bool { length > 0 && letters.allSatisfy { events.utf8.contains($0) } }

    /// The roles are turned round, because the first packet is an answer: `^`.
    mutating func turnRoles() { append(UInt8(ascii: "^")) }

    public static func == (a: Self, b: Self) -> Bool { a.packed == b.packed && a.length == b.length }
    public func hash(into hasher: inout Hasher) { hasher.combine(packed.0) }
}

extension FlowHistory: CustomStringConvertible {
    public var description: String { String(decoding: letters, as: UTF8.self) }
}
