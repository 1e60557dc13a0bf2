import Sockets

/// Makes calls whose failure ends the command: one line on standard error, exit status 2.
func attempt<Output: ~Copyable>(_ body: () throws(SocketError) -> Output) throws(CommandFailure) -> Output {
    do throws(SocketError) { return try body() } catch { throw CommandFailure("\(error)") }
}
