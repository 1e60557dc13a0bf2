import ArgumentParser

/// Why a command could not do what it was asked: one clear line for standard error, exit status 2.
struct CommandFailure: Error {
    let message: String

    /// Lines below it, already escaped: a filter with its place marked.
    let detail: String?

    init(_ message: String, detail: String? = nil) {
        self.message = message
        self.detail = detail
    }

    /// A failure that the libraries have put into words.
    init(_ error: some Error) { self.init("\(error)") }
}

/// The exit statuses of every command; 64 for wrong usage is ArgumentParser's (EX_USAGE of sysexits.h).
enum Status {
    /// The answer is no: nothing open, no reply, nothing matched.
    static let no = ExitCode(1)
    /// The question could not be asked.
    static let failed = ExitCode(2)
}
