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
            Without --bind it listens on 127.0.0.1 and can be reached from this machine only. Ends with Ctrl-C or SIGTERM.
            Standard output says where it listens and how to reach it; joins, leaves and errors go to standard error.

            \(CourseService.allCases.map(Self.row).joined(separator: "\n"))

            Examples:
              netprobe serve tcp-echo        then: netprobe client tcp-echo 127.0.0.1
              netprobe serve adder --calls   then: printf 50,40 | ncat 127.0.0.1 12345
              netprobe serve file Downloads --bind 0.0.0.0
              netprobe serve chat --max 3 --capture chat.pcapng
              netprobe serve unix-echo /tmp/echo --kind dgram
            """)

    private static func row(_ service: CourseService) -> String {
        let transport = service.transport == .unix ? "unix" : service.transport.rawValue.lowercased()
        let port = service.port == .any ? "" : String(service.port.rawValue)
        return "  " + service.name.padded(to: 12) + transport.padded(to: 5) + port.padded(to: 7) + service.summary
    }

    @Argument(help: "The service: see above.")
    var name: CourseService

    @Argument(help: ArgumentHelp("file: the folder. unix-echo: the socket's path.", valueName: "path"))
    var path: String?

    @OptionGroup(title: "Sockets") var sockets: ServeSocketOptions
    @OptionGroup(title: "Limits") var limits: ServeLimitOptions
    @OptionGroup(title: "Output") var logs: ServeLogOptions

    @Flag(
        help:
            "Use the courses' blocking loops, one client after the other (chat, text-store: a thread each), not the event loop."
    )
    var simple = false

    @Option(
        help: ArgumentHelp(
            "udp-backoff: which share of the datagrams is lost, 0 to 1 (default: 0.5).", valueName: "share"))
    var drop: Double?

    @Option(help: ArgumentHelp("udp-backoff: the same number loses the same datagrams.", valueName: "n"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("unix-echo: stream, dgram or seqpacket (default: stream).", valueName: "kind"))
    var kind: UnixKind?

    func validate() throws {
        if let drop, !(drop >= 0 && drop <= 1) { throw ValidationError("--drop must be between 0 and 1.") }
        if name == .unixEcho, logs.capture != nil { throw ValidationError("AF_UNIX has no packets to capture.") }
        if sockets.port == 0, logs.capture != nil {
            throw ValidationError("--capture needs a port that is known beforehand, not 0.")
        }
        if logs.capture == "-" {
            throw ValidationError("--capture needs a file: standard output says where the server listens.")
        }
        try refuseUseless()
        switch (name, path) {
        case (.unixEcho, ""): throw ValidationError("Say which path: netprobe serve unix-echo /tmp/echo.")
        case (.file, nil): throw ValidationError("Say which folder: netprobe serve file FOLDER.")
        case (.unixEcho, nil): throw ValidationError("Say which path: netprobe serve unix-echo /tmp/echo.")
        case (.file, _), (.unixEcho, _), (_, nil): break
        case (_, let path?): throw ValidationError("\(name.name) takes no path ('\(path.escapedForDisplay)').")
        }
    }

    private func refuseUseless() throws {
        let isTCP = name.transport == .tcp
        let isUnix = name.transport == .unix
        let isLossy = name == .udpBackoff
        try UselessOption.refuse(
            for: name,
            [
                UselessOption("--drop", isGiven: drop != nil, isOf: isLossy),
                UselessOption("--seed", isGiven: seed != nil, isOf: isLossy),
                UselessOption("--kind", isGiven: kind != nil, isOf: isUnix),
                UselessOption(
                    "--limit", isGiven: limits.limit != nil, isOf: [.upperTCP, .adder, .textStore].contains(name)),
                UselessOption("--bind", isGiven: !sockets.bind.isEmpty, isOf: !isUnix),
                UselessOption("--port", isGiven: sockets.port != nil, isOf: !isUnix),
                UselessOption("-4 or -6", isGiven: sockets.families.family != nil, isOf: !isUnix),
                UselessOption("--interface", isGiven: sockets.interface != nil, isOf: !isUnix),
                UselessOption("--reuseaddr", isGiven: sockets.reuseaddr, isOf: !isUnix),
                UselessOption("--rcvbuf", isGiven: sockets.rcvbuf != nil, isOf: !isUnix),
                UselessOption("--keepalive", isGiven: sockets.keepalive, isOf: isTCP),
                UselessOption("--nodelay", isGiven: sockets.nodelay, isOf: isTCP),
                UselessOption("--backlog", isGiven: sockets.backlog != nil, isOf: isTCP || isUnix && kind != .dgram),
                UselessOption("--timeout", isGiven: limits.timeout != nil, isOf: isTCP || isUnix && kind != .dgram),
                UselessOption("--max", isGiven: limits.max != nil, isOf: isTCP || isUnix && kind != .dgram),
            ])
        // The blocking loops serve one after the other.
        let isCrowd = name == .chat || name == .textStore
        if simple {
            try UselessOption.refuse(
                for: name, form: " with --simple", [UselessOption("--max", isGiven: limits.max != nil, isOf: isCrowd)])
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
        if let path, name == .unixEcho { settings.path = UnixPath(path) }
        if let path, name == .file {
            settings.folder = try attempt { () throws(SocketError) in try SystemFolder(path) }
        }
        return settings
    }
}

extension CourseService: ExpressibleByArgument {}

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
