import Addressing
import Platform
import Sockets

/// What a call is asked, read from registers and memory before it runs.
struct CallBeginning {
    let thread: TracedThread
    let registry: SocketRegistry
    /// How many bytes of data are kept of each call.
    let dataLimit: Int

    var memory: ProgramMemory { thread.memory }

    /// The call, ready to run; nil where nobody needs to know what it returns.
    func running(_ system: TracedSystemCall, _ registers: CallRegisters) -> RunningCall? {
        var call = RunningCall(
            system: system, registers: registers,
            traced: TracedCall(
                process: thread.process.id, thread: thread.id,
                call: SocketCall(
                    id: 0, end: "", name: CallName(rawValue: system.rawValue), start: .epoch, transport: "none")))
        switch system {
        case .socket, .socketpair: making(&call)
        case .poll, .ppoll: return polls(&call) ? call : nil
        case .select, .pselect6: return selects(&call) ? call : nil
        case .epollCtl, .execve, .execveat, .ioUringSetup, .fork, .vfork, .pidfdGetfd:
            call.isTold = false
        case .signalReturn:
            guard thread.interrupted != nil else { return nil }
            call.isTold = false
        case .clone:
            call.isTold = false
            call.birthFlags = call.argument(0)
        case .clone3:
            call.isTold = false
            call.birthFlags = memory.uint64(call.argument(0)) ?? 0
        case .epollWait, .epollPwait, .epollPwait2: call.traced.call.name = "epoll_wait"
        case .sendfile: return copies(&call, to: call.int(0), size: call.size(3)) ? call : nil
        case .splice:
            // Into a socket, or out of one.
            return copies(&call, to: call.int(2), size: call.size(4))
                || copies(&call, to: call.int(0), size: call.size(4)) ? call : nil
        case .closeRange: break
        case .restart: return nil
        default: return onDescriptor(&call) ? call : nil
        }
        return call
    }

    // MARK: Which socket

    private func onDescriptor(_ call: inout RunningCall) -> Bool {
        let descriptor = call.int(0)
        call.traced.call.descriptor = descriptor
        guard let socket = thread.socket(descriptor, registry) else {
            if Self.ofSocketsAlone.contains(call.system) {
                call.isOnNothing = true
                arguments(&call)
                return true
            }
            // What was a file may be a socket from now on, and what is closed may be anything.
            switch call.system {
            case .close: thread.table.close(descriptor)
            case .dup2, .dup3:
                call.isTold = false
                return true
            default: break
            }
            return false
        }
        attach(socket, to: &call)
        switch call.system {
        case .fcntl: return fcntl(&call)
        // At once: when it returns, another thread may have got the number for something else. Linux frees it whatever
        // close says.
        case .close: thread.table.close(descriptor)
        case .dup: break
        case .dup2, .dup3: call.traced.call.arguments = [.descriptor(call.int(1), toWrite: false)]
        default: arguments(&call)
        }
        return true
    }

    /// Calls that any other descriptor than a socket's makes fail.
    private static let ofSocketsAlone: Set<TracedSystemCall> = [
        .bind, .listen, .accept, .accept4, .connect, .sendto, .sendmsg, .sendmmsg, .recvfrom, .recvmsg, .recvmmsg,
        .shutdown, .setsockopt, .getsockopt, .getsockname, .getpeername,
    ]

    private func attach(_ socket: TracedSocket, to call: inout RunningCall) {
        call.socket = socket
        call.traced.socket = socket.description
        call.traced.call.transport = socket.transport
        call.traced.call.local = socket.local
        call.traced.call.peer = socket.peer
    }

    /// The socket that a call which waits for several is told with: a client waits for who it asked.
    func attachWaiting(_ socket: TracedSocket, to call: inout RunningCall) {
        attach(socket, to: &call)
        if call.traced.call.peer == nil, !socket.isBound { call.traced.call.peer = socket.lastSentTo }
    }

    // MARK: Arguments

    private func making(_ call: inout RunningCall) {
        let (family, kind, protocolNumber) = (call.int(0), call.int(1), call.int(2))
        var arguments: [CallArgument] = [
            .symbol(SocketSymbols.family(family)), .symbols(SocketSymbols.kind(kind)),
        ]
        let usual: [Int32] = [0, 6, 17]
        if [2, 10].contains(family), !usual.contains(protocolNumber) {
            arguments.append(.symbol(SocketSymbols.transportProtocol(protocolNumber)))
        }
        call.traced.call.arguments = arguments
        call.traced.call.transport = TracedSocket.transport(
            family: family, kind: kind & 0xf, protocolNumber: protocolNumber)
    }

    private func arguments(_ call: inout RunningCall) {
        switch call.system {
        case .bind, .connect:
            guard let address = memory.socketAddress(call.argument(1), length: call.argument(2) & 0xffff_ffff) else {
                break
            }
            call.traced.call.arguments = [address.argument]
            if call.system == .connect { call.traced.call.peer = address.endpoint }
        case .listen: call.traced.call.arguments = [.number(Int(call.int(1)))]
        case .accept, .accept4:
            call.traced.call.peer = nil
            call.addressRoom = room(call.argument(2))
            if call.system == .accept4, call.int(3) & SocketSymbols.nonblocking != 0 {
                call.traced.call.arguments = [.symbol("SOCK_NONBLOCK")]
            }
        case .shutdown: call.traced.call.arguments = [.symbol(SocketSymbols.shutdownHow(call.int(1)))]
        case .getsockname, .getpeername: call.addressRoom = room(call.argument(2))
        case .setsockopt:
            call.traced.call.arguments = OptionSymbols.arguments(
                level: call.int(1), name: call.int(2),
                value: memory.bytes(call.argument(3), Int(min(call.argument(4) & 0xffff_ffff, 64))))
        case .getsockopt:
            call.traced.call.arguments = OptionSymbols.arguments(level: call.int(1), name: call.int(2), value: [])
            call.addressRoom = room(call.argument(4))
        default: moving(&call)
        }
    }

    /// A length that the call gets and sets, `socklen_t`.
    private func room(_ address: UInt64) -> UInt64 {
        memory.int32(address).map { UInt64(UInt32(bitPattern: $0)) } ?? 0
    }

    private func fcntl(_ call: inout RunningCall) -> Bool {
        switch call.int(1) {
        // F_DUPFD, F_DUPFD_CLOEXEC
        case 0, 1030: call.traced.call.arguments = [.symbol("F_DUPFD")]
        default: return false
        }
        return true
    }

    /// sendfile(2), splice(2): told with the socket, if there is one.
    private func copies(_ call: inout RunningCall, to descriptor: Int32, size: Int?) -> Bool {
        guard let socket = thread.socket(descriptor, registry) else { return false }
        attach(socket, to: &call)
        call.traced.call.descriptor = descriptor
        call.traced.call.arguments = [size.map { .bytes($0) } ?? .unknown]
        return true
    }
}
