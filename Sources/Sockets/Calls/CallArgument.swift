import Addressing

/// An argument of a recorded call, after the descriptor: what kind of thing it is, and its value.
///
/// Each kind has one spelling (`description`), which the ladders print and `SocketCallComment` stores, and reading that
/// spelling gives the same argument again. A kind that is added later gets a spelling that no other kind has, so that
/// comments of either age can be read: what a reader does not know is `text` to it.
public enum CallArgument: Hashable, Sendable {
    /// An IP address and a port: `127.0.0.1:65432`, `[::1]:80`.
    case address(Endpoint)
    /// Octets that are handed over or have moved: `1 byte`, `12 bytes`.
    case bytes(Int)
    /// One message of a call that moves several, whose peer is not the call's: `7 bytes 10.0.0.1:53`.
    case message(bytes: Int, peer: Endpoint)
    /// How many messages a call may move at once: `1 message`, `4 messages`.
    case messages(Int)
    /// A plain number: the room for `recv`, the backlog, an option's value, an offset.
    case number(Int)
    /// One or more of C's constants, joined by `|`: `AF_INET`, `SHUT_WR`, `MSG_PEEK|MSG_DONTWAIT`.
    case symbols([String])
    /// A descriptor beside the first argument: `fd 4`, and `fd 4 to write` where a wait is for room to send.
    case descriptor(Int32, toWrite: Bool)
    /// How long a call may wait: `500 ms`; nil is for ever, `no timeout`.
    case timeout(milliseconds: Int?)
    /// There was one, and its value is not known: `?`.
    case unknown
    /// Anything else, such as a path or an option's value. Make one with `init(_:)`, which finds the other kinds.
    case text(String)

    /// One constant of C: `SO_REUSEADDR`.
    public static func symbol(_ name: String) -> CallArgument { .symbols([name]) }

    /// The kind whose spelling this is; `text` where it is none's, so that no text is ever changed.
    public init(_ text: String) {
        if let kind = Self.kind(of: text), kind.description.utf8.elementsEqual(text.utf8) {
            self = kind
        } else {
            self = .text(text)
        }
    }

    /// What the text may be. It is that only if it is also spelled so.
    private static func kind(of text: String) -> CallArgument? {
        if let first = text.utf8.first, (65...90).contains(first) { return symbols(text) }
        let words = text.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        switch (words.count, words.count > 1 ? words[1] : "") {
        case (1, _):
            if text == "?" { return .unknown }
            return Int(text).map { .number($0) } ?? Endpoint(text).map { .address($0) }
        case (2, "byte"), (2, "bytes"): return Int(words[0]).map { .bytes($0) }
        case (2, "message"), (2, "messages"): return Int(words[0]).map { .messages($0) }
        case (2, "ms"): return Int(words[0]).map { .timeout(milliseconds: $0) }
        case (2, "timeout"): return .timeout(milliseconds: nil)
        case (2, let number): return Int32(number).map { .descriptor($0, toWrite: false) }
        case (3, "byte"), (3, "bytes"):
            guard let count = Int(words[0]), let peer = Endpoint(words[2]) else { return nil }
            return .message(bytes: count, peer: peer)
        case (4, let number): return Int32(number).map { .descriptor($0, toWrite: true) }
        default: return nil
        }
    }

    /// Capitals, digits and `_`, joined by `|`; among flags also bits without a name, `0x8000`.
    private static func symbols(_ text: String) -> CallArgument? {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
        let isMadeOfNames = parts.allSatisfy { part in
            if part.utf8.starts(with: "0x".utf8) {
                return part.utf8.dropFirst(2).allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
            }
            return !part.isEmpty
                && part.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || $0 == 95 }
        }
        return isMadeOfNames ? .symbols(parts.map(String.init)) : nil
    }
}

extension CallArgument: CustomStringConvertible {
    /// The argument as ladders and comments have it; `text` is not escaped.
    public var description: String {
        switch self {
        case .address(let endpoint): endpoint.description
        case .bytes(let count): Self.plural(count, "byte")
        case .message(let count, let peer): "\(Self.plural(count, "byte")) \(peer)"
        case .messages(let count): Self.plural(count, "message")
        case .number(let number): String(number)
        case .symbols(let names): names.count == 1 ? names[0] : names.joined(separator: "|")
        case .descriptor(let number, let toWrite): "fd \(number)\(toWrite ? " to write" : "")"
        case .timeout(let milliseconds?): "\(milliseconds) ms"
        case .timeout(nil): "no timeout"
        case .unknown: "?"
        case .text(let text): text
        }
    }

    private static func plural(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}

extension CallArgument: ExpressibleByStringInterpolation {
    /// The kind whose spelling the literal is.
    public init(stringLiteral value: String) { self.init(value) }
}

extension SocketCall {
    /// Whether one of C's constants stands among the arguments, alone or joined to others: `MSG_PEEK`.
    public func has(_ symbol: String) -> Bool {
        arguments.contains { argument in
            if case .symbols(let names) = argument { names.contains(symbol) } else { false }
        }
    }
}
