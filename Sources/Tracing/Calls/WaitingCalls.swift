import Addressing
import Platform
import Sockets

/// Calls that wait for several descriptors at once: what they are asked. Told are those of which a socket is one.
extension CallBeginning {
    /// `struct pollfd { int fd; short events, revents; }` of poll(2).
    func polls(_ call: inout RunningCall) -> Bool {
        call.traced.call.name = "poll"
        let count = Int(min(call.argument(1), UInt64(ProgramMemory.mostEntries)))
        let entries = memory.bytes(call.argument(0), 8 * count)
        for index in 0..<entries.count / 8 {
            let number = Int32(truncatingIfNeeded: entries.word(at: 8 * index, size: 4))
            let events = entries.word(at: 8 * index + 4, size: 2)
            // POLLOUT is 4, POLLIN 1.
            call.waited.append(WaitedDescriptor(number: number, writes: events & 5 == 4))
        }
        // poll's timeout is a number of milliseconds, ppoll's a structure.
        let milliseconds =
            call.system == .poll ? Int(call.int(2)) : memory.milliseconds(timespec: call.argument(2)) ?? -1
        return waits(&call, milliseconds)
    }

    /// Three sets of bits, select(2), of which each may be missing.
    func selects(_ call: inout RunningCall) -> Bool {
        call.traced.call.name = "select"
        for (index, writes) in [(1, false), (2, true), (3, false)] {
            for number in memory.descriptorSet(call.argument(index), below: call.int(0))
            where !call.waited.contains(where: { $0.number == number }) {
                call.waited.append(WaitedDescriptor(number: number, writes: writes))
            }
        }
        let time =
            call.system == .select
            ? memory.milliseconds(timeval: call.argument(4)) : memory.milliseconds(timespec: call.argument(4))
        return waits(&call, time ?? -1)
    }

    private func waits(_ call: inout RunningCall, _ milliseconds: Int) -> Bool {
        call.waited = call.waited.filter { $0.number >= 0 && thread.socket($0.number, registry) != nil }
        guard let first = call.waited.first, let socket = thread.table.socket(first.number) else { return false }
        attachWaiting(socket, to: &call)
        call.traced.call.arguments =
            CallArgument.list(call.waited)
            + [.timeout(milliseconds: milliseconds < 0 ? nil : milliseconds)]
        return true
    }
}

extension ProgramMemory {
    /// The numbers in an `fd_set`.
    func descriptorSet(_ address: UInt64, below count: Int32) -> [Int32] {
        guard address != 0, count > 0 else { return [] }
        let most = min(Int(count), 8 * Self.mostEntries)
        let set = bytes(address, (most + 63) / 64 * 8)
        return (0..<min(most, 8 * set.count)).filter { set[$0 / 8] & (1 << UInt8($0 % 8)) != 0 }.map(Int32.init)
    }
}

extension CallArgument {
    /// The descriptors that a call waits for or closes, as many as can be shown.
    static func list(_ descriptors: [WaitedDescriptor]) -> [CallArgument] {
        let shown = descriptors.prefix(8).map { CallArgument.descriptor($0.number, toWrite: $0.writes) }
        return descriptors.count > 8 ? shown + [.text("…")] : shown
    }
}
