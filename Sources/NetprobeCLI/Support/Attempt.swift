/// Does what may fail, and whose failure ends the command: one line on standard error, exit status 2.
func attempt<Output: ~Copyable, Failure: Error>(_ body: () throws(Failure) -> Output) throws(CommandFailure) -> Output {
    do throws(Failure) { return try body() } catch { throw CommandFailure(error) }
}
