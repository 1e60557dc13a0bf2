import ArgumentParser
import Sockets

/// The root command.
public struct Netprobe: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "netprobe",
        abstract: "See which socket call caused which packet, and why it failed.",
        discussion: """
            Exit status: 0 yes, 1 the answer is no, 2 could not ask, 64 wrong usage.
            Results go to standard output, everything else to standard error.
            """,
        version: version,
        subcommands: [
            DemoCommand.self, RunCommand.self, ServeCommand.self, ClientCommand.self, LadderCommand.self, MergeCommand.self, CaptureCommand.self, DoctorCommand.self,
            ShowCommand.self, FieldsCommand.self,
            FlowsCommand.self, HandshakesCommand.self, FollowCommand.self, ExplainCommand.self, StatsCommand.self, ReportCommand.self,
            IfacesCommand.self, ResolveCommand.self, ScanCommand.self, PingUDPCommand.self, ConnectCommand.self, SocketsCommand.self,
            MyIPCommand.self,
        ])

    static let version = "0.1.0"

    public init() {}

    /// Runs the command that the arguments name and ends the process with its status.
    public static func run() -> Never {
        StandardStreams.ignoreClosedPipes()
        do {
            var command = try parseAsRoot()
            try command.run()
            exit(withError: nil)
        } catch let failure as CommandFailure {
            Diagnostics.write(failure.message, detail: failure.detail)
            exit(withError: Status.failed)
        } catch {
            exit(withError: error)
        }
    }
}
