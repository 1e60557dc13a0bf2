import Addressing
import Sockets

/// A program of the socket courses: all that `serve`, `client` and the demos need to know of it.
///
/// Another service is a file in `Logic` with its logic and its description, a line in `ServiceCatalogue.all`, and its
/// test. One whose client is a program of its own has that as a `ClientDialogue`.
public struct ServiceDescription: Sendable {
    /// What it is called on the command line: `tcp-echo`.
    public let name: String
    /// One sentence for the help, at most 54 columns: what the server does.
    public let summary: String
    /// The courses' port; `Port.any` where there is none.
    public let port: Port
    /// How the server runs, over which transport, and the logic that answers.
    public let hosting: ServiceHosting
    /// What the client sends unless told otherwise; nil where it sends nothing, or asks.
    public let message: String?
    /// How the client asks, and what it takes for a right answer.
    public let client: ClientForm
    /// What the server must be told besides sockets; nil where it is nothing.
    public let path: ServedPath?
    /// Options of `serve` that not every service of its transport has.
    private let ownOptions: Set<ServerOption>

    /// Describes a service; the properties say what each part is.
    public init(
        _ name: String, _ summary: String, port: Port, hosting: ServiceHosting, message: String? = nil,
        client: ClientForm, path: ServedPath? = nil, options: Set<ServerOption> = []
    ) {
        self.name = name
        self.summary = summary
        self.port = port
        self.hosting = hosting
        self.message = message
        self.client = client
        self.path = path
        ownOptions = options
    }

    /// The protocol under it.
    public var transport: ServiceTransport { hosting.transport }

    /// Whether an option of `serve` does something for it.
    ///
    /// - Parameter kind: that of an AF_UNIX socket.
    public func takes(_ option: ServerOption, kind: SocketKind = .stream) -> Bool {
        ownOptions.contains(option) || transport.serverOptions(kind).contains(option)
    }

    /// Whether an option of `client` does something for it.
    public func takes(_ option: ClientOption) -> Bool {
        transport.clientOptions.contains(option) || client.options.contains(option)
    }

    /// What the server answers to a message, an empty one for a client that sends nothing; nil where it answers
    /// nothing, or where the answer depends on more than the message.
    public func answer(to message: [UInt8]) -> [UInt8]? {
        switch client {
        case .oneWay, .dialogue: nil
        default: hosting.answer(message)
        }
    }
}

extension ServiceDescription: Hashable {
    /// Services are told apart by their names.
    public static func == (a: ServiceDescription, b: ServiceDescription) -> Bool { a.name == b.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// What a service's bytes travel over.
public enum ServiceTransport: String, Hashable, Sendable {
    case tcp = "TCP"
    case udp = "UDP"
    /// Sockets of this machine alone, whose addresses are paths.
    case unix = "AF_UNIX"
}

/// What the path on `serve`'s command line is.
public enum ServedPath: Hashable, Sendable {
    /// The folder whose files are sent.
    case folder
    /// The AF_UNIX socket's file.
    case socket
}
