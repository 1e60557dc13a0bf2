import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Has this program run once more, as a child, so that everything which that child starts ends with it whatever
/// happens: also when either of the two is killed with SIGKILL, and also what forked twice to get away or ignores
/// signals.
///
/// Where the kernel allows it the child is the first process of a process namespace: it cannot end without all others
/// in there (pid_namespaces(7)). Else this process adopts what is left behind and ends it.
public enum Supervision {
    /// How the child came to its end.
    public struct Ending: Hashable, Sendable {
        /// The exit status, or 128 + the signal's number as shells have it.
        public let status: Int32
    }

    /// Tells the child who watches over it: that process' ID as the child sees it, which is 0 from inside of a
    /// namespace.
    private static let variable = "NETPROBE_SUPERVISOR"

    /// Whether this process is such a child.
    public static var isActive: Bool { environmentVariable(variable) == String(getppid()) }

    /// Whether a process namespace can be had here.
    public static var canSeparate: Bool { netshims_can_separate() != 0 }

    /// Runs the child to its end, passing signals on to it; nothing of it is left then.
    ///
    /// - Parameters:
    ///   - isSeparate: whether in a process namespace of its own.
    ///   - setting: further variables of its environment.
    public static func run(isSeparate: Bool, setting: [String: String]) throws(SocketError) -> Ending {
        guard let path = ProcessLaunch.executablePath else {
            throw SocketError("readlink", ENOENT, subject: "/proc/self/exe")
        }
        for (name, value) in setting { unsafe setenv(name, value, 1) }
        unsafe setenv(variable, isSeparate ? "0" : String(getpid()), 1)
        ChildPrograms.adoptOrphans()
        var status: Int32 = 0
        let code = unsafe ProcessLaunch.withVector(ProcessLaunch.ownArguments) { vector in
            unsafe netshims_supervise(path, vector, environ, isSeparate ? 1 : 0, &status)
        }
        ChildPrograms.endAll()
        guard code == 0 else { throw SocketError("fork", code, subject: path) }
        return Ending(status: status)
    }

    /// Takes variables out of the environment of what is started from now on.
    public static func forget(_ variables: [String]) {
        for name in variables + [variable] { unsafe unsetenv(name) }
    }
}
