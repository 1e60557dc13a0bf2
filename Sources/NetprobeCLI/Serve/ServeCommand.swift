import Addressing
import ArgumentParser
import Packets
import Rendering
import Services
import Sockets

/// `netprobe serve NAME`
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run a server of the course: real services for any client that speaks the same bytes.",
        discussion: """
            Without --bind it listens on 127.0.0.1 and can be reached from this machine only. Ends with Ctrl-C or SIGTERM.
            Standard output says where it listens and how to reach it; joins, leaves and errors go to standard error.

            \(CourseService.allCases.map { "  \($0.name.padded(to: 12))\($0.transport.rawValue.padded(to: 9))\($0.port == .any ? "     " : String($0.port.rawValue).padded(to: 5))  \($0.summary)" }.joined(separator: "\n"))

            Examples:
              netprobe serve tcp-echo                        netprobe client tcp-echo 127.0.0.1
              netprobe serve adder --calls                   printf 50,40 | ncat 127.0.0.1 12345
              netprobe serve file Downloads --bind 0.0.0.0   netprobe client file HOST notes.txt
              netprobe serve unix-echo /tmp/echo --kind dgram
            """)

    @Argument(help: "The service: see above.")
    var name: CourseService

    @Argument(help: ArgumentHelp("file: the folder. unix-echo: the socket's path.", valueName: "path"))
    var path: String?

    @OptionGroup(title: "Sockets") var sockets: ServeSocketOptions
    @OptionGroup(title: "Limits") var limits: ServeLimitOptions
    @OptionGroup(title: "Output") var logs: ServeLogOptions

    @Flag(help: "Use the courses' blocking loops, one client after the other (chat, text-store: a thread each), not the event loop.")
    var simple = false

    @Option(help: ArgumentHelp("udp-backoff: which share of the datagrams is lost, 0 to 1.", valueName: "share"))
    var drop = 0.5

    @Option(help: ArgumentHelp("udp-backoff: the same number loses the same datagrams.", valueName: "n"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("unix-echo: stream, dgram or seqpacket.", valueName: "kind"))
    var kind = UnixKind.stream

    func validate() throws {
        if !(drop >= 0 && drop <= 1) { throw ValidationError("--drop must be between 0 and 1.") }
        switch (name, path) {
        case (.file, nil): throw ValidationError("Say which folder: netprobe serve file FOLDER.")
        case (.unixEcho, nil): throw ValidationError("Say which path: netprobe serve unix-echo /tmp/echo.")
        case (.file, _), (.unixEcho, _), (_, nil): break
        case (_, let path?): throw ValidationError("\(name.name) takes no path ('\(path.escapedForDisplay)').")
        }
    }

    func run() throws {
        try ServiceSession(self).run()
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
}

extension String {
    /// With spaces after it, for columns of plain ASCII.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(1, width - count)) }
}
