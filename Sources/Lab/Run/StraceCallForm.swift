import Addressing
import Sockets

/// Turns one call of strace's into the form that every ladder knows: the C function, short arguments without the
/// content of buffers, and a result.
///
/// The C library makes one system call for several functions: `send` is `sendto` without an address, `recv` is
/// `recvfrom` without one. They are named as the program most likely wrote them.
struct StraceCallForm {
    let call: StraceCall
    let thread: Int32
    let process: Int
    let start: Timestamp

    init(_ call: StraceCall, thread: Int32, process: Int, start: Timestamp) {
        self.call = call
        self.thread = thread
        self.process = process
        self.start = start
    }

    /// The system calls that strace is to report: on sockets, on descriptors that may be sockets, and what makes
    /// processes.
    static let traced = [
        "socket", "bind", "listen", "accept", "accept4", "connect", "sendto", "sendmsg", "sendmmsg", "recvfrom",
        "recvmsg", "recvmmsg",
        "shutdown", "setsockopt", "getsockopt", "getsockname", "getpeername", "read", "readv", "write", "writev",
        "sendfile", "splice", "close",
        "?dup", "?dup2", "dup3", "fcntl", "?poll", "ppoll", "?select", "pselect6", "?epoll_wait", "epoll_pwait",
        "?epoll_pwait2", "epoll_ctl",
        "clone", "?clone3", "?fork", "?vfork", "execve", "?close_range", "?io_uring_setup",
    ]

    /// The call, if it concerns a socket of TCP, UDP or AF_UNIX; the table of descriptors is brought up to date in any
    /// case.
    func draft(_ sockets: inout StraceSockets) -> StraceTrace.Draft? {
        switch call.name {
        case "socket": return made(&sockets)
        case "poll", "ppoll", "select", "pselect6": return waited(&sockets)
        case "epoll_wait", "epoll_pwait", "epoll_pwait2": return epollWaited(&sockets)
        case "sendfile", "splice": return copied(&sockets)
        case "close_range": return closedRange(&sockets)
        case "execve", "io_uring_setup": return nil
        default: break
        }
        guard let first = call.arguments.first, let descriptor = StraceDescriptor(first) else { return nil }
        switch call.name {
        case "dup", "dup2", "dup3": return duplicated(descriptor, &sockets)
        case "fcntl":
            if text(1).hasPrefix("F_DUPFD") { return duplicated(descriptor, &sockets) }
            return nil
        case "epoll_ctl":
            watch(descriptor, &sockets)
            return nil
        default: break
        }
        let socket = sockets.socket(descriptor, in: process)
        defer {
            if call.name == "close", case .value(0, _) = call.result { sockets.close(descriptor.number, in: process) }
        }
        guard let socket else { return onNothing(descriptor) }
        return onSocket(socket, descriptor, &sockets)
    }

    /// A call of the socket interface on a descriptor that is none: closed already, or a file. It concerns no
    /// conversation.
    private func onNothing(_ descriptor: StraceDescriptor) -> StraceTrace.Draft? {
        guard case .failed(let errno) = call.result, errno == "EBADF" || errno == "ENOTSOCK",
            Self.ofSocketsAlone.contains(call.name)
        else { return nil }
        var draft = StraceTrace.Draft(
            process: process, thread: thread, name: .init(rawValue: call.name), descriptor: descriptor.number,
            arguments: [], start: start,
            finish: finish, result: result, transport: "none")
        if call.name == "sendto" { sent(&draft) }
        if call.name == "recvfrom" { received(&draft) }
        return draft
    }

    private static let ofSocketsAlone: Set = [
        "bind", "listen", "accept", "accept4", "connect", "sendto", "sendmsg", "recvfrom", "recvmsg", "shutdown",
        "setsockopt", "getsockopt",
        "getsockname", "getpeername",
    ]

    // MARK: Calls on one socket

    private func onSocket(_ socket: Int, _ descriptor: StraceDescriptor, _ sockets: inout StraceSockets)
        -> StraceTrace.Draft
    {
        var draft = self.draft(.init(rawValue: call.name), socket, sockets)
        draft.descriptor = descriptor.number
        switch call.name {
        case "bind": bound(&draft, &sockets)
        case "connect": connected(&draft, &sockets)
        case "accept", "accept4":
            accepted(&draft, &sockets)
            if text(3).contains("SOCK_NONBLOCK") { draft.arguments = [.symbol("SOCK_NONBLOCK")] }
        case "listen": draft.arguments = [argument(1)]
        case "sendto", "sendmsg", "sendmmsg", "write", "writev":
            sent(&draft)
            if let peer = draft.peer { sockets.setLastSentTo(peer, of: socket) }
        case "recvfrom", "recvmsg", "recvmmsg", "read", "readv": received(&draft)
        case "shutdown": draft.arguments = [argument(1)]
        case "setsockopt", "getsockopt":
            draft.arguments = StraceOption.arguments(
                level: text(1), name: text(2), value: call.arguments.dropFirst(3).first)
        case "getsockname", "getpeername":
            if call.arguments.count > 1, let endpoint = StraceAddress.endpoint(in: call.arguments[1]),
                draft.result == .value(0)
            {
                if call.name == "getsockname" {
                    sockets.setLocal(endpoint, of: socket)
                } else {
                    sockets.setPeer(endpoint, of: socket)
                }
                draft.arguments = [.address(endpoint)]
            }
        default: break
        }
        return draft
    }

    func draft(_ name: SocketCall.Name, _ socket: Int, _ sockets: StraceSockets) -> StraceTrace.Draft {
        let known = sockets.known[socket]
        return StraceTrace.Draft(
            process: process, thread: thread, name: name, arguments: [], start: start, finish: finish, result: result,
            socket: socket,
            local: known.local, peer: known.peer, transport: known.transport)
    }

    private func made(_ sockets: inout StraceSockets) -> StraceTrace.Draft? {
        let kind = text(1)
        var transport: SocketProtocol?
        if text(0) == "AF_INET" || text(0) == "AF_INET6" {
            transport = kind.hasPrefix("SOCK_STREAM") ? .tcp : kind.hasPrefix("SOCK_DGRAM") ? .udp : nil
        }
        if text(0) == "AF_UNIX" { transport = .unix }
        if text(2).contains("ICMP") || text(2).contains("MPTCP") || text(2).contains("SCTP") { transport = nil }
        let flags = kind.split(separator: "|").filter { $0 != "SOCK_CLOEXEC" }.joined(separator: "|")
        guard let transport else {
            // Of another kind; where it could not be had, that is what the program stumbles over.
            guard case .failed = call.result, ["AF_INET", "AF_INET6", "AF_PACKET"].contains(text(0)) else { return nil }
            return StraceTrace.Draft(
                process: process, thread: thread, name: .socket, descriptor: nil,
                arguments: [argument(0), CallArgument(flags)],
                start: start, finish: finish,
                result: result, transport: "none")
        }
        var socket: Int?
        if case .value(let number, let descriptor) = call.result, let number = Int32(exactly: number) {
            socket = sockets.add(descriptor ?? StraceDescriptor(number: number, []), transport, in: process)
        }
        return StraceTrace.Draft(
            process: process, thread: thread, name: .socket, descriptor: nil,
            arguments: [argument(0), CallArgument(flags)], start: start,
            finish: finish,
            result: result, socket: socket, transport: transport)
    }

    private func bound(_ draft: inout StraceTrace.Draft, _ sockets: inout StraceSockets) {
        if namePath(&draft) { return }
        guard call.arguments.count > 1, let endpoint = StraceAddress.endpoint(in: call.arguments[1]) else { return }
        draft.arguments = [.address(endpoint)]
        guard draft.result == .value(0), let socket = draft.socket else { return }
        draft.hasLocal = true
        sockets.setBound(socket)
        if endpoint.port.rawValue != 0 {
            draft.local = endpoint
            sockets.setLocal(endpoint, of: socket)
        }
    }

    /// The address of an AF_UNIX socket is a path; says whether the call's socket is one.
    private func namePath(_ draft: inout StraceTrace.Draft) -> Bool {
        guard draft.transport == .unix else { return false }
        if call.arguments.count > 1, let path = StraceAddress.path(in: call.arguments[1]) {
            draft.arguments = [CallArgument(path)]
        }
        return true
    }

    private func connected(_ draft: inout StraceTrace.Draft, _ sockets: inout StraceSockets) {
        if namePath(&draft) { return }
        guard call.arguments.count > 1, let endpoint = StraceAddress.endpoint(in: call.arguments[1]),
            let socket = draft.socket
        else { return }
        draft.arguments = [.address(endpoint)]
        draft.peer = endpoint
        switch draft.result {
        case .value(0), .failed(_, "EINPROGRESS"), .pending:
            draft.hasLocal = true
            sockets.setPeer(endpoint, of: socket)
        default: break
        }
    }

    private func accepted(_ draft: inout StraceTrace.Draft, _ sockets: inout StraceSockets) {
        draft.peer = nil
        guard case .value(let number, let decorated) = call.result, let descriptor = Int32(exactly: number) else {
            return
        }
        let new = sockets.add(decorated ?? StraceDescriptor(number: descriptor, []), draft.transport, in: process)
        let peer = call.arguments.count > 1 ? StraceAddress.endpoint(in: call.arguments[1]) : nil
        guard let peer = decorated?.peer ?? peer else { return }
        sockets.setPeer(peer, of: new)
        if let local = decorated?.local { sockets.setLocal(local, of: new) }
        draft.result = .accepted(descriptor, peer)
    }

    // MARK: Bytes

    private func sent(_ draft: inout StraceTrace.Draft) {
        draft.hasLocal = true
        switch call.name {
        case "sendto":
            let peer = call.arguments.count > 4 ? StraceAddress.endpoint(in: call.arguments[4]) : nil
            if peer == nil, call.arguments.count > 4, call.arguments[4].text == "NULL" { draft.name = .send }
            let path = call.arguments.count > 4 ? StraceAddress.path(in: call.arguments[4]) : nil
            draft.arguments =
                [Self.size(number(2))] + flags(3)
                + (peer.map { [.address($0)] } ?? path.map { [CallArgument($0)] } ?? [])
            if let peer { draft.peer = peer }
        case "sendmsg":
            let message = call.arguments.count > 1 ? StraceMessage(call.arguments[1]) : StraceMessage()
            draft.arguments = [Self.size(message.size)] + flags(2) + (message.peer.map { [.address($0)] } ?? [])
            if let peer = message.peer { draft.peer = peer }
        case "sendmmsg":
            messages(&draft)
        case "writev":
            draft.arguments = [Self.size(call.arguments.count > 1 ? StraceMessage(call.arguments[1]).size : nil)]
        default:
            draft.arguments = [Self.size(number(2))]
        }
        if draft.arguments.first == .unknown, case .value(let count) = draft.result, call.name != "sendmmsg" {
            draft.arguments[0] = Self.size(count)
        }
    }

    private func received(_ draft: inout StraceTrace.Draft) {
        var sender: Endpoint?
        switch call.name {
        case "recvfrom":
            sender = call.arguments.count > 4 ? StraceAddress.endpoint(in: call.arguments[4]) : nil
            if call.arguments.count > 4, call.arguments[4].text == "NULL" { draft.name = .recv }
            draft.arguments = [argument(2)] + flags(3)
        case "recvmsg":
            let message = call.arguments.count > 1 ? StraceMessage(call.arguments[1]) : StraceMessage()
            sender = message.peer
            draft.arguments = [Self.room(message.size)] + flags(2)
        case "recvmmsg":
            messages(&draft)
            return
        case "readv":
            draft.arguments = [Self.room(call.arguments.count > 1 ? StraceMessage(call.arguments[1]).size : nil)]
        default:
            draft.arguments = [argument(2)]
        }
        guard case .value(let count) = draft.result, count >= 0 else { return }
        // A stream's address says nothing new, and the system leaves it out.
        draft.result = .received(count, from: draft.transport == .udp ? sender : nil)
        if draft.transport == .udp, let sender { draft.peer = sender }
    }

    /// sendmmsg(2), recvmmsg(2): how many messages there may be, and each that was sent or received by its size, with
    /// its peer where that is not the first one's: `4 messages, 5 bytes, 7 bytes`.
    private func messages(_ draft: inout StraceTrace.Draft) {
        let all = call.arguments.count > 1 ? StraceMessage.all(in: call.arguments[1]) : []
        let room = number(2).map { CallArgument.messages($0) } ?? .unknown
        if let peer = all.lazy.compactMap(\.peer).first { draft.peer = peer }
        var moved: [CallArgument] = []
        if case .value(let count) = draft.result {
            for message in all.prefix(max(0, count)) {
                guard let peer = message.peer, peer != draft.peer else {
                    moved.append(Self.size(message.moved))
                    continue
                }
                moved.append(message.moved.map { .message(bytes: $0, peer: peer) } ?? CallArgument("? \(peer)"))
            }
        }
        draft.arguments = [room] + flags(3) + moved
    }

    /// close_range(2): drawn with the first socket that it closes.
    private func closedRange(_ sockets: inout StraceSockets) -> StraceTrace.Draft? {
        guard case .value(0, _) = call.result, !text(2).contains("CLOEXEC"),
            let first = number(0).flatMap(Int32.init(exactly:))
        else { return nil }
        let last = number(1).flatMap(Int32.init(exactly:)) ?? .max
        let closed = sockets.descriptors(in: process).filter { $0 >= first && $0 <= last }
        guard let lowest = closed.first, let socket = sockets.socket(numbered: lowest, in: process) else { return nil }
        var draft = self.draft("close_range", socket, sockets)
        draft.arguments = Self.list(closed)
        for descriptor in closed { sockets.close(descriptor, in: process) }
        return draft
    }

    /// sendfile(out, in, offset, count), splice(in, offset, out, offset, length, flags).
    private func copied(_ sockets: inout StraceSockets) -> StraceTrace.Draft? {
        let position = call.name == "sendfile" ? 0 : 2
        guard call.arguments.count > position, let descriptor = StraceDescriptor(call.arguments[position]),
            let socket = sockets.socket(descriptor, in: process)
        else { return nil }
        var draft = self.draft(.init(rawValue: call.name), socket, sockets)
        draft.descriptor = descriptor.number
        draft.arguments = [Self.size(number(call.name == "sendfile" ? 3 : 4))]
        return draft
    }

    // MARK: Descriptors

    private func duplicated(_ descriptor: StraceDescriptor, _ sockets: inout StraceSockets) -> StraceTrace.Draft? {
        let socket = sockets.socket(descriptor, in: process)
        guard case .value(let number, _) = call.result, let new = Int32(exactly: number) else { return nil }
        sockets.duplicate(descriptor.number, new, in: process)
        guard let socket else { return nil }
        var draft = self.draft(.init(rawValue: call.name == "fcntl" ? "fcntl" : "dup"), socket, sockets)
        draft.descriptor = descriptor.number
        draft.arguments = call.name == "fcntl" ? [.symbol("F_DUPFD")] : []
        return draft
    }

    // MARK: Pieces

    func text(_ index: Int) -> String { index < call.arguments.count ? call.arguments[index].text : "" }

    private func argument(_ index: Int) -> CallArgument { CallArgument(text(index)) }

    func number(_ index: Int) -> Int? {
        guard index < call.arguments.count else { return nil }
        var text = StraceText(call.arguments[index])
        return text.integer()
    }

    private func flags(_ index: Int) -> [CallArgument] {
        let flags = text(index).split(separator: "|").filter { $0 != "0" && $0 != "MSG_NOSIGNAL" }.joined(
            separator: "|")
        return flags.isEmpty ? [] : [CallArgument(flags)]
    }

    /// Octets that a call hands over.
    private static func size(_ count: Int?) -> CallArgument { count.map { .bytes($0) } ?? .unknown }

    /// Octets that a call has room for.
    private static func room(_ count: Int?) -> CallArgument { count.map { .number($0) } ?? .unknown }

    /// The descriptors that a call waits for or closes, as many as can be shown.
    static func list(_ numbers: [Int32], toWrite: Set<Int32> = []) -> [CallArgument] {
        let shown = numbers.prefix(8).map { CallArgument.descriptor($0, toWrite: toWrite.contains($0)) }
        return numbers.count > 8 ? shown + [.text("…")] : shown
    }

    private var finish: Timestamp? {
        // Without a result the program never got an answer, whatever strace measured.
        if case .unknown = call.result { return nil }
        return call.duration.map { start.advanced(byNanoseconds: $0) }
    }

    private var result: SocketCall.Result {
        switch call.result {
        case .unknown: .pending
        case .interrupted(let name), .failed(let name):
            .failed(number: errnoNumber(named: name) ?? Self.restart[name] ?? -1, name: name)
        case .value(let value, _): .value(value)
        }
    }

    /// The kernel's own numbers for "interrupted by a signal" (include/linux/errno.h), which no program sees.
    private static let restart: [String: Int32] = [
        "ERESTARTSYS": 512, "ERESTARTNOINTR": 513, "ERESTARTNOHAND": 514, "ERESTART_RESTARTBLOCK": 516,
    ]
}
