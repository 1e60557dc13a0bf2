import Addressing
import Conversations
import Sockets
import Timeline

/// Datagrams that came longer than the room that recv() had: what does not fit is gone (recv(2)).
enum TruncatedDatagrams {
    static func findings(_ run: RunEvidence) -> [Finding] { run.histories.compactMap { finding($0, run) } }

    private static func finding(_ history: SocketHistory, _ run: RunEvidence) -> Finding? {
        guard history.transport == .udp else { return nil }
        let cut = cut(history, run)
        guard let (call, packet) = cut.first, case .received(let count, _) = call.result else { return nil }
        let more: Sentence? = cut.count > 1 ? ", and so \(.times(cut.count)) in all" : nil
        let sentence: Sentence =
            """
            \(.program(call.end)): \(.call(call)) took \(.number(count)) of the \(.bytes(packet.payloadLength)) of the \
            datagram in \(.packet(packet.number)), as it had room for no more\(more): the rest is gone, for one recv() \
            is one datagram.
            """
        return Finding(.truncated, .failure, sentence, of: call, packets: [packet.number])
    }

    /// The calls that took a part of a datagram each: calls and datagrams come in the same order, but for those that
    /// were lost.
    private static func cut(_ history: SocketHistory, _ run: RunEvidence) -> [(SocketCall, ObservedPacket)] {
        guard let place = history.waitsAt ?? history.ends.local else { return [] }
        var came = run.packets.filter { packet in
            packet.transport == .udp && SocketHistory.covers(place, packet.destination)
                && history.opened.map { packet.time >= $0 } ?? false
        }[...]
        var cut: [(SocketCall, ObservedPacket)] = []
        for call in history.calls {
            guard case .received(let count, let sender) = call.result, !call.has("MSG_PEEK") else { continue }
            let found = came.firstIndex { packet in
                packet.time <= (call.returned ?? call.start) && sender.map { $0.onTheWire == packet.source } ?? true
                    && (packet.payloadLength == count || packet.payloadLength > count && call.room == count)
            }
            guard let found else { continue }
            if came[found].payloadLength > count { cut.append((call, came[found])) }
            came = came[(found + 1)...]
        }
        return cut
    }
}

/// Datagrams that came to a socket and that its program never got, although it read until there was nothing more.
enum DroppedDatagrams {
    static func findings(_ run: RunEvidence) -> [Finding] {
        run.histories.compactMap { finding($0, run) }
    }

    private static func finding(_ history: SocketHistory, _ run: RunEvidence) -> Finding? {
        guard history.transport == .udp, let place = history.waitsAt, let opened = history.opened else { return nil }
        let got = history.calls.filter { if case .received = $0.result { !$0.has("MSG_PEEK") } else { false } }
        // The last look found nothing: what had come by then and was not taken is gone.
        let empty = history.calls.last { call in
            guard call.name.receives || call.name.waits else { return false }
            if case .failed(_, let errno) = call.result { return errno == "EAGAIN" || errno == "EWOULDBLOCK" }
            return call.name.waits && call.result == .value(0)
        }
        guard let first = got.first, let empty, empty.id > first.id else { return nil }
        let came = run.packets.filter { packet in
            packet.transport == .udp && SocketHistory.covers(place, packet.destination) && packet.time >= opened
                && packet.time <= empty.start
        }
        let taken = got.filter { $0.id < empty.id }.count
        guard came.count > taken, !got.contains(where: { $0.name == "recvmmsg" }) else { return nil }
        let before = came.count { $0.time <= first.start }
        let room = history.calls.last { $0.name == .setsockopt && $0.has("SO_RCVBUF") }
        let asked: Sentence? = room.map { " (\(.call($0)))" }
        let numbers = came.map(\.number)
        let arrived: Sentence = "\(.count(came.count, "datagram")) came to \(.endpoint(place)) (\(.packets(numbers)))"
        let missing = came.count - taken
        let sentence: Sentence =
            """
            \(.program(history.end)): \(arrived), \(.number(taken)) were received, and then there was nothing more: \
            \(.number(missing)) were dropped. Their receive buffer\(asked) was full, \(.number(before)) had come \
            before the first \(.call(first)), and UDP tells nobody.
            """
        return Finding(
            .dropped, .failure, sentence, of: empty, packets: [came.first?.number, came.last?.number],
            calls: [first.id])
    }
}

extension SocketCall {
    /// How many bytes a call that receives has room for, as far as its arguments say.
    var room: Int? {
        for argument in arguments { if case .number(let count) = argument { return count } }
        return nil
    }
}

extension Finding.Kind {
    /// A datagram that was longer than the room for it.
    static let truncated: Self = "truncated_datagram"
    /// Datagrams that came and were not received.
    static let dropped: Self = "dropped_datagrams"
}
