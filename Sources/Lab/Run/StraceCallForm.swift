import Addressing
import Sockets

/// Turns one call of strace's into the form that every ladder knows: the C function, short arguments without the content of
/// buffers, and a result.
///
/// The C library makes one system call for several functions: `send` is `sendto` without an address, `recv` is `recvfrom`
/// without one. They are named as the program most likely wrote them.
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

    /// The system calls that strace is to report: on sockets, on descriptors that may be sockets, and what makes processes.
    static let traced = [
        "socket", "bind", "listen", "accept", "accept4", "connect", "sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg", "recvmmsg",
        "shutdown", "setsockopt", "getsockopt", "getsockname", "getpeername", "read", "readv", "write", "writev", "sendfile", "splice", "close",
        "?dup", "?dup2", "dup3", "fcntl", "?poll", "ppoll", "?select", "pselect6", "?epoll_wait", "epoll_pwait", "?epoll_pwait2", "epoll_ctl",
        "clone", "?clone3", "?fork", "?vfork", "execve",
    ]

    /// The call, if it concerns a TCP or UDP socket; the table of descriptors is brought up to date in any case.
    func draft(_ sockets: inout StraceSockets) -> StraceTrace.Draft? {
        switch call.name {
        case "socket": return made(&sockets)
        case "poll", "ppoll", "select", "pselect6": return waited(&sockets)
        case "epoll_wait", "epoll_pwait", "epoll_pwait2": return epollWaited(&sockets)
        case "sendfile", "splice": return copied(&sockets)
        case "execve": return nil
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
        defer { if call.name == "close", case .value(0, _) = call.result { sockets.close(descriptor.number, in: process) } }
        guard let socket else { return nil }
        return onSocket(socket, descriptor, &sockets)
    }

    // MARK: Calls on one socket

    private func onSocket(_ socket: Int, _ descriptor: StraceDescriptor, _ sockets: inout StraceSockets) -> StraceTrace.Draft {
        var draft = self.draft(.init(rawValue: call.name), socket, sockets)
        draft.descriptor = descriptor.number
        switch call.name {
        case "bind": bound(&draft, &sockets)
        case "connect": connected(&draft, &sockets)
        case "accept", "accept4": accepted(&draft, &sockets)
        case "listen": draft.arguments = [text(1)]
        case "sendto", "sendmsg", "sendmmsg", "write", "writev": sent(&draft)
        case "recvfrom", "recvmsg", "recvmmsg", "read", "readv": received(&draft)
        case "shutdown": draft.arguments = [text(1)]
        case "setsockopt", "getsockopt": draft.arguments = option()
        case "getsockname", "getpeername":
            if call.arguments.count > 1, let endpoint = StraceAddress.endpoint(in: call.arguments[1]), draft.result == .value(0) {
                if call.name == "getsockname" { sockets.setLocal(endpoint, of: socket) } else { sockets.setPeer(endpoint, of: socket) }
                draft.arguments = [endpoint.description]
            }
        default: break
        }
        return draft
    }

    private func draft(_ name: SocketCall.Name, _ socket: Int, _ sockets: StraceSockets) -> StraceTrace.Draft {
        let known = sockets.known[socket]
        return StraceTrace.Draft(
            process: process, thread: thread, name: name, arguments: [], start: start, finish: finish, result: result, socket: socket,
            local: known.local, peer: known.peer, transport: known.transport)
    }

    private func made(_ sockets: inout StraceSockets) -> StraceTrace.Draft? {
        let kind = text(1)
        var transport: SocketCall.Transport?
        if text(0) == "AF_INET" || text(0) == "AF_INET6" { transport = kind.hasPrefix("SOCK_STREAM") ? .tcp : kind.hasPrefix("SOCK_DGRAM") ? .udp : nil }
        guard let transport, !text(2).contains("ICMP"), !text(2).contains("MPTCP"), !text(2).contains("SCTP") else { return nil }
        var socket: Int?
        if case .value(let number, let descriptor) = call.result, let number = Int32(exactly: number) {
            socket = sockets.add(descriptor ?? StraceDescriptor(number: number, []), transport, in: process)
        }
        let flags = kind.split(separator: "|").filter { $0 != "SOCK_CLOEXEC" }.joined(separator: "|")
        return StraceTrace.Draft(
            process: process, thread: thread, name: .socket, descriptor: nil, arguments: [text(0), flags], start: start, finish: finish,
            result: result, socket: socket, transport: transport)
    }

    private func bound(_ draft: inout StraceTrace.Draft, _ sockets: inout StraceSockets) {
        guard call.arguments.count > 1, let endpoint = StraceAddress.endpoint(in: call.arguments[1]) else { return }
        draft.arguments = [endpoint.description]
        guard draft.result == .value(0), let socket = draft.socket else { return }
        draft.hasLocal = true
        if endpoint.port.rawValue != 0 {
            draft.local = endpoint
            sockets.setLocal(endpoint, of: socket)
        }
    }

    private func connected(_ draft: inout StraceTrace.Draft, _ sockets: inout StraceSockets) {
        guard call.arguments.count > 1, let endpoint = StraceAddress.endpoint(in: call.arguments[1]), let socket = draft.socket else { return }
        draft.arguments = [endpoint.description]
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
        guard case .value(let number, let decorated) = call.result, let descriptor = Int32(exactly: number) else { return }
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
            if peer == nil, call.arguments.count > 4 { draft.name = .send }
            draft.arguments = [Self.size(number(2))] + flags(3) + (peer.map { [$0.description] } ?? [])
            if let peer { draft.peer = peer }
        case "sendmsg":
            let message = call.arguments.count > 1 ? StraceMessage(call.arguments[1]) : StraceMessage()
            draft.arguments = [Self.size(message.size)] + flags(2) + (message.peer.map { [$0.description] } ?? [])
            if let peer = message.peer { draft.peer = peer }
        case "sendmmsg":
            draft.arguments = ["\(text(2)) messages"] + flags(3)
            if let peer = call.arguments.count > 1 ? StraceAddress.endpoint(in: call.arguments[1]) : nil { draft.peer = peer }
        case "writev":
            draft.arguments = [Self.size(call.arguments.count > 1 ? StraceMessage(call.arguments[1]).size : nil)]
        default:
            draft.arguments = [Self.size(number(2))]
        }
        if draft.arguments.first == "?", case .value(let count) = draft.result, call.name != "sendmmsg" { draft.arguments[0] = Self.size(count) }
    }

    private func received(_ draft: inout StraceTrace.Draft) {
        var sender: Endpoint?
        switch call.name {
        case "recvfrom":
            sender = call.arguments.count > 4 ? StraceAddress.endpoint(in: call.arguments[4]) : nil
            if call.arguments.count > 4, call.arguments[4].text == "NULL" { draft.name = .recv }
            draft.arguments = [text(2)] + flags(3)
        case "recvmsg":
            let message = call.arguments.count > 1 ? StraceMessage(call.arguments[1]) : StraceMessage()
            sender = message.peer
            draft.arguments = [message.size.map(String.init) ?? "?"] + flags(2)
        case "recvmmsg":
            draft.arguments = ["\(text(2)) messages"] + flags(3)
            return
        case "readv":
            draft.arguments = [(call.arguments.count > 1 ? StraceMessage(call.arguments[1]).size : nil).map(String.init) ?? "?"]
        default:
            draft.arguments = [text(2)]
        }
        guard case .value(let count) = draft.result, count >= 0 else { return }
        // A stream's address says nothing new, and the system leaves it out.
        draft.result = .received(count, from: draft.transport == .udp ? sender : nil)
        if draft.transport == .udp, let sender { draft.peer = sender }
    }

    /// sendfile(out, in, offset, count), splice(in, offset, out, offset, length, flags).
    private func copied(_ sockets: inout StraceSockets) -> StraceTrace.Draft? {
        let position = call.name == "sendfile" ? 0 : 2
        guard call.arguments.count > position, let descriptor = StraceDescriptor(call.arguments[position]),
              let socket = sockets.socket(descriptor, in: process) else { return nil }
        var draft = self.draft(.init(rawValue: call.name), socket, sockets)
        draft.descriptor = descriptor.number
        draft.arguments = [Self.size(number(call.name == "sendfile" ? 3 : 4))]
        return draft
    }

    // MARK: Options

    /// `SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}` becomes `SOL_SOCKET`, `SO_LINGER`, `l_onoff=1 l_linger=0`.
    private func option() -> [String] {
        var words = [text(1), text(2).hasSuffix("_OLD") ? String(text(2).dropLast(4)) : text(2)]
        if call.arguments.count > 3, !call.arguments[3].starts(with: "0x".utf8) {
            let value = call.arguments[3].filter { $0 != 91 && $0 != 93 && $0 != 123 && $0 != 125 && $0 != 44 }
            if value.first != 34 { words.append(String(decoding: value, as: UTF8.self)) }
        }
        return words
    }

    // MARK: Waiting for several

    /// poll and select name the descriptors; the call is drawn with the one that was ready, else with the first socket.
    private func waited(_ sockets: inout StraceSockets) -> StraceTrace.Draft? {
        let isPoll = call.name.hasSuffix("poll")
        let named = (isPoll ? call.arguments.prefix(1) : call.arguments.dropFirst().prefix(3)).flatMap(Self.descriptors)
        let ready = Set(Self.descriptors(in: call.note).map(\.number))
        let found = named.compactMap { descriptor in sockets.socket(descriptor, in: process).map { (descriptor.number, $0) } }
        guard let chosen = found.first(where: { ready.contains($0.0) }) ?? found.first else { return nil }
        let numbers = found.reduce(into: [Int32]()) { if !$0.contains($1.0) { $0.append($1.0) } }
        var draft = self.draft(.init(rawValue: isPoll ? "poll" : "select"), chosen.1, sockets)
        draft.arguments = Self.list(numbers) + (isPoll ? [milliseconds(text(2))] : [])
        return draft
    }

    /// epoll knows the descriptors by what epoll_ctl was given.
    private func epollWaited(_ sockets: inout StraceSockets) -> StraceTrace.Draft? {
        guard let first = call.arguments.first, let epoll = StraceDescriptor(first) else { return nil }
        let events = call.arguments.dropFirst().first.map(Self.data) ?? []
        let numbers = events.compactMap { sockets.watched(by: epoll.number, data: $0, in: process) }
        guard let number = numbers.first(where: { sockets.socket(numbered: $0, in: process) != nil }),
              let socket = sockets.socket(numbered: number, in: process) else { return nil }
        var draft = self.draft("epoll_wait", socket, sockets)
        draft.descriptor = epoll.number
        draft.arguments = Self.list(numbers) + [milliseconds(text(3))]
        return draft
    }

    /// `epoll_ctl(5<…>, EPOLL_CTL_ADD, 4<TCP:[…]>, {events=EPOLLIN, data={u32=4, u64=4}})`
    private func watch(_ epoll: StraceDescriptor, _ sockets: inout StraceSockets) {
        guard call.arguments.count > 3, text(1) != "EPOLL_CTL_DEL", let descriptor = StraceDescriptor(call.arguments[2]),
              sockets.socket(descriptor, in: process) != nil else { return }
        for data in Self.data(call.arguments[3]) { sockets.watch(descriptor.number, data: data, by: epoll.number, in: process) }
    }

    private func duplicated(_ descriptor: StraceDescriptor, _ sockets: inout StraceSockets) -> StraceTrace.Draft? {
        let socket = sockets.socket(descriptor, in: process)
        guard case .value(let number, _) = call.result, let new = Int32(exactly: number) else { return nil }
        sockets.duplicate(descriptor.number, new, in: process)
        guard let socket else { return nil }
        var draft = self.draft(.init(rawValue: call.name == "fcntl" ? "fcntl" : "dup"), socket, sockets)
        draft.descriptor = descriptor.number
        draft.arguments = call.name == "fcntl" ? ["F_DUPFD"] : []
        return draft
    }

    // MARK: Pieces

    private func text(_ index: Int) -> String { index < call.arguments.count ? call.arguments[index].text : "" }

    private func number(_ index: Int) -> Int? {
        guard index < call.arguments.count else { return nil }
        var text = StraceText(call.arguments[index])
        return text.integer()
    }

    private func flags(_ index: Int) -> [String] {
        let flags = text(index).split(separator: "|").filter { $0 != "0" && $0 != "MSG_NOSIGNAL" }.joined(separator: "|")
        return flags.isEmpty ? [] : [flags]
    }

    private func milliseconds(_ text: String) -> String { text == "-1" ? "no timeout" : "\(text) ms" }

    private static func size(_ count: Int?) -> String { count.map { $0 == 1 ? "1 byte" : "\($0) bytes" } ?? "?" }

    private static func list(_ numbers: [Int32]) -> [String] {
        let shown = numbers.prefix(8).map { "fd \($0)" }
        return numbers.count > 8 ? shown + ["…"] : shown
    }

    private var finish: Timestamp? {
        // Without a result the program never got an answer, whatever strace measured.
        if case .unknown = call.result { return nil }
        return call.duration.map { start.advanced(byNanoseconds: $0) }
    }

    private var result: SocketCall.Result {
        switch call.result {
        case .unknown: .pending
        case .interrupted(let name), .failed(let name): .failed(number: errnoNumber(named: name) ?? Self.restart[name] ?? -1, name: name)
        case .value(let value, _): .value(value)
        }
    }

    /// The kernel's own numbers for "interrupted by a signal" (include/linux/errno.h), which no program sees.
    private static let restart: [String: Int32] = ["ERESTARTSYS": 512, "ERESTARTNOINTR": 513, "ERESTARTNOHAND": 514, "ERESTART_RESTARTBLOCK": 516]

    /// The descriptors in `[{fd=4<TCP:[…]>, events=POLLIN}]`, `[4<TCP:[…]> 5<UDP:[…]>]` and `out [4], left {tv_sec=0, …}`: plain
    /// numbers and those after `fd=`, no other values.
    private static func descriptors(in bytes: ArraySlice<UInt8>) -> [StraceDescriptor] {
        var found: [StraceDescriptor] = []
        var text = StraceText(bytes)
        var name = ""
        while !text.rest.isEmpty {
            if let value = text.integer() {
                let decoration = text.decoration() ?? []
                if name.isEmpty || name == "fd", let number = Int32(exactly: value) { found.append(StraceDescriptor(number: number, decoration)) }
                name = ""
            } else if let word = text.word() {
                name = text.take("=") ? word : ""
            } else {
                text.skip()
                name = ""
            }
        }
        return found
    }

    /// The 64-bit data of epoll entries: `u64=4`.
    private static func data(_ text: ArraySlice<UInt8>) -> [UInt64] {
        var found: [UInt64] = []
        var text = StraceText(text)
        while let place = text.find("u64=") {
            text = StraceText(text.rest[(place + 4)...])
            let digits = text.rest.prefix { 48...57 ~= $0 || 97...102 ~= $0 || $0 == 120 }
            if let value = digits.starts(with: "0x".utf8) ? UInt64(digits.dropFirst(2).text, radix: 16) : UInt64(digits.text) { found.append(value) }
        }
        return found
    }
}

/// What sendmsg and recvmsg are given: `{msg_name={sa_family=…}, msg_namelen=16, msg_iov=[{iov_base=""..., iov_len=5}], …}`.
struct StraceMessage {
    var peer: Endpoint?
    /// Room or bytes in all buffers; nil where strace left some out.
    var size: Int?

    init() {}

    init(_ argument: ArraySlice<UInt8>) {
        peer = StraceAddress.endpoint(in: argument)
        var text = StraceText(argument)
        var sum: Int?
        while let place = text.find("iov_len=") {
            text = StraceText(text.rest[(place + 8)...])
            guard let length = text.integer() else { break }
            let (total, overflow) = (sum ?? 0).addingReportingOverflow(length)
            if overflow { return }
            sum = total
        }
        size = text.find("}, ...]") == nil ? sum : nil
    }
}
