import Addressing
import Sockets

/// Calls that wait for several descriptors at once.
extension StraceCallForm {
    /// poll and select name the descriptors; the call is drawn with the one that was ready, else with the first socket.
    func waited(_ sockets: inout StraceSockets) -> StraceTrace.Draft? {
        let isPoll = call.name.hasSuffix("poll")
        let named =
            isPoll
            ? call.arguments.prefix(1).flatMap(Self.descriptors)
            : call.arguments.dropFirst().prefix(3).enumerated().flatMap { set in
                Self.descriptors(in: set.element).map { (descriptor: $0.descriptor, writes: set.offset == 1) }
            }
        let ready = Set(Self.descriptors(in: call.note).map(\.descriptor.number))
        let found = named.compactMap { entry in
            sockets.socket(entry.descriptor, in: process).map {
                (number: entry.descriptor.number, writes: entry.writes, socket: $0)
            }
        }
        guard let chosen = found.first(where: { ready.contains($0.number) }) ?? found.first else { return nil }
        var numbers: [Int32] = []
        for entry in found where !numbers.contains(entry.number) { numbers.append(entry.number) }
        // Waits for reading are the rule.
        let writes = Set(numbers.filter { number in found.allSatisfy { $0.number != number || $0.writes } })
        var draft = self.draft(.init(rawValue: isPoll ? "poll" : "select"), chosen.socket, sockets)
        // A client waits for who it asked.
        let known = sockets.known[chosen.socket]
        if draft.peer == nil, !known.isBound { draft.peer = known.lastSentTo }
        draft.arguments = Self.list(numbers, toWrite: writes) + [timeout(text(isPoll ? 2 : 4))]
        return draft
    }

    /// epoll knows the descriptors by what epoll_ctl was given.
    func epollWaited(_ sockets: inout StraceSockets) -> StraceTrace.Draft? {
        guard let first = call.arguments.first, let epoll = StraceDescriptor(first) else { return nil }
        let events = call.arguments.dropFirst().first.map(Self.data) ?? []
        var numbers = events.compactMap { sockets.watched(by: epoll.number, data: $0, in: process) }
        var writes: Set<Int32> = []
        // Its time was over: drawn with the first socket that it waited for. One that did not wait found nothing, and
        // event loops look that way all the time.
        if events.isEmpty, case .value(0, _) = call.result, number(3) != 0 {
            let watched = sockets.watched(by: epoll.number, in: process)
            numbers = watched.map(\.descriptor)
            writes = Set(watched.filter(\.writes).map(\.descriptor))
        }
        guard let number = numbers.first(where: { sockets.socket(numbered: $0, in: process) != nil }),
            let socket = sockets.socket(numbered: number, in: process)
        else { return nil }
        var draft = self.draft("epoll_wait", socket, sockets)
        draft.descriptor = epoll.number
        let known = sockets.known[socket]
        if events.isEmpty, draft.peer == nil, !known.isBound { draft.peer = known.lastSentTo }
        draft.arguments = Self.list(numbers, toWrite: writes) + [timeout(text(3))]
        return draft
    }

    /// `epoll_ctl(5<…>, EPOLL_CTL_ADD, 4<TCP:[…]>, {events=EPOLLIN, data={u32=4, u64=4}})`
    func watch(_ epoll: StraceDescriptor, _ sockets: inout StraceSockets) {
        guard call.arguments.count > 3, let descriptor = StraceDescriptor(call.arguments[2]) else { return }
        if text(1) == "EPOLL_CTL_DEL" {
            sockets.unwatch(descriptor.number, by: epoll.number, in: process)
            return
        }
        guard sockets.socket(descriptor, in: process) != nil else { return }
        let event = StraceText(call.arguments[3])
        let writes = event.find("EPOLLOUT") != nil && event.find("EPOLLIN") == nil
        for data in Self.data(call.arguments[3]) {
            sockets.watch(descriptor.number, data: data, writes: writes, by: epoll.number, in: process)
        }
    }

    /// A timeout in milliseconds, or as `{tv_sec=1, tv_nsec=500000000}`; nothing (NULL, -1) waits for ever.
    private func timeout(_ text: String) -> CallArgument {
        if let milliseconds = Int(text), milliseconds >= 0 { return .timeout(milliseconds: milliseconds) }
        guard text.first == "{" else { return .timeout(milliseconds: nil) }
        func value(_ name: StaticString) -> Int? {
            let bytes = Array(text.utf8)
            guard let place = StraceText(bytes[...]).find(name) else { return nil }
            var behind = StraceText(bytes[(place + name.utf8CodeUnitCount)...])
            return behind.integer()
        }
        let fraction = value("tv_nsec=").map { $0 / 1_000_000 } ?? value("tv_usec=").map { $0 / 1000 } ?? 0
        let (whole, overflow) = (value("tv_sec=") ?? 0).multipliedReportingOverflow(by: 1000)
        let (sum, tooMuch) = whole.addingReportingOverflow(fraction)
        return .timeout(milliseconds: overflow || tooMuch ? nil : sum)
    }

    /// The descriptors in `[{fd=4<TCP:[…]>, events=POLLIN}]`, `[4<TCP:[…]> 5<UDP:[…]>]` and `out [4], left {tv_sec=0,
    /// …}`: plain numbers and those after `fd=`, no other values.
    private static func descriptors(in bytes: ArraySlice<UInt8>) -> [(descriptor: StraceDescriptor, writes: Bool)] {
        var found: [(descriptor: StraceDescriptor, writes: Bool)] = []
        var text = StraceText(bytes)
        var name = ""
        while !text.rest.isEmpty {
            if let value = text.integer() {
                let decoration = text.decoration() ?? []
                if name.isEmpty || name == "fd", let number = Int32(exactly: value) {
                    found.append((StraceDescriptor(number: number, decoration), false))
                }
                name = ""
            } else if let word = text.word() {
                name = text.take("=") ? word : ""
                // `events=POLLOUT` alone: it waits until something can be sent.
                if name == "events", text.rest.starts(with: "POLLOUT".utf8), !text.rest.starts(with: "POLLOUT|".utf8),
                    !found.isEmpty
                {
                    found[found.count - 1].writes = true
                }
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
            if let value = digits.starts(with: "0x".utf8)
                ? UInt64(digits.dropFirst(2).text, radix: 16) : UInt64(digits.text)
            {
                found.append(value)
            }
        }
        return found
    }
}
