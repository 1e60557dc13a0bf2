import ArgumentParser
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

            Examples:
              netprobe demo tcp-echo
              netprobe run --server "python3 server.py" -- python3 client.py
              netprobe explain capture.pcapng
            """,
        version: version, groupedSubcommands: FirstSteps.groups)

    static let version = "0.1.0"

    /// Made by the argument parser.
    public init() {}

    /// Runs the command that the arguments name and ends the process with its status.
    public static func run() -> Never {
        StandardStreams.fillGaps()
        StandardStreams.ignoreClosedPipes()
        if CommandLine.arguments.count == 1 { exit(withError: FirstSteps.write()) }
        if let wrong = FirstSteps.unknownCommand(CommandLine.arguments) {
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
