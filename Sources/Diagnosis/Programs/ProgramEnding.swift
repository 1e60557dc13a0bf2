import Sockets

/// How a program came to its end.
public enum ProgramEnding: Hashable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
    /// It could not be started: errno's symbol.
    case notStarted(String)
    /// It would have gone on, a server after its clients, and was ended.
    case stopped
    /// Left running, as it was before (`--pid`).
    case leftRunning
    /// Its turn never came: the run was ended while a server before it did not listen yet.
    case neverStarted
}

/// A program of a run and how it ended.
public struct ProgramEnd: Hashable, Sendable {
    /// Which program.
    public let end: SocketCall.End
    /// Whether it was started as a server, which may wait for others for ever.
    public let isServer: Bool
    /// How it ended.
    public let ending: ProgramEnding

    /// A program and its end.
    public init(_ end: SocketCall.End, isServer: Bool, _ ending: ProgramEnding) {
        self.end = end
        self.isServer = isServer
        self.ending = ending
    }

    /// Whether it did what it was to: status 0, or a server that was ended after its clients.
    public var isGood: Bool {
        switch ending {
        case .exited(0), .leftRunning: true
        case .stopped: isServer
        case .exited, .killed, .notStarted, .neverStarted: false
        }
    }
}
