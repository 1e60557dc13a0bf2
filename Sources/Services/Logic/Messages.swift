/// A service that answers message by message over a stream: `Uppercase` and `Adder` are such. A message ends at a
/// newline, at the end of the stream or at 50 ms of quiet, so that both the courses' clients (one request without a
/// newline, then they wait) and line-by-line ones are served. The answer ends as the message did.
public struct Messages: ServiceLogic {
    private let reply: @Sendable ([UInt8]) -> MessageReply
    private let limit: Int
    private var framer: MessageFramer
    private var isOver = false

    /// - Parameters:
    ///   - limit: the longest message in octets; a longer one is refused and ends the connection.
    ///   - reply: what a message, without its newline, is answered.
    public init(limit: Int = ServiceLimits.message, reply: @escaping @Sendable ([UInt8]) -> MessageReply) {
        self.reply = reply
        self.limit = limit
        framer = MessageFramer(limit: limit)
    }

    /// While a message has begun and has not ended.
    public var awaitsQuiet: Bool { framer.hasBegun }

    /// Answers every message that ends in the piece.
    public mutating func received(_ bytes: Span<UInt8>, _ answer: inout ServiceAnswer) {
        if isOver { return }
        // The log gets one line for all that is wrong in a piece: who sends a thousand bad lines must not make it write
        // a thousand.
        var errors = 0
        framer.take(bytes) { message in
            let reply = reply(message)
            answer.send(reply.bytes.span)
            answer.send("\n")
            guard let error = reply.error else { return }
            errors += 1
            if errors == 1 { answer.remark(.text(error)) }
        }
        if errors > 1 { answer.remark(.text("and \(errors - 1) more messages that are wrong")) }
        if framer.isOverfull {
            isOver = true
            Self.give(MessageReply(error: "a message longer than \(limit) bytes"), &answer)
            answer.send("\n")
            answer.close()
        }
    }

    /// Quiet ends a message.
    public mutating func fellQuiet(_ answer: inout ServiceAnswer) {
        if let message = framer.end() { Self.give(reply(message), &answer) }
    }

    /// So does the end of the stream.
    public mutating func peerFinished(_ answer: inout ServiceAnswer) { fellQuiet(&answer) }

    private static func give(_ reply: MessageReply, _ answer: inout ServiceAnswer) {
        answer.send(reply.bytes.span)
        if let error = reply.error { answer.remark(.text(error)) }
    }
}

/// What is said to a message.
public struct MessageReply: Sendable {
    /// What the client gets, without a newline.
    public let bytes: [UInt8]
    /// What was wrong with the message, for the log; the client has been told in `bytes`.
    public let error: String?

    /// An answer as UTF-8.
    public init(_ text: String) {
        bytes = Array(text.utf8)
        error = nil
    }

    /// An answer that says what is wrong with the message.
    public init(error: String) {
        bytes = Array("error: \(error)".utf8)
        self.error = error
    }
}

/// How much of anything a client may make a service keep.
public enum ServiceLimits {
    /// The longest message of `upper-tcp` and `adder`, in octets.
    public static let message = 65_536
    /// The longest line of `chat`, the longest request line of `file`.
    public static let line = 4096
    /// The longest answer that a client takes.
    public static let answer = 1 << 20
    /// The longest list of files that a client takes.
    public static let list = 64 << 20
    /// The longest text of `text-store`.
    public static let text = 1 << 20
    /// What a client may leave unread of what others sent it.
    public static let backlog = 262_144
    /// What all clients together may leave unread, in the server's memory.
    public static let allBacklogs = 32 << 20
}
