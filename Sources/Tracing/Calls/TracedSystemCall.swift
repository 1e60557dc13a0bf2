import Platform

/// The system calls that a trace stops at: all that move bytes, addresses, options or descriptors of sockets, and what
/// makes processes.
enum TracedSystemCall: String, CaseIterable {
    case socket, socketpair, bind, listen, accept, accept4, connect, shutdown
    case sendto, sendmsg, sendmmsg, recvfrom, recvmsg, recvmmsg
    case read, readv, preadv2, write, writev, pwritev2, sendfile, splice
    case setsockopt, getsockopt, getsockname, getpeername
    case close
    case closeRange = "close_range"
    case dup, dup2, dup3, fcntl
    case pidfdGetfd = "pidfd_getfd"
    case poll, ppoll, select, pselect6
    case epollCtl = "epoll_ctl"
    case epollWait = "epoll_wait"
    case epollPwait = "epoll_pwait"
    case epollPwait2 = "epoll_pwait2"
    case ioUringSetup = "io_uring_setup"
    case clone, clone3, fork, vfork, execve, execveat
    /// What a call that a stop interrupted goes on with, restart_syscall(2).
    case restart = "restart_syscall"
    /// The end of a signal's handler, sigreturn(2), where the fate of the call that it interrupted shows.
    case signalReturn = "rt_sigreturn"

    /// Its number on a processor; nil where the processor's Linux does not have it. The newer calls have one number on
    /// all (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h).
    func number(on architecture: ProcessorArchitecture) -> Int32? {
        let (x86, arm) = numbers
        return architecture == .x86_64 ? x86 : arm
    }

    private var numbers: (x86_64: Int32, arm64: Int32?) {
        switch self {
        case .socket: (41, 198)
        case .socketpair: (53, 199)
        case .bind: (49, 200)
        case .listen: (50, 201)
        case .accept: (43, 202)
        case .accept4: (288, 242)
        case .connect: (42, 203)
        case .shutdown: (48, 210)
        case .sendto: (44, 206)
        case .sendmsg: (46, 211)
        case .sendmmsg: (307, 269)
        case .recvfrom: (45, 207)
        case .recvmsg: (47, 212)
        case .recvmmsg: (299, 243)
        case .read: (0, 63)
        case .readv: (19, 65)
        case .preadv2: (327, 286)
        case .write: (1, 64)
        case .writev: (20, 66)
        case .pwritev2: (328, 287)
        case .sendfile: (40, 71)
        case .splice: (275, 76)
        case .setsockopt: (54, 208)
        case .getsockopt: (55, 209)
        case .getsockname: (51, 204)
        case .getpeername: (52, 205)
        case .close: (3, 57)
        case .closeRange: (436, 436)
        case .dup: (32, 23)
        case .dup2: (33, nil)
        case .dup3: (292, 24)
        case .fcntl: (72, 25)
        case .pidfdGetfd: (438, 438)
        case .poll: (7, nil)
        case .ppoll: (271, 73)
        case .select: (23, nil)
        case .pselect6: (270, 72)
        case .epollCtl: (233, 21)
        case .epollWait: (232, nil)
        case .epollPwait: (281, 22)
        case .epollPwait2: (441, 441)
        case .ioUringSetup: (425, 425)
        case .clone: (56, 220)
        case .clone3: (435, 435)
        case .fork: (57, nil)
        case .vfork: (58, nil)
        case .execve: (59, 221)
        case .execveat: (322, 281)
        case .restart: (219, 128)
        case .signalReturn: (15, 139)
        }
    }
}

/// The calls of one processor by their numbers.
struct SystemCallTable {
    let numbers: [Int32]
    private let calls: [TracedSystemCall?]

    init(_ architecture: ProcessorArchitecture) {
        let known = TracedSystemCall.allCases.compactMap { call in call.number(on: architecture).map { ($0, call) } }
        numbers = known.map(\.0)
        var calls = [TracedSystemCall?](repeating: nil, count: 512)
        for (number, call) in known { calls[Int(number)] = call }
        self.calls = calls
    }

    subscript(number: UInt64) -> TracedSystemCall? {
        number < UInt64(calls.count) ? calls[Int(number)] : nil
    }
}
