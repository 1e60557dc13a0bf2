import Addressing
import ArgumentParser
import Packets
import Rendering
import Services
import Sockets
import Text

/// `netprobe serve NAME`
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run a server of the course: real services for any client that speaks the same bytes.",
        discussion: """
            Without --bind it listens on 127.0.0.1 and can be reached from this machine only. Ends with Ctrl-C or \
            SIGTERM.
            Standard output says where it listens and how to reach it; joins, leaves and errors go to standard error.

            \(ServiceCatalogue.all.map(Self.row).joined(separator: "\n"))

            Examples:
              netprobe serve tcp-echo        then: netprobe client tcp-echo 127.0.0.1
              netprobe serve adder --calls   then: printf 50,40 | ncat 127.0.0.1 12345
              netprobe serve file Downloads --bind 0.0.0.0
              netprobe serve chat --max 3 --capture chat.pcapng
              netprobe serve unix-echo /tmp/echo --kind dgram
            """)

    private static func row(_ service: ServiceDescription) -> String {
        let transport = service.transport == .unix ? "unix" : service.transport.rawValue.lowercased()
        let port = service.port == .any ? "" : String(service.port.rawValue)
        return "  " + service.name.padded(to: 12) + transport.padded(to: 5) + port.padded(to: 7) + service.summary
    }

    @Argument(help: "The service: see above.")
    var name: ServiceDescription

    @Argument(
        help: ArgumentHelp(
            "\(ServiceCatalogue.names { $0.path == .folder }): the folder. "
                + "\(ServiceCatalogue.names { $0.path == .socket }): the socket's path.", valueName: "path"))
    var path: String?

    @OptionGroup(title: "Sockets") var sockets: ServeSocketOptions
    @OptionGroup(title: "Limits") var limits: ServeLimitOptions
    @OptionGroup(title: "Output") var logs: ServeLogOptions

    @Flag(
        help:
            """
            Use the courses' blocking loops, one client after the other (chat, text-store: a thread each), not the \
            event loop.
            """
    )
    var simple = false

    @Option(
        help: ArgumentHelp(
            """
            \(ServiceCatalogue.names { $0.takes(.drop) }): which share of the datagrams is lost, 0 to 1 (default: 0.5).
            """,
            valueName: "share"))
    var drop: Double?

    @Option(
        help: ArgumentHelp(
            "\(ServiceCatalogue.names { $0.takes(.seed) }): the same number loses the same datagrams.", valueName: "n"))
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "\(ServiceCatalogue.names { $0.takes(ServerOption.kind) }): stream, dgram or seqpacket (default: stream).",
            valueName: "kind"))
    var kind: UnixKind?

    @Flag(
        help: ArgumentHelp(
            "\(ServiceCatalogue.names { $0.takes(.hidden) }): files too whose names, or folders, begin with a dot."))
    var hidden = false

    func validate() throws {
        if let drop, !(drop >= 0 && drop <= 1) { throw ValidationError("--drop must be between 0 and 1.") }
        if name.transport == .unix, logs.capture != nil { throw ValidationError("AF_UNIX has no packets to capture.") }
        if sockets.port == 0, logs.capture != nil {
            throw ValidationError("--capture needs a port that is known beforehand, not 0.")
        }
        if logs.capture == "-" {
            throw ValidationError("--capture needs a file: standard output says where the server listens.")
        }
        try refuseUseless()
        switch (name.path, path) {
        case (.socket?, ""), (.socket?, nil):
            throw ValidationError("Say which path: netprobe serve \(name.name) /tmp/echo.")
        case (.folder?, nil): throw ValidationError("Say which folder: netprobe serve \(name.name) FOLDER.")
        case (.folder?, _), (.socket?, _), (nil, nil): break
        case (nil, let path?): throw ValidationError("\(name.name) takes no path ('\(path.escapedForDisplay)').")
        }
    }

    private func refuseUseless() throws {
        let given: [(ServerOption, Bool)] = [
            (.drop, drop != nil), (.seed, seed != nil), (.hidden, hidden), (.kind, kind != nil),
            (.limit, limits.limit != nil),
            (.bind, !sockets.bind.isEmpty), (.port, sockets.port != nil), (.family, sockets.families.family != nil),
            (.interface, sockets.interface != nil), (.reuseAddress, sockets.reuseaddr),
            (.receiveBuffer, sockets.rcvbuf != nil), (.keepAlive, sockets.keepalive), (.noDelay, sockets.nodelay),
            (.backlog, sockets.backlog != nil), (.timeout, limits.timeout != nil), (.most, limits.max != nil),
        ]
        for (option, isGiven) in given where isGiven && !name.takes(option, kind: (kind ?? .stream).socketKind) {
            throw UselessOption.error(option.rawValue, for: name)
        }
        // The blocking loops serve one client after the other, and those that share something at once.
        if simple, limits.max != nil, !name.hosting.isShared {
            throw UselessOption.error(ServerOption.most.rawValue, for: name, form: " with --simple")
        }
    }

    func run() throws { try ServiceSession(self).run() }

    func settings() throws(CommandFailure) -> ServiceSettings {
        var settings = ServiceSettings()
        settings.limit = limits.limit
        settings.drop = drop ?? 0.5
        settings.seed = seed ?? .random(in: .min ... .max)
        settings.backlog = sockets.backlog ?? (simple ? 5 : 1024)
        settings.most = limits.max
        settings.unixKind = (kind ?? .stream).socketKind
        if let path, name.path == .socket { settings.path = UnixPath(path) }
        if let path, name.path == .folder {
            settings.folder = try attempt { () throws(SocketError) in try SystemFolder(path, showsHidden: hidden) }
        }
        return settings
    }
}

extension ServiceDescription: ExpressibleByArgument {
    /// The service of this name; nil where there is none.
    public init?(argument: String) {
        guard let service = ServiceCatalogue.named(argument) else { return nil }
        self = service
    }

    /// For help and completions.
    public static var allValueStrings: [String] { ServiceCatalogue.all.map(\.name) }
    /// Shells offer the names.
    public static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

/// `--kind`
enum UnixKind: String, ExpressibleByArgument, CaseIterable, Sendable {
    case stream, dgram, seqpacket

    var socketKind: SocketKind {
        switch self {
        case .stream: .stream
        case .dgram: .datagram
        case .seqpacket: .sequencedPacket
        }
    }

    init(_ kind: SocketKind) { self = UnixKind.allCases.first { $0.socketKind == kind } ?? .stream }
}

extension String {
    /// With spaces after it, for columns of plain ASCII.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(1, width - count)) }
}
