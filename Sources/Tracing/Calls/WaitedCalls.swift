import Addressing
import Platform
import Sockets

/// Calls that waited for several descriptors, and epoll's entries, epoll(7).
extension CallReturn {
    /// Told with the first one that was ready.
    func waited(_ call: inout RunningCall, _ value: Int64) {
        guard value > 0, let number = ready(call).first, let socket = thread.table.socket(number) else { return }
        attach(socket, to: &call)
    }

    private func attach(_ socket: TracedSocket, to call: inout RunningCall) {
        CallBeginning(thread: thread, registry: registry, dataLimit: 0).attachWaiting(socket, to: &call)
    }

    private func ready(_ call: RunningCall) -> [Int32] {
        let waited = Set(call.waited.map(\.number))
        let memory = thread.memory
        if call.system == .select || call.system == .pselect6 {
            return (1...3).flatMap { memory.descriptorSet(call.argument($0), below: call.int(0)) }.filter(
                waited.contains)
        }
        let count = Int(min(call.argument(1), UInt64(ProgramMemory.mostEntries)))
        let entries = memory.bytes(call.argument(0), 8 * count)
        return (0..<entries.count / 8).filter { entries.word(at: 8 * $0 + 6, size: 2) != 0 }.map {
            Int32(truncatingIfNeeded: entries.word(at: 8 * $0, size: 4))
        }.filter(waited.contains)
    }

    /// epoll_ctl(2): EPOLL_CTL_ADD is 1, EPOLL_CTL_DEL 2, EPOLL_CTL_MOD 3.
    func watch(_ call: RunningCall) {
        let (epoll, descriptor) = (call.int(0), call.int(2))
        if call.int(1) == 2 {
            thread.table.unwatch(descriptor, by: epoll)
            return
        }
        guard thread.socket(descriptor, registry) != nil,
            let event = thread.memory.exactly(call.argument(3), eventSize)
        else { return }
        // EPOLLOUT is 4, EPOLLIN 1.
        thread.table.watch(
            descriptor, data: event.word(at: eventSize - 8, size: 8), writes: event.word(at: 0, size: 4) & 5 == 4,
            by: epoll)
    }

    /// `struct epoll_event`: 32 bits of events and 64 of data, on x86-64 without padding.
    private var eventSize: Int { architecture == .x86_64 ? 12 : 16 }

    func epollWaited(_ call: inout RunningCall, _ value: Int64) {
        let epoll = call.int(0)
        let milliseconds =
            call.system == .epollPwait2
            ? thread.memory.milliseconds(timespec: call.argument(3)) ?? -1 : Int(call.int(3))
        let count = Int(min(max(0, value), Int64(ProgramMemory.mostEntries)))
        let events = thread.memory.bytes(call.argument(1), eventSize * count)
        var watches = (0..<events.count / eventSize).compactMap {
            thread.table.watch(by: epoll, data: events.word(at: eventSize * ($0 + 1) - 8, size: 8))
        }
        // Its time was over: told with the first socket that it waited for. One that did not wait found nothing, and
        // event loops look that way all the time.
        if value == 0, milliseconds != 0 { watches = thread.table.watches(by: epoll) }
        guard let socket = watches.lazy.compactMap({ thread.table.socket($0.descriptor) }).first else {
            call.isTold = false
            return
        }
        attach(socket, to: &call)
        call.traced.call.descriptor = epoll
        let waited = watches.map { WaitedDescriptor(number: $0.descriptor, writes: value == 0 && $0.writes) }
        call.traced.call.arguments =
            CallArgument.list(waited) + [.timeout(milliseconds: milliseconds < 0 ? nil : milliseconds)]
    }

    /// close_range(2): told with the first socket that it closes. CLOSE_RANGE_CLOEXEC is 4: nothing is closed yet.
    /// CLOSE_RANGE_UNSHARE is 2: the thread has descriptors of its own from now on.
    func closedRange(_ call: inout RunningCall) {
        let (first, last) = (UInt32(truncatingIfNeeded: call.argument(0)), UInt32(truncatingIfNeeded: call.argument(1)))
        if call.int(2) & 2 != 0 { thread.table = DescriptorTable(copying: thread.table) }
        guard call.int(2) & 4 == 0 else {
            call.isTold = false
            return
        }
        let isClosed = { (number: Int32) in number >= 0 && (first...max(first, last)).contains(UInt32(number)) }
        let closed = thread.table.sockets.filter(isClosed)
        if let socket = closed.first.flatMap(thread.table.socket) {
            attach(socket, to: &call)
            call.traced.call.arguments = CallArgument.list(closed.map { WaitedDescriptor(number: $0, writes: false) })
        } else {
            call.isTold = false
        }
        for number in thread.table.known.filter(isClosed) { thread.table.close(number) }
    }
}
