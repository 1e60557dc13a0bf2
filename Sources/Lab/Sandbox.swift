import Sockets

/// A private user and network namespace, in which an ordinary user may capture and no other traffic is in the picture.
///
/// The program is started anew through util-linux's `unshare`: unshare(2) of a user namespace fails with EINVAL once a
/// second thread lives, and Swift's runtime is free to start one. Which namespace the first start saw travels along in
/// the environment, so that the second one can tell that it really is elsewhere.
public enum Sandbox {
    /// Carries the first start's network namespace (`net:[4026531840]`).
    static let variable = "NETPROBE_SANDBOX"

    /// How a namespace is made here: unshare's options.
    public struct Way: Hashable, Sendable {
        public let unshare: String
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
        guard let outer = environmentVariable(variable), let own = ProcessLaunch.linkTarget("/proc/self/ns/net") else { return false }
        return outer != own
    }

    /// Whether root's rights here are those of a user namespace alone, which an ordinary user made: /proc/self/uid_map maps
    /// something else than everything to itself.
    public static var isInUserNamespace: Bool { ProcessPrivileges.isRoot && !ProcessPrivileges.isInFirstUserNamespace }

    /// Tries whether a namespace can be made. Root needs no user namespace of its own and keeps the rights to its files.
    public static func way() throws(Refusal) -> Way {
        #if os(Linux)
        guard let unshare = ProcessLaunch.find("unshare") else { throw .noUnshare }
        var message = ""
        for options in (ProcessPrivileges.isRoot ? [["-n"], ["-Urn"]] : [["-Urn"]]) {
            let ending: ProcessLaunch.Ending
            do {
                ending = try ProcessLaunch.run(unshare, options + ["--", unshare, "--version"])
            } catch {
                throw .refused("\(error)")
            }
            if ending.status == 0 { return Way(unshare: unshare, options: options) }
            message = String(ending.errors.split(separator: "\n").first ?? "unshare ended with status \(ending.status)")
        }
        throw .refused(message)
        #else
        throw .unsupported
        #endif
    }

    /// Becomes the same program with the same arguments inside a new namespace; returns only where that failed.
    public static func enter(_ way: Way, arguments: [String]) -> SocketError {
        guard let path = ProcessLaunch.executablePath, let own = ProcessLaunch.linkTarget("/proc/self/ns/net") else {
            return SocketError("readlink", 2, subject: "/proc/self")
        }
        return ProcessLaunch.become(way.unshare, way.options + ["--", path] + arguments, setting: [variable: own])
    }

    /// Runs this program with other arguments to its end in a new namespace.
    public static func run(_ way: Way, arguments: [String]) throws(SocketError) -> ProcessLaunch.Ending {
        guard let path = ProcessLaunch.executablePath, let own = ProcessLaunch.linkTarget("/proc/self/ns/net") else {
            throw SocketError("readlink", 2, subject: "/proc/self")
        }
        return try ProcessLaunch.run(way.unshare, way.options + ["--", path] + arguments, setting: [variable: own])
    }

    /// Switches the loopback interface of a new namespace on.
    public static func bringLoopbackUp() throws(SocketError) { try InterfaceControl.bringUp("lo") }
}
