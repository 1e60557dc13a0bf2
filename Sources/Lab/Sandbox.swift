import Platform
import Sockets

/// A private user and network namespace, in which an ordinary user may capture and no other traffic is in the picture.
///
/// The program is started anew through util-linux's `unshare`: unshare(2) of a user namespace fails with EINVAL once a
/// second thread lives, and Swift's runtime is free to start one. Which namespace the first start saw, and which
/// process it was, travel along in the environment, so that the second one can tell that it really is elsewhere.
public enum Sandbox {
    /// Carries the first start's network namespace and process: `net:[4026531840] 1234`.
    static let variable = "NETPROBE_SANDBOX"
    /// How long unshare may take to say yes or no; it needs milliseconds.
    static let patience = Duration.seconds(5)

    /// How a namespace is made here: unshare's options.
    public struct Way: Hashable, Sendable {
        /// Where util-linux's unshare is.
        public let unshare: String
        /// What it is to be called with.
        public let options: [String]
    }

    /// Why there is none.
    public enum Refusal: Error, Hashable, Sendable {
        /// Not Linux.
        case unsupported
        /// util-linux's `unshare` is not installed.
        case noUnshare
        /// It is, and says this.
        case refused(String)
    }

    /// Whether this process already runs inside.
    public static var isInside: Bool {
        guard let note = environmentVariable(variable), let own = ProcessLaunch.linkTarget("/proc/self/ns/net") else {
            return false
        }
        return isInside(note, namespace: own, processes: [ProcessLaunch.processID, ProcessLaunch.parentID])
    }

    /// A note that somebody set by hand, or that an earlier start left in the environment of another process, proves
    /// nothing: it must name another network namespace, and this process (which `enter` keeps) or its parent (which
    /// `run` is).
    static func isInside(_ note: String, namespace: String, processes: [Int32]) -> Bool {
        let words = note.split(separator: " ")
        guard words.count == 2, words[0].hasPrefix("net:["), words[0].hasSuffix("]"), let process = Int32(words[1])
        else { return false }
        return words[0] != namespace && processes.contains(process)
    }

    private static func note(_ namespace: String) -> [String: String] {
        [variable: "\(namespace) \(ProcessLaunch.processID)"]
    }

    /// Whether root's rights here are those of a user namespace alone, which an ordinary user made: /proc/self/uid_map
    /// maps something else than everything to itself.
    public static var isInUserNamespace: Bool { ProcessPrivileges.isRoot && !ProcessPrivileges.isInFirstUserNamespace }

    /// Tries whether a namespace can be made. Root needs no user namespace of its own and keeps the rights to its
    /// files.
    public static func way() throws(Refusal) -> Way {
        guard HostSystem.isLinux else { throw .unsupported }
        guard let unshare = ProcessLaunch.find("unshare") else { throw .noUnshare }
        var message = ""
        for options in (ProcessPrivileges.isRoot ? [["-n"], ["-Urn"]] : [["-Urn"]]) {
            let ending: ProcessLaunch.Ending
            do {
                ending = try ProcessLaunch.run(unshare, options + ["--", unshare, "--version"], timeout: patience)
            } catch {
                throw .refused(
                    error.code == .timedOut
                        ? "\(unshare) did not end within \(patience.components.seconds) s" : "\(error)")
            }
            if ending.status == 0 { return Way(unshare: unshare, options: options) }
            message = String(
                ending.errors.split(separator: "\n").first ?? "unshare ended with status \(ending.status)")
        }
        throw .refused(message)
    }

    /// Becomes the same program with the same arguments, byte for byte, inside a new namespace; returns only where that
    /// failed.
    public static func enter(_ way: Way) -> SocketError {
        guard let path = ProcessLaunch.executablePath, let own = ProcessLaunch.linkTarget("/proc/self/ns/net") else {
            return SocketError("readlink", 2, subject: "/proc/self")
        }
        return ProcessLaunch.become(
            way.unshare, way.options + ["--", path], own: Array(ProcessLaunch.ownArguments.dropFirst()),
            setting: note(own))
    }

    /// Runs this program with other arguments to its end in a new namespace.
    public static func run(_ way: Way, arguments: [String]) throws(SocketError) -> ProcessLaunch.Ending {
        guard let path = ProcessLaunch.executablePath, let own = ProcessLaunch.linkTarget("/proc/self/ns/net") else {
            throw SocketError("readlink", 2, subject: "/proc/self")
        }
        return try ProcessLaunch.run(
            way.unshare, way.options + ["--", path] + arguments, setting: note(own), timeout: patience)
    }

    /// Has this program run once more under a supervisor, so that whatever it starts ends with it: see `Supervision`.
    ///
    /// - Returns: in the supervisor, the status to end with; nil in the child, which goes on.
    public static func supervised() throws(SocketError) -> Int32? {
        if Supervision.isActive {
            // The programs that are started shall not see how.
            Supervision.forget([variable])
            return nil
        }
        let isSeparate = Supervision.canSeparate
        var setting: [String: String] = [:]
        if isInside, let words = environmentVariable(variable)?.split(separator: " "), let namespace = words.first {
            // The child's parent, as it sees that: nobody (0) from inside of a process namespace.
            setting[variable] = "\(namespace) \(isSeparate ? 0 : ProcessLaunch.processID)"
        }
        return try Supervision.run(isSeparate: isSeparate, setting: setting).status
    }

    /// Switches the loopback interface of a new namespace on.
    public static func bringLoopbackUp() throws(SocketError) { try InterfaceControl.bringUp("lo") }
}
