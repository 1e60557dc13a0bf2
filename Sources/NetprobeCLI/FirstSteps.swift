import ArgumentParser
import Lab
import Rendering
import Services
import Sockets
import Text

/// What netprobe says to who does not know it yet: what to try first, the commands by what they are for, and what was
/// probably meant by a word that is no command.
enum FirstSteps {
    /// The commands by what they are for.
    static let groups: [CommandGroup] = [
        CommandGroup(
            name: "Learn",
            subcommands: [DemoCommand.self, ServeCommand.self, ClientCommand.self, DoctorCommand.self]),
        CommandGroup(name: "Run programs of your own", subcommands: [RunCommand.self]),
        CommandGroup(
            name: "Look into captures",
            subcommands: [
                CaptureCommand.self, ExplainCommand.self, ShowCommand.self, FlowsCommand.self, LadderCommand.self,
                HandshakesCommand.self, FollowCommand.self, StatsCommand.self, ReportCommand.self, MergeCommand.self,
                FieldsCommand.self,
            ]),
        CommandGroup(
            name: "Probe the network",
            subcommands: [
                IfacesCommand.self, SocketsCommand.self, ResolveCommand.self, ConnectCommand.self, ScanCommand.self,
                PingUDPCommand.self, MyIPCommand.self,
            ]),
    ]

    private static let first: GroupedList.Group = (
        "Try first",
        [
            ("netprobe demo tcp-echo", "a server, a client, and which call caused which packet"),
            ("netprobe demo refused", "a pitfall, and why it happens; netprobe demo --list has more"),
            ("netprobe run -- python3 client.py", "a program of yours, unchanged, and why it failed"),
            ("netprobe explain capture.pcap", "what happened in a capture, in sentences"),
        ]
    )

    /// Writes what to try first and which commands there are.
    /// - Returns: what went wrong, if anything.
    static func write() -> (any Error)? {
        let output = StandardOutput()
        var out = output.buffer()
        let commands: [GroupedList.Group] = groups.map { group in
            (
                group.name,
                group.subcommands.map { ($0.configuration.commandName ?? "", $0.configuration.abstract) }
            )
        }
        out.append(text: "netprobe: \(Netprobe.configuration.abstract)\n\n")
        GroupedList.write([first], columns: Terminal.columns, to: &out)
        out.append(ascii: 10)
        GroupedList.write(commands, columns: Terminal.columns, to: &out)
        out.append("\nnetprobe COMMAND --help has the options and examples of a command.\n")
        do throws(CommandFailure) { try output.finish(&out) } catch { return error }
        return nil
    }

    // MARK: What was meant

    /// What to say where the first word names no command; nil where it does, or is an option.
    static func unknownCommand(_ arguments: [String]) -> String? {
        guard arguments.count > 1, let first = arguments[1].first, first != "-" else { return nil }
        let word = arguments[1]
        let names = Netprobe.configuration.subcommands.compactMap { $0.configuration.commandName }
        // These are ArgumentParser's own.
        if ["serve", "client"].contains(word), arguments.count > 2, let wrong = unknownService(arguments[2], word) {
            return wrong
        }
        if names.contains(word) || ["help", "generate-completion-script"].contains(word) { return nil }
        return "no command '\(word)'; \(meant(word, arguments.dropFirst(2).joined(separator: " "), names))"
    }

    private static func unknownService(_ name: String, _ command: String) -> String? {
        guard name.first != "-", name != "help", ServiceCatalogue.named(name) == nil else { return nil }
        let near = Nearest.name(to: name, among: ServiceCatalogue.all.map(\.name))
        return "no service '\(name)'; \(near.map { "did you mean \($0)?" } ?? "netprobe \(command) --help lists them")"
    }

    private static func meant(_ word: String, _ rest: String, _ names: [String]) -> String {
        if DemoCatalogue.named(word) != nil {
            let service = ServiceCatalogue.named(word) == nil ? "" : ", or the service: netprobe serve \(word)"
            return "there is a demo of that name: netprobe demo \(word)\(service)"
        }
        if ServiceCatalogue.named(word) != nil {
            return "there is a service of that name: netprobe serve \(word), and netprobe client \(word)"
        }
        if ProcessLaunch.exists(word), !ProcessLaunch.isDirectory(word) { return file(word, rest) }
        if let near = Nearest.name(to: word, among: names) { return "did you mean \(near)?" }
        if let near = Nearest.name(to: word, among: DemoCatalogue.all.map(\.name)) {
            return "did you mean the demo: netprobe demo \(near)?"
        }
        return "netprobe --help lists them"
    }

    /// A file: a program to run, or a capture.
    private static func file(_ name: String, _ rest: String) -> String {
        let arguments = rest.isEmpty ? "" : " \(rest)"
        let word = name.asShellWord
        if name.hasSuffix(".py") { return "to run that program: netprobe run -- python3 \(word)\(arguments)" }
        let isCapture = [".pcap", ".pcapng", ".cap", ".gz", ".zst"].contains { name.hasSuffix($0) }
        if !isCapture, ProcessLaunch.find(name.contains("/") ? name : "./\(name)") != nil {
            let path = name.contains("/") ? word : "./\(word)"
            return "to run that program: netprobe run -- \(path)\(arguments)"
        }
        return "of that file netprobe explain \(word) tells what happened, netprobe show \(word) lists the packets"
    }
}
