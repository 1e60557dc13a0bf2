import ArgumentParser
import Packets
import Sockets

/// The root command.
public struct Netprobe: ParsableCommand {
    /// The command's name, what it is about, and its subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "netprobe",
        abstract: "See which socket call caused which packet, and why it failed.",
        discussion: """
            Exit status: 0 yes, 1 the answer is no, 2 could not ask, 64 wrong usage.
            Results go to standard output, everything else to standard error.
            """,
        version: version,
        subcommands: [
            DemoCommand.self, RunCommand.self, ServeCommand.self, ClientCommand.self, LadderCommand.self,
            MergeCommand.self, CaptureCommand.self, DoctorCommand.self,
            ShowCommand.self, FieldsCommand.self,
            FlowsCommand.self, HandshakesCommand.self, FollowCommand.self, ExplainCommand.self, StatsCommand.self,
            ReportCommand.self,
            IfacesCommand.self, ResolveCommand.self, ScanCommand.self, PingUDPCommand.self, ConnectCommand.self,
            SocketsCommand.self,
            MyIPCommand.self,
        ])

    static let version = "0.1.0"

    /// Made by the argument parser.
    public init() {}

    /// What to say where the first word names no command; nil where it does, or is an option.
    static func unknownCommand(_ arguments: [String]) -> String? {
        guard arguments.count > 1, let first = arguments[1].first, first != "-" else { return nil }
        let word = arguments[1]
        let names = configuration.subcommands.compactMap { $0.configuration.commandName }
        // These are ArgumentParser's own.
        if names.contains(word) || ["help", "generate-completion-script"].contains(word) { return nil }
        let near = names.compactMap { name in
            EditDistance.between(Array(word.utf8), Array(name.utf8), atMost: 2).map { (distance: $0, name: name) }
        }.min { $0.distance < $1.distance }
        return "no command '\(word)'; " + (near.map { "did you mean \($0.name)?" } ?? "netprobe --help lists them")
    }

    /// Runs the command that the arguments name and ends the process with its status.
    public static func run() -> Never {
        StandardStreams.fillGaps()
        StandardStreams.ignoreClosedPipes()
        if let wrong = unknownCommand(CommandLine.arguments) {
            Diagnostics.write(wrong)
            exit(withError: ExitCode.validationFailure)
        }
        do {
            var command = try parseAsRoot()
            try command.run()
            exit(withError: nil)
        } catch let failure as CommandFailure {
            Diagnostics.write(failure.message, detail: failure.detail)
            exit(withError: Status.failed)
        } catch {
            // Help and version are no errors, a status alone has no words.
            if error is ExitCode || exitCode(for: error) == .success { exit(withError: error) }
            Diagnostics.write(usage: fullMessage(for: error))
            exit(withError: exitCode(for: error))
        }
    }
}
