import Sockets

/// What a service says to the bytes that it gets, without any input or output of its own: the drivers bring it bytes
/// and carry its answers away. So one logic serves blocking loops, an event loop and tests.
///
/// - Over TCP each connection has a logic of its own. The stream may arrive in pieces of any size; however it is cut,
///   the answers put end to end must be the same.
/// - Over UDP one logic serves the socket. `received` is one datagram, and its answer, if there is one, goes back as one.
public protocol ServiceLogic: Sendable {
    /// Bytes came: the next piece of a stream, or a datagram.
    mutating func received(_ bytes: Span<UInt8>, _ answer: inout ServiceAnswer)

    /// The peer will send nothing more (FIN); what is answered now still reaches it.
    mutating func peerFinished(_ answer: inout ServiceAnswer)
}

extension ServiceLogic {
    public mutating func peerFinished(_ answer: inout ServiceAnswer) {}
}

/// What a logic wants done in answer to an event. The driver makes one and uses it again and again.
public struct ServiceAnswer: Sendable {
    /// What is to be sent.
    public private(set) var bytes: [UInt8] = []
    /// Whether anything was answered. An empty datagram is an answer too.
    public private(set) var isGiven = false
    /// Whether the connection is to be closed once the bytes are sent.
    public private(set) var closes = false

    public init() {}

    /// Sends bytes after those already answered.
    public mutating func send(_ more: Span<UInt8>) {
        isGiven = true
        bytes.append(copying: more)
    }

    /// Ends the connection from this side.
    public mutating func close() { closes = true }

    /// Makes it empty and keeps its memory.
    public mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        isGiven = false
        closes = false
    }
}
