import Addressing
import DequeModule
import Sockets

/// What `TextStore` says, read from a stream that may be cut anywhere.
public enum TextStoreReply: Hashable, Sendable {
    case text([UInt8])
    /// So many octets are the text now.
    case stored(Int)
    case bye
    case error(String)
}

/// Finds replies in the stream: no input or output of its own.
public struct TextStoreReplies: Sendable {
    private var line: [UInt8] = []
    private var missing: Int?
    private var body: [UInt8] = []
    private let limit: Int

    /// - Parameter limit: a longer text is not taken.
    public init(limit: Int = ServiceLimits.text) { self.limit = limit }

    /// Whether a text was announced that is longer than is taken: nothing after it can be understood.
    public private(set) var isOverLimit = false

    /// Takes the next piece and gives the replies that end in it. nil: the server speaks another protocol, or
    /// `isOverLimit`.
    public mutating func take(_ bytes: Span<UInt8>) -> [TextStoreReply]? {
        var replies: [TextStoreReply] = []
        var offset = 0
        while offset < bytes.count {
            if let wanted = missing {
                let count = min(wanted, bytes.count - offset)
                body.append(copying: bytes.extracting(offset..<offset + count))
                offset += count
                missing = wanted - count
            } else if bytes[offset] != UInt8(ascii: "\n") {
                line.append(bytes[offset])
                offset += 1
                if line.count > 256 { return nil }
            } else {
                offset += 1
                guard let reply = read(String(decoding: line, as: UTF8.self)) else { return nil }
                line = []
                if let reply = reply.whole { replies.append(reply) }
            }
            if missing == 0 {
                replies.append(.text(body))
                body = []
                missing = nil
            }
        }
        return replies
    }

    private mutating func read(_ line: String) -> (whole: TextStoreReply?, Void)? {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        switch (words.first, words.count) {
        case ("TEXT", 2):
            guard let count = Int(words[1]), count >= 0 else { return nil }
            if count > limit {
                isOverLimit = true
                return nil
            }
            missing = count
            return (nil, ())
        case ("OK", 2):
            guard let count = Int(words[1]), count >= 0 else { return nil }
            return (.stored(count), ())
        case ("BYE", 1): return (.bye, ())
        case ("ERROR", _): return (.error(words.count > 1 ? words[1] : ""), ())
        default: return nil
        }
    }
}

/// A connection to a text store. Each call blocks.
public struct TextStoreClient<S: BerkeleySocket & ~Copyable>: ~Copyable {
    private let connection: S
    private var replies: TextStoreReplies
    private let timeout: Duration?
    private var waiting: Deque<TextStoreReply> = []

    /// Why there is no reply.
    public enum Failure: Error, Sendable {
        case socket(SocketError)
        /// The server ended the stream.
        case closed
        /// What came is no reply.
        case notUnderstood
        /// The text is longer than is taken.
        case tooLong
    }

    /// - Parameters:
    ///   - timeout: how long to wait for each of: the connection, room for a request, a reply; nil is for ever.
    ///   - limit: the longest text that is taken.
    public init(
        _ server: Endpoint, socket: SocketMaker<S>, timeout: Duration? = nil, limit: Int = ServiceLimits.text
    ) throws(SocketError) {
        let made = try socket(AddressFamily(of: server.address), .stream)
        try made.connect(to: server, within: timeout)
        connection = made
        replies = TextStoreReplies(limit: limit)
        self.timeout = timeout
    }

    /// GET: `TextStoreReply.text`.
    public mutating func retrieve() throws(Failure) -> TextStoreReply { try ask(Array("GET\n".utf8)) }

    /// SET: `TextStoreReply.stored`, and from then on every client retrieves this text.
    public mutating func update(_ text: [UInt8]) throws(Failure) -> TextStoreReply {
        try ask(Array("SET \(text.count)\n".utf8) + text)
    }

    /// CLOSE: `TextStoreReply.bye`; the server then ends the connection.
    public mutating func leave() throws(Failure) -> TextStoreReply { try ask(Array("CLOSE\n".utf8)) }

    /// close(2).
    public consuming func close() throws(SocketError) { try connection.close() }

    private mutating func ask(_ request: [UInt8]) throws(Failure) -> TextStoreReply {
        do throws(SocketError) {
            try connection.sendAll(request, within: timeout)
        } catch {
            // The server may have said why before it closed.
            guard error.codeName == "EPIPE" || error.codeName == "ECONNRESET" else { throw .socket(error) }
        }
        let patience = ClientPatience(timeout)
        while true {
            if let reply = waiting.popFirst() { return reply }
            let bytes: [UInt8]
            do throws(SocketError) { bytes = try connection.recv(65_536, patience) } catch { throw .socket(error) }
            if bytes.isEmpty { throw .closed }
            guard let found = replies.take(bytes.span) else { throw replies.isOverLimit ? .tooLong : .notUnderstood }
            waiting.append(contentsOf: found)
        }
    }
}
