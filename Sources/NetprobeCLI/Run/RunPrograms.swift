import Lab
import Packets
import Sockets
import Text

/// The programs of a run, found and named.
struct RunPrograms {
    let all: [RunProgram]

    /// - Throws: one line for a command that there is not, before anything is started.
    init(servers: [String], clients: [String], command: [String]) throws(CommandFailure) {
        var found: [RunProgram] = []
        for (index, text) in servers.enumerated() {
            let words = CommandWords.split(text) ?? []
            found.append(
                try Self.program(
                    words, .init(rawValue: index == 0 ? "server" : "server-\(index + 1)"), isServer: true,
                    keepsInput: false))
        }
        var others = clients.compactMap(CommandWords.split)
        if !command.isEmpty { others.insert(command, at: 0) }
        for (index, words) in others.enumerated() {
            let end = SocketCall.End(rawValue: index == 0 ? "client" : "client-\(index + 1)")
            found.append(try Self.program(words, end, isServer: false, keepsInput: index == 0 && !command.isEmpty))
        }
        all = found
    }

    private static func program(_ words: [String], _ end: SocketCall.End, isServer: Bool, keepsInput: Bool)
        throws(CommandFailure) -> RunProgram
    {
        guard let name = words.first, !name.isEmpty else { throw CommandFailure("\(end.rawValue): an empty command") }
        guard let path = ProcessLaunch.find(name), !ProcessLaunch.isDirectory(path) else {
            let shown = name.escapedForDisplay
            let why =
                name.contains("/")
                ? (ProcessLaunch.exists(name)
                    ? "it may not be executed (chmod +x, or name its interpreter: python3 \(shown))"
                    : "there is no such file")
                : "there is no such program in PATH"
            throw CommandFailure("cannot start \(shown): \(why)")
        }
        return RunProgram(
            end: end, isServer: isServer, path: path, arguments: Array(words.dropFirst()), keepsInput: keepsInput)
    }

    static let ptraceAdvice =
        """
        A user may attach to programs of their own only where /proc/sys/kernel/yama/ptrace_scope is 0 (1: only to \
        their children; 2: root alone), and to nobody else's: sudo sysctl -w kernel.yama.ptrace_scope=0, or sudo \
        netprobe run --pid …
        """

    /// What must be so before a running program can be looked at.
    static func checkAttachable(_ process: Int32, strace: String?) throws(CommandFailure) {
        guard strace != nil else { throw CommandFailure("--pid needs strace: sudo apt-get install strace") }
        guard ProcessLaunch.exists("/proc/\(process)") else { throw CommandFailure("there is no process \(process)") }
        let scope = NamespaceAdvice.setting("/proc/sys/kernel/yama/ptrace_scope") ?? "0"
        if scope != "0", !ProcessPrivileges.isRoot {
            throw CommandFailure("may not attach to process \(process). \(ptraceAdvice)")
        }
    }
}
