import Addressing
import Sockets

/// What a finding says, in parts of which each knows what it is: words of netprobe's own, and between them endpoints,
/// durations, packets, calls. How a part is spelled, and whether a page makes a link of it, is the renderer's business.
///
///     "The \(.side(.server)) answered packet \(.number(7)) after \(.duration(nanoseconds))."
public struct Sentence: Hashable, Sendable {
    /// One part: words, or a value that knows what it is.
    public enum Part: Hashable, Sendable {
        /// netprobe's own words, or words of a capture that are escaped already: safe to print.
        case words(String)
        /// A name that others wrote: renderers escape it.
        case name(String)
        case number(Int)
        /// `12 bytes`
        case bytes(UInt64)
        /// `1 segment`, `3 segments`
        case count(Int, String)
        /// `never`, `once`, `twice`, `3 times`
        case times(Int)
        /// In nanoseconds; nil where it is not known.
        case duration(Int64?)
        /// Seconds that somebody grants, as a lease: `1 hour`, `30 minutes`.
        case period(UInt32)
        case endpoint(Endpoint)
        case address(IPAddress)
        /// `packets 1, 2 and 5`; of many the first three and the last.
        case packets([Int])
        case side(Finding.Side)
        /// Who called: a program, perhaps with its process and thread.
        case program(SocketCall.End)
        /// The call with its arguments, without its result: `connect(127.0.0.1:9)`.
        case call(SocketCall)
    }

    /// In the order in which they are read.
    public private(set) var parts: [Part]

    /// A sentence of these parts.
    public init(_ parts: [Part]) { self.parts = parts }

    /// One after the other, without a space between.
    public static func + (a: Sentence, b: Sentence) -> Sentence { Sentence(a.parts + b.parts) }
    /// Appends without a space between.
    public static func += (a: inout Sentence, b: Sentence) { a.parts += b.parts }

    /// The same with a capital letter in front, where it begins with words.
    public var capitalised: Sentence {
        guard case .words(let text)? = parts.first else { return self }
        return Sentence([.words(text.prefix(1).uppercased() + text.dropFirst())] + parts.dropFirst())
    }
}

extension Sentence: ExpressibleByStringInterpolation {
    /// Words of netprobe's own.
    public init(stringLiteral value: String) { parts = value.isEmpty ? [] : [.words(value)] }
    /// Words with values between them.
    public init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

    /// Collects the parts of a literal.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var parts: [Part] = []

        /// Begins with nothing.
        public init(literalCapacity: Int, interpolationCount: Int) { parts.reserveCapacity(2 * interpolationCount + 1) }

        /// Appends words.
        public mutating func appendLiteral(_ literal: String) { if !literal.isEmpty { parts.append(.words(literal)) } }
        /// Appends a value.
        public mutating func appendInterpolation(_ part: Part) { parts.append(part) }
        /// Appends a clause.
        public mutating func appendInterpolation(_ sentence: Sentence) { parts += sentence.parts }
        /// A clause that is not always there.
        public mutating func appendInterpolation(_ clause: Sentence?) { if let clause { parts += clause.parts } }
    }
}

extension Sequence<Sentence> {
    /// One after the other, with words in between.
    public func joined(separator: String) -> Sentence {
        var all = Sentence([])
        for (index, sentence) in enumerated() { all += index == 0 ? sentence : "\(.words(separator))\(sentence)" }
        return all
    }
}

extension Sentence.Part {
    /// `packet 7`
    public static func packet(_ number: Int) -> Sentence.Part { .packets([number]) }
    /// `1460`, of any width.
    public static func number(_ value: some BinaryInteger) -> Sentence.Part { .number(Int(clamping: value)) }
    /// `12 bytes`, of any width.
    public static func bytes(_ count: some BinaryInteger) -> Sentence.Part { .bytes(UInt64(clamping: count)) }
}
