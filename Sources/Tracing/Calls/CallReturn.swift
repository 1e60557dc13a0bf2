import Addressing
import Platform
import Sockets

/// What a call gave back, and what it changed: sockets, descriptors and addresses are brought up to date.
struct CallReturn {
    let thread: TracedThread
    let registry: SocketRegistry
    let dataLimit: Int
    let architecture: ProcessorArchitecture

    private var memory: ProgramMemory { thread.memory }

    /// The call as it is to be told; nil where it concerns no socket.
    func completed(_ running: RunningCall, _ value: Int64) -> TracedCall? {
        var call = running
        if value < 0, value >= -4095 {
            let code = Int32(-value)
            call.traced.call.result = .failed(number: code, name: symbolicName(ofErrno: code))
            return failed(call, code)
        }
        call.traced.call.result = .value(Int(value))
        succeeded(&call, value)
        return call.isTold && !call.isOnNothing ? call.traced : nil
    }

    private func failed(_ running: RunningCall, _ code: Int32) -> TracedCall? {
        var call = running
        call.traced.data = []
        // EBADF, ENOTSOCK
        if call.isOnNothing, code != 9, code != 88 { return nil }
        switch call.system {
        case .connect:
            // EINPROGRESS: it has an address from now on.
            if code == 115 { connected(&call) }
        case .epollWait, .epollPwait, .epollPwait2, .closeRange: return nil
        case .socket, .socketpair:
            call.traced.call.transport = "none"
        default: break
        }
        return call.isTold ? call.traced : nil
    }

    private func succeeded(_ call: inout RunningCall, _ value: Int64) {
        switch call.system {
        case .socket: made(&call, Int32(truncatingIfNeeded: value))
        case .socketpair: madePair(&call)
        case .bind:
            call.socket?.isBound = true
            refreshLocal(&call)
        case .listen: refreshLocal(&call)
        case .connect: connected(&call)
        case .accept, .accept4: accepted(&call, Int32(truncatingIfNeeded: value))
        case .sendto, .sendmsg, .sendmmsg, .write, .writev, .pwritev2: sent(&call, value)
        case .recvfrom, .recvmsg, .read, .readv, .preadv2, .recvmmsg: received(&call, value)
        case .sendfile, .splice: call.traced.moved = Int(value)
        case .getsockopt:
            let length = min(UInt64(UInt32(bitPattern: memory.int32(call.argument(4)) ?? 0)), call.addressRoom, 64)
            call.traced.call.arguments = OptionSymbols.arguments(
                level: call.int(1), name: call.int(2), value: memory.bytes(call.argument(3), Int(length)))
        case .getsockname, .getpeername:
            guard let address = address(call.argument(1), call.argument(2), room: call.addressRoom) else { break }
            call.traced.call.arguments = [address.argument]
            if call.system == .getsockname, let endpoint = address.endpoint { setLocal(endpoint, &call) }
            if call.system == .getpeername, let endpoint = address.endpoint {
                call.socket?.peer = endpoint
                call.traced.call.peer = endpoint
            }
        case .dup, .dup2, .dup3, .fcntl: thread.table.duplicate(call.int(0), as: Int32(truncatingIfNeeded: value))
        case .pidfdGetfd: thread.table.close(Int32(truncatingIfNeeded: value))
        case .closeRange: closedRange(&call)
        case .poll, .ppoll, .select, .pselect6: waited(&call, value)
        case .epollCtl: watch(call)
        case .epollWait, .epollPwait, .epollPwait2: epollWaited(&call, value)
        default: break
        }
    }

    // MARK: Making sockets

    private func made(_ call: inout RunningCall, _ descriptor: Int32) {
        let socket = registry.add(
            family: call.int(0), kind: call.int(1), protocolNumber: call.int(2), facts: thread.process.facts(descriptor)
        )
        thread.table[descriptor] = .socket(socket)
        call.traced.socket = socket.description
    }

    private func madePair(_ call: inout RunningCall) {
        guard let pair = memory.exactly(call.argument(3), 8) else { return }
        for index in 0..<2 {
            let descriptor = Int32(truncatingIfNeeded: pair.word(at: 4 * index, size: 4))
            let socket = registry.add(
                family: call.int(0), kind: call.int(1), protocolNumber: call.int(2),
                facts: thread.process.facts(descriptor))
            thread.table[descriptor] = .socket(socket)
            if index == 0 { call.traced.socket = socket.description }
            call.traced.call.arguments.append(.descriptor(descriptor, toWrite: false))
        }
    }

    private func accepted(_ call: inout RunningCall, _ descriptor: Int32) {
        guard let listener = call.socket else { return }
        let facts = thread.process.facts(descriptor)
        let socket = registry.add(
            family: listener.family, kind: listener.kind, protocolNumber: facts?.protocolNumber ?? 0, facts: facts)
        thread.table[descriptor] = .socket(socket)
        let told = address(call.argument(1), call.argument(2), room: call.addressRoom)
        guard let peer = told?.endpoint ?? socket.peer else { return }
        socket.peer = peer
        call.traced.call.result = .accepted(descriptor, peer)
    }

    // MARK: Addresses

    /// An address that the call gave back, with the length that it has.
    func address(_ address: UInt64, _ length: UInt64, room: UInt64) -> ProgramAddress? {
        guard address != 0, room > 0, let given = memory.int32(length), given > 0 else { return nil }
        return memory.socketAddress(address, length: min(UInt64(given), room))
    }

    private func connected(_ call: inout RunningCall) {
        guard let socket = call.socket else { return }
        socket.peer = call.traced.call.peer
        if socket.isInternet { refreshLocal(&call) }
    }

    /// Asks the kernel for the address that it chose.
    func refreshLocal(_ call: inout RunningCall) {
        guard let socket = call.socket, socket.isInternet, let descriptor = call.traced.call.descriptor,
            let local = thread.process.facts(descriptor)?.local, local.port.rawValue != 0
        else { return }
        setLocal(local, &call)
    }

    private func setLocal(_ endpoint: Endpoint, _ call: inout RunningCall) {
        guard endpoint.port.rawValue != 0 else { return }
        call.socket?.local = endpoint
        call.traced.call.local = endpoint
    }
}
