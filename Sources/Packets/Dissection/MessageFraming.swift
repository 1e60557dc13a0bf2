/// How a protocol's messages are told apart in a stream of bytes.
struct MessageFraming: Sendable {
    /// How long the message is that begins with the first byte.
    /// - Parameters:
    ///   - bytes: those that are there, from the message's first on.
    ///   - scan: how far earlier calls for the same message have read.
    ///   - context: what the messages before say of it.
    typealias Length =
        @Sendable (_ bytes: RawSpan, _ scan: inout MessageScan, _ context: MessageContext)
        -> MessageLength

    let length: Length
    /// Whether a message begins where bytes before are missing: asked of the first bytes of a segment.
    let begins: @Sendable (_ bytes: RawSpan) -> Bool
    /// Each message is a layer of its own, where others have one layer for all messages of a segment.
    var isLayerEach = false
    /// What seems to continue a message that was not seen is shown as that: `HTTP continuation`.
    var showsContinuations = true
    /// Makes what a connection remembers of its messages; nil where each speaks for itself.
    var history: (@Sendable () -> any MessageHistory)?
}

/// How long a message in a stream is.
public enum MessageLength: Hashable, Sendable {
    /// So many bytes, be they here yet or not.
    case known(Int)
    /// Its length does not show yet; at least so many bytes are needed to see it.
    case needs(Int)
    /// To the end of the stream.
    case untilEnd
    /// The bytes are no message of the protocol.
    case isNone
}

/// How far a message has been read for its length, so that no byte is read again with every segment.
public struct MessageScan: Sendable {
    /// Where to go on, counted from the message's first byte.
    var position = 0
    /// What is read there; each protocol has its own numbers, and begins with 0.
    var phase: UInt8 = 0

    /// At the first byte.
    public init() {}
}

/// What earlier messages of a connection say of the next one.
struct MessageContext: Sendable {
    /// What is awaited; each protocol has its own numbers, and 0 is nothing in particular.
    var awaited: UInt8 = 0
}

/// What a protocol remembers of a connection's messages, where one decides how the next is read: an answer to HEAD has
/// no body.
protocol MessageHistory: Sendable {
    /// What it says of the next message.
    var context: MessageContext { get }

    /// Takes a message that is complete.
    /// - Parameters:
    ///   - packet: the packet that completes it.
    ///   - time: that packet's, in nanoseconds since 1970.
    mutating func note(_ message: RawSpan, packet: UInt32, time: Int64) -> CarriedMessages.Effect
}

/// What a TCP connection carries, message by message, in both directions.
public struct CarriedMessages: Sendable {
    /// What a message does beside being one.
    public struct Effect: Sendable {
        /// The packet with the request that it answers; 0 for none.
        public var request: UInt32 = 0
        /// That packet's time, in nanoseconds since 1970.
        public var requestTime: Int64 = 0
        /// What follows in both directions is another protocol's.
        public var opensTunnel = false

        init() {}
    }

    /// The protocol, which has a framing.
    public let kind: LayerKind
    private let framing: MessageFraming
    private var history: (any MessageHistory)?

    /// nil for a protocol whose messages are not told apart.
    public init?(_ kind: LayerKind) {
        guard let framing = ProtocolTables.shared.framing(of: kind) else { return nil }
        self.kind = kind
        self.framing = framing
        history = framing.history?()
    }

    /// Each message is a layer of its own.
    public var isLayerEach: Bool { framing.isLayerEach }

    /// What seems to continue a message that was not seen is shown as that.
    public var showsContinuations: Bool { framing.showsContinuations }

    /// How long the message is that begins with the first byte.
    public func length(of bytes: RawSpan, _ scan: inout MessageScan) -> MessageLength {
        framing.length(bytes, &scan, history?.context ?? MessageContext())
    }

    /// Whether a segment begins a message, where bytes before it are missing.
    public func begins(_ bytes: RawSpan) -> Bool { framing.begins(bytes) }

    /// Notes a message that is complete.
    public mutating func note(_ message: RawSpan, packet: UInt32, time: Int64) -> Effect {
        history?.note(message, packet: packet, time: time) ?? Effect()
    }
}
