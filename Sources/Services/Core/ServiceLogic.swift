import Sockets

/// What a service says to one client, without any input or output of its own: the drivers bring it bytes and carry its
/// answers away. So one logic serves blocking loops, an event loop and tests.
///
/// - Over TCP each connection has a logic of its own. The stream may arrive in pieces of any size; however it is cut,
///   the answers put end to end must be the same.
/// - Over UDP one logic serves the socket. `received` is one datagram, and its answer, if there is one, goes back as
///   one.
///
/// A service whose clients hear of one another is a `GroupLogic`.
public protocol ServiceLogic: Sendable {
    /// A client has connected. Never called over UDP.
    mutating func connected(_ answer: inout ServiceAnswer)

    /// Bytes came: the next piece of a stream, or a datagram.
    mutating func received(_ bytes: Span<UInt8>, _ answer: inout ServiceAnswer)

    /// Whether `fellQuiet` is to be called when nothing comes for `Quiet.time`.
    var awaitsQuiet: Bool { get }

    /// Nothing came for `Quiet.time`: an event like any other.
    mutating func fellQuiet(_ answer: inout ServiceAnswer)

    /// The peer will send nothing more (FIN); what is answered now still reaches it.
    mutating func peerFinished(_ answer: inout ServiceAnswer)
}

extension ServiceLogic {
    /// Says nothing first.
    public mutating func connected(_ answer: inout ServiceAnswer) {}
    /// The service has no use for quiet.
    public var awaitsQuiet: Bool { false }
    /// The service has no use for quiet.
    public mutating func fellQuiet(_ answer: inout ServiceAnswer) {}
    /// Answers nothing at the end of the stream.
    public mutating func peerFinished(_ answer: inout ServiceAnswer) {}
}

/// The rule for messages that nothing marks the end of.
public enum Quiet {
    /// The courses' clients send a request without a newline and then wait for the answer. So much silence ends a
    /// message: longer than the pieces of one message are apart on any usual network, shorter than a person notices.
    public static let time = Duration.milliseconds(50)
}
