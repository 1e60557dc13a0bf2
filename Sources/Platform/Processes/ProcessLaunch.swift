#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Starts other programs, and this one anew.
public enum ProcessLaunch {
    /// How a program ended.
    public struct Ending: Hashable, Sendable {
        /// The exit status, or 128 + the signal's number as shells have it.
        public let status: Int32
        /// What it wrote to standard error, at most 64 KiB.
        public let errors: String
    }

    /// The path of the running executable: readlink(2) of /proc/self/exe. nil where the system does not tell.
    public static var executablePath: String? { linkTarget("/proc/self/exe") }

    /// readlink(2).
    public static func linkTarget(_ path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return -1 }
            return unsafe readlink(path, base.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard count > 0, count < buffer.count else { return nil }
        return String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    /// Finds a program as a shell does: in the folders of PATH, or at the path itself where it has a slash. access(2).
    public static func find(_ program: String) -> String? {
        func isExecutable(_ path: String) -> Bool { unsafe access(path, X_OK) == 0 }
        if program.contains("/") { return isExecutable(program) ? program : nil }
        let folders =
            (environmentVariable("PATH") ?? "/usr/bin:/bin").split(separator: ":").map(String.init) + [
                "/usr/sbin", "/sbin",
            ]
        return folders.map { "\($0)/\(program)" }.first(where: isExecutable)
    }

    /// getpid(2): a program keeps it through `become`.
    public static var processID: Int32 { getpid() }
    /// getppid(2).
    public static var parentID: Int32 { getppid() }

    /// The command line as it was given, the program's own name first. `CommandLine.arguments` replaces what is no
    /// UTF-8; these are the bytes.
    public static var ownArguments: [[UInt8]] {
        let vector = unsafe CommandLine.unsafeArgv
        return (0..<Int(CommandLine.argc)).compactMap { index in
            guard let text = unsafe vector[index] else { return nil }
            return unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
        }
    }

    /// access(2): whether there is such a file.
    public static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Whether the path names a folder.
    public static func isDirectory(_ path: String) -> Bool { exists(path + "/.") }

    /// execv(3): becomes another program. Returns only where that failed.
    ///
    /// - Parameters:
    ///   - own: further arguments, as bytes: those that this program was itself given.
    ///   - setting: variables that the new program finds in its environment besides the present ones.
    public static func become(_ path: String, _ arguments: [String], own: [[UInt8]] = [], setting: [String: String])
        -> SocketError
    {
        for (name, value) in setting { unsafe setenv(name, value, 1) }
        let code = unsafe withVector(([path] + arguments).map { Array($0.utf8) } + own) { vector in
            _ = unsafe execv(path, vector)
            return errno
        }
        return SocketError("execv", code, subject: path)
    }

    /// posix_spawnp(3) and waitpid(2): runs a program to its end. Its standard input and output are /dev/null, what it
    /// writes to standard error is kept. Signals blocked here are not blocked there.
    ///
    /// - Parameter timeout: how long it may take; then it is killed, and the error is ETIMEDOUT. nil waits for ever.
    public static func run(
        _ path: String, _ arguments: [String], setting: [String: String] = [:], timeout: Duration? = nil
    ) throws(SocketError) -> Ending {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw SocketError("pipe", errno) }
        defer { _ = close(ends[0]) }
        var writerIsOpen = true
        defer { if writerIsOpen { _ = close(ends[1]) } }
        _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)

        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = unsafe posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        var child: pid_t = 0
        let code = unsafe withVector(([path] + arguments).map { Array($0.utf8) }) { vector in
            unsafe withVector(currentEnvironment(and: setting).map { Array($0.utf8) }) { surroundings in
                unsafe posix_spawnp(&child, path, &actions, &attributes, vector, surroundings)
            }
        }
        guard code == 0 else { throw SocketError("posix_spawn", code, subject: path) }
        _ = close(ends[1])
        writerIsOpen = false

        let errors = readAll(ends[0], atMost: 65_536, until: timeout.map { ContinuousClock.now + $0 })
        // It may also close its standard error and go on, but none that is started here does.
        if errors == nil { _ = kill(child, SIGKILL) }
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
        guard let errors else { throw SocketError("waitpid", ETIMEDOUT, subject: path) }
        let signal = status & 0x7f
        return Ending(status: signal == 0 ? status >> 8 & 0xff : 128 + signal, errors: errors)
    }

    /// Lends strings as C has them: an array of pointers that ends with a null pointer.
    static func withVector<Result>(
        _ texts: [[UInt8]], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let vector = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: texts.count + 1)
        for (index, text) in texts.enumerated() {
            unsafe vector[index] = unsafe strdup(text.map(CChar.init(bitPattern:)) + [0])
        }
        unsafe vector[texts.count] = nil
        defer {
            for index in texts.indices { unsafe free(vector[index]) }
            unsafe vector.deallocate()
        }
        return unsafe body(vector)
    }

    private static func currentEnvironment(and setting: [String: String]) -> [String] {
        var result: [String] = []
        var entry = unsafe environ
        while let pointer = unsafe entry.pointee {
            let text = unsafe String(cString: pointer)
            if !setting.keys.contains(where: { text.hasPrefix($0 + "=") }) { result.append(text) }
            unsafe entry += 1
        }
        return result + setting.map { "\($0.key)=\($0.value)" }
    }

    /// Reads to the end and keeps the beginning, so that a talkative program is not stopped by a full pipe. nil: the
    /// end did not come in time.
    private static func readAll(_ descriptor: Int32, atMost limit: Int, until deadline: ContinuousClock.Instant?)
        -> String?
    {
        var kept: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            if let deadline, (try? waitReadable([descriptor], timeout: deadline - .now))?.isEmpty ?? true { return nil }
            let count = unsafe read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            kept += buffer.prefix(min(count, limit - kept.count))
        }
        return String(decoding: kept, as: UTF8.self)
    }
}
