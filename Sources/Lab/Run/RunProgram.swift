import Addressing
import Sockets

/// A program that others wrote, to be started unchanged.
public struct RunProgram: Hashable, Sendable {
    /// What it is called in the output and the ladder: `server`, `client-2`.
    public let end: SocketCall.End
    /// Whether it is started before the clients and is expected to wait for them.
    public let isServer: Bool
    /// The executable's path.
    public let path: String
    /// The arguments after the program's name.
    public let arguments: [String]
    /// Whether it reads this program's standard input.
    public let keepsInput: Bool

    /// - Parameters:
    ///   - end: its lane in the ladder.
    ///   - path: where the program is.
    ///   - keepsInput: whether standard input is its own.
    public init(end: SocketCall.End, isServer: Bool, path: String, arguments: [String], keepsInput: Bool) {
        self.end = end
        self.isServer = isServer
        self.path = path
        self.arguments = arguments
        self.keepsInput = keepsInput
    }
}

/// What is to be run, and how.
public struct RunSettings: Sendable {
    /// In the order in which they are started.
    public var programs: [RunProgram]
    /// A running program to look at instead.
    public var attachTo: Int32?
    /// The interface to capture on.
    public var interface: String
    /// Keeps other programs' packets out where the network is not private.
    public var filter: String?
    /// Whether this process is root only in a user namespace of its own: its programs shall not have more rights for
    /// that.
    public var dropsCapabilities: Bool
    /// strace and, for the rights, setpriv; nil where they are not installed.
    public var strace: String?
    /// util-linux's setpriv, which gives up rights; nil where it is not installed.
    public var setpriv: String?
    /// After how long the run is ended; nil is never.
    public var timeout: Duration?
    /// How long servers run on after the last client; nil: until nothing happens any more.
    public var quitAfter: Duration?
    /// Tells packets and calls the same time.
    public var clock: @Sendable () -> Timestamp
    /// The sockets that wait for others, each by a number of its own: how one sees that a server is ready.
    public var waitingSockets: @Sendable () -> Set<UInt64>

    /// Settings for a run; the properties say what each is.
    public init(
        programs: [RunProgram], interface: String, clock: @escaping @Sendable () -> Timestamp,
        waitingSockets: @escaping @Sendable () -> Set<UInt64>
    ) {
        self.programs = programs
        self.interface = interface
        self.clock = clock
        self.waitingSockets = waitingSockets
        dropsCapabilities = false
    }
}
