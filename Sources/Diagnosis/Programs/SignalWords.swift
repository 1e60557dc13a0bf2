/// What a signal that ends a program means, as far as its number tells (signal(7)).
enum SignalWords {
    /// `signal 11 (SIGSEGV: it used memory that is not its own)`
    static func text(_ number: Int32) -> String {
        guard let meaning = meanings[number] else { return "signal \(number)" }
        return "signal \(number) (\(meaning))"
    }

    /// Those whose numbers are the same on all systems.
    private static let meanings: [Int32: String] = [
        2: "SIGINT: Ctrl-C", 4: "SIGILL: an instruction that makes no sense",
        6: "SIGABRT: it ended itself, as a failed assertion does", 8: "SIGFPE: arithmetic, as a division by zero",
        9: "SIGKILL: somebody, or the system for want of memory, ended it",
        11: "SIGSEGV: it used memory that is not its own",
        13: "SIGPIPE: it wrote to a connection or a pipe that nobody reads any more", 15: "SIGTERM: somebody ended it",
    ]
}
