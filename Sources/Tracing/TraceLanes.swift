import Sockets

/// Names for the processes and threads that make calls, in the order of their first ones.
struct TraceLanes {
    private let program: SocketCall.End
    private var processes: [Int32: Int] = [:]
    private var threads: [Int32: [Int32: Int]] = [:]

    init(_ program: SocketCall.End) { self.program = program }

    mutating func end(process: Int32, thread: Int32) -> SocketCall.End {
        let number = processes[process] ?? processes.count + 1
        processes[process] = number
        var members = threads[process] ?? [:]
        let position = members[thread] ?? members.count + 1
        members[thread] = position
        threads[process] = members
        return program.lane(process: number, thread: position)
    }
}
