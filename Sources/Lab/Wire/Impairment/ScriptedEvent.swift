import Packets
import Text

/// One line of a wire's script: what is to happen to which packets, exactly.
///
///     packets  =  side kind [numbers]
///     side     =  "client" | "server"                    who sends them
///     kind     =  "SYN" | "SYN-ACK" | "ACK" | "data" | "FIN" | "RST" | "datagram" | "packet"
///     numbers  =  "all" | range *("," range)             1 where there is none
///     range    =  number ["-" [number]]                  "3", "2-4", "5-" (from the fifth on)
///
/// Packets are counted by kind as they come to the wire, those sent again too: `client SYN 1-2` are a connection's
/// first SYN and its first repetition. An `ACK` is a bare one, `data` a segment with payload, `packet` any IP packet
/// but neighbour discovery. Capital letters do not matter.
public struct ScriptedEvent: Hashable, Sendable {
    /// What happens to the packets.
    public enum Action: Hashable, Sendable {
        case drop
        /// It arrives twice.
        case copy
        /// It arrives so much later, and those behind overtake it.
        case hold(Duration)
        /// It arrives with one bit flipped.
        case damage
    }

    /// What packets are counted by.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case syn = "SYN"
        case synACK = "SYN-ACK"
        case ack = "ACK"
        case data
        case fin = "FIN"
        case rst = "RST"
        case datagram
        case packet
    }

    /// What happens to them.
    public let action: Action
    /// Who sends them.
    public let direction: WireDirection
    /// Which packets are counted.
    public let kind: Kind
    /// Which of them, counted from 1.
    public let numbers: [ClosedRange<Int>]

    /// - Parameter numbers: which of them, counted from 1.
    public init(_ action: Action, _ direction: WireDirection, _ kind: Kind, _ numbers: [ClosedRange<Int>] = [1...1]) {
        self.action = action
        self.direction = direction
        self.kind = kind
        self.numbers = numbers
    }

    /// Why a text names no packets, in a line.
    public struct SyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// Reads what the grammar above says.
    public init(_ action: Action, _ text: String) throws(SyntaxError) {
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" })
        let example = "write for example \"client SYN 1\" or \"server data 2-4\""
        guard (2...3).contains(words.count) else {
            throw SyntaxError(description: "it takes a side, a kind and numbers: \(example)")
        }
        let direction: WireDirection
        switch words[0].lowercased() {
        case "client": direction = .up
        case "server": direction = .down
        default: throw SyntaxError(description: "the sender is client or server: \(example)")
        }
        guard let kind = Kind.allCases.first(where: { $0.rawValue.lowercased() == words[1].lowercased() }) else {
            throw SyntaxError(
                description: "the kind is one of \(Kind.allCases.map(\.rawValue).joined(separator: ", ")): \(example)")
        }
        guard let numbers = words.count < 3 ? [1...1] : Self.ranges(words[2]) else {
            throw SyntaxError(description: "packets are numbered from 1, as in 3, 2-4, 5-, 1,3 or all")
        }
        self.init(action, direction, kind, numbers)
    }

    private static func ranges(_ text: Substring) -> [ClosedRange<Int>]? {
        if text.lowercased() == "all" { return [1 ... .max] }
        var ranges: [ClosedRange<Int>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = Int(ends[0]), first >= 1 else { return nil }
            guard let last = ends.count == 1 ? first : ends[1].isEmpty ? Int.max : Int(ends[1]), last >= first else {
                return nil
            }
            ranges.append(first...last)
        }
        return ranges
    }
}

/// A script at work on one direction: counts packets by kind and says what is to happen to each.
struct EventScript: Sendable {
    /// What the script wants of one packet.
    struct Orders {
        var drop = false
        var copy = false
        var damage = false
        /// Nanoseconds.
        var hold: Int64?
    }

    private let events: [ScriptedEvent]
    private var counts: [ScriptedEvent.Kind: Int] = [:]

    init(_ script: [ScriptedEvent], _ direction: WireDirection) { events = script.filter { $0.direction == direction } }

    mutating func orders(for frame: WireFrame) -> Orders {
        var orders = Orders()
        if events.isEmpty { return orders }
        for kind in Self.kinds(of: frame) {
            counts[kind, default: 0] += 1
            let number = counts[kind, default: 0]
            for event in events where event.kind == kind && event.numbers.contains(where: { $0.contains(number) }) {
                switch event.action {
                case .drop: orders.drop = true
                case .copy: orders.copy = true
                case .damage: orders.damage = true
                case .hold(let time): orders.hold = max(orders.hold ?? 0, time.clampedNanoseconds)
                }
            }
        }
        return orders
    }

    /// Under which names a frame may be meant.
    private static func kinds(of frame: WireFrame) -> [ScriptedEvent.Kind] {
        switch frame.kind {
        case .housekeeping: return []
        case .otherIP: return [.packet]
        case .udp: return [.packet, .datagram]
        case .tcp(let flags, let payloadLength):
            var kinds = [ScriptedEvent.Kind.packet]
            if flags.contains(.syn) { kinds.append(flags.contains(.ack) ? .synACK : .syn) }
            if flags.contains(.fin) { kinds.append(.fin) }
            if flags.contains(.rst) { kinds.append(.rst) }
            if payloadLength > 0 { kinds.append(.data) }
            if payloadLength == 0, flags.contains(.ack), flags.isDisjoint(with: [.syn, .fin, .rst]) {
                kinds.append(.ack)
            }
            return kinds
        }
    }
}
