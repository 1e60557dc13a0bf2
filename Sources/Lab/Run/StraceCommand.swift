/// How strace is called: threads and children too, nanoseconds, descriptors with their sockets, only the calls that are
/// wanted (the others run at full speed, seccomp-bpf), short strings. Needs strace 5.3 or later.
enum StraceCommand {
    private static let common = [
        "-f", "-q", "-yy", "-s", "64", "-e", "signal=none", "--absolute-timestamps=format:unix,precision:ns",
        "--syscall-times=ns",
        "-e", "trace=" + StraceCallForm.traced.joined(separator: ","),
    ]

    /// For a program that it starts.
    /// - Parameter output: the file that it writes to, so that the program's standard error stays its own.
    static func starting(_ program: RunProgram, output: String, setpriv: String?) -> [String] {
        // The bounding set goes between strace, which must reach our pipe, and the program.
        let drop = setpriv.map { [$0, "--bounding-set=-all", "--inh-caps=-all", "--"] } ?? []
        return common + ["--seccomp-bpf", "-o", output] + ["--"] + drop + [program.path] + program.arguments
    }

    /// For a program that runs. What strace has to say about itself comes on its standard error.
    static func attaching(to process: Int32, output: String) -> [String] {
        common + ["-o", output, "-p", String(process)]
    }
}
