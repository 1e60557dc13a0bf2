import Addressing
import Conversations
import Packets
import Sockets
import Timeline

/// Calls that waited for what did not come: how long, since when, and what the wire lost meanwhile.
extension CallFailureFinder {
    // MARK: In vain

    func waitCause(_ call: SocketCall, _ pair: Pair?) -> CallFailure.Cause {
        let waited = call.finish.map { $0.nanoseconds(since: call.start) } ?? 0
        if call.name.accepts { return .nobodyConnected(nanoseconds: waited) }
        if call.name.sends { return .noRoom(zeroWindow: zeroWindow(call, pair)) }
        // connect() with SO_SNDTIMEO, and with no port left for a UNIX socket.
        if call.name == .connect { return pair.flatMap { silence($0, call) } ?? .unexplained }
        return unheard(call, pair) ?? .nothingCame(nanoseconds: waited, request: unanswered(call, pair))
    }

    /// poll(), select() and epoll_wait() whose time was over, on a socket that has a peer.
    func timeoutCause(_ call: SocketCall, _ pair: Pair?) -> CallFailure.Cause? {
        guard let pair else { return lonelyTimeout(call) }
        let isConnecting = heard(pair, until: call.returned).isEmpty && call.transport == .tcp
        if isConnecting, let silence = silence(pair, call) { return silence }
        if call.waitsForRoom { return .noRoom(zeroWindow: zeroWindow(call, pair)) }
        if let unheard = unheard(call, pair) { return unheard }
        let request = unanswered(call, pair)
        // An ICMP error was an answer, too.
        let isRefused = errors(about: pair, until: call).contains { $0.packet > request ?? 0 }
        return .nothingCameInTime(request: isRefused ? nil : request)
    }

    /// The same of a socket without a peer: nobody connected to it, or sent to it.
    private func lonelyTimeout(_ call: SocketCall) -> CallFailure.Cause? {
        guard call.local != nil else { return nil }
        switch call.transport {
        case .tcp: return .nobodyConnected(nanoseconds: call.finish.map { $0.nanoseconds(since: call.start) } ?? 0)
        case .udp: return .nothingCameInTime(request: nil)
        default: return nil
        }
    }

    /// Why nothing could come, or what came and was not told, where packets show that.
    private func unheard(_ call: SocketCall, _ pair: Pair?) -> CallFailure.Cause? {
        (path(pair, until: nil).isEmpty ? missingNeighbour(call, pair) : nil) ?? untold(call, pair)
    }

    /// What went out after the last packet that came from the peer.
    func silence(_ pair: Pair?, _ call: SocketCall) -> CallFailure.Cause? {
        let sent = unanswered(pair, until: call.returned)
        if sent.isEmpty { return missingNeighbour(call, pair) ?? keepAlives(pair, call) }
        if let queue = fullQueue(sent, call, pair) { return .queueFull(sent: sent, queue) }
        return .unanswered(sent, late: heard(pair, until: nil).first { $0.number > sent.last ?? 0 }?.number)
    }

    /// Keep-alive probes, which ask whether the peer is still there and carry no data.
    private func keepAlives(_ pair: Pair?, _ call: SocketCall) -> CallFailure.Cause? {
        let asked = sentSinceHeard(pair, until: call.returned).filter { $0.marks.contains(.keepAlive) }.map(\.number)
        return asked.isEmpty ? nil : .unanswered(asked)
    }

    /// An ICMP error about what an unconnected UDP socket had sent: Linux tells connected ones alone (udp(7)).
    private func untold(_ call: SocketCall, _ pair: Pair?) -> CallFailure.Cause? {
        // Who sends without naming the peer is connected, also where nobody saw connect().
        guard let pair, call.transport == .udp, let calls = history(of: call)?.calls,
            !calls.contains(where: {
                $0.name == .connect && $0.result == .value(0) || $0.name == .send || $0.name == "write"
            }),
            let request = unanswered(call, pair)
        else { return nil }
        return errors(about: pair, until: call).last { $0.packet > request }.map {
            .notTold(icmp: $0.packet, request: request)
        }
    }

    private func unanswered(_ pair: Pair?, until end: Timestamp?) -> [Int] {
        sentSinceHeard(pair, until: end).filter { $0.sequenceLength > 0 }.map(\.number)
    }

    private func sentSinceHeard(_ pair: Pair?, until end: Timestamp?) -> [ObservedPacket] {
        let last = heard(pair, until: end).last?.number ?? 0
        return path(pair, until: end).filter { $0.number > last }
    }

    /// The last packet with data that went to the peer before the call, unless data of the peer's had come since.
    private func unanswered(_ call: SocketCall, _ pair: Pair?) -> Int? {
        guard let request = path(pair, until: call.start).last(where: { $0.payloadLength > 0 }) else { return nil }
        let isAnswered = heard(pair, until: call.start).contains { $0.payloadLength > 0 && $0.number > request.number }
        return isAnswered ? nil : request.number
    }

    private func zeroWindow(_ call: SocketCall, _ pair: Pair?) -> Int? {
        // What came after the program's end was no word of the peer's to it, and a reset has no window.
        let end = [call.returned, ended[call.end.program]].compactMap(\.self).min()
        let last = heard(pair, until: end).last {
            ($0.tcp?.flags.contains(.ack) ?? false) && !($0.tcp?.flags.contains(.rst) ?? false)
        }
        return last.flatMap { $0.tcp?.window == 0 ? $0.number : nil }
    }

    // MARK: Until the end

    /// A call whose program was ended while it waited.
    func waiting(_ placement: CallSegmentAligner.Placement) -> CallFailure {
        let call = placement.call
        let pair = pair(of: placement)
        let end = ended[call.end.program]
        let waiting: CallFailure.Waiting
        if isWaitingForConnections(call, pair) {
            waiting = .connection(since: opened(at: call, until: end).last?.number)
        } else if call.name == .connect {
            let sent = unanswered(pair, until: end)
            waiting = .answer(to: sent, queue: fullQueue(sent, call, pair))
        } else if call.name.sends || call.waitsForRoom {
            waiting = .room(zeroWindow: zeroWindow(call, pair))
        } else if call.name.receives || call.name.waits {
            let came = serves(call) ? arrivals(at: call, until: end) : heard(pair, until: end)
            let last = came.last { $0.payloadLength > 0 }
            let request = serves(call) ? nil : path(pair, until: end).last { $0.payloadLength > 0 }
            waiting = .data(
                since: last?.number, request: request.flatMap { $0.number > last?.number ?? 0 ? $0.number : nil })
        } else {
            waiting = .other
        }
        let cause = CallFailure.Cause.stillWaiting(waiting)
        return CallFailure(call: call, errno: "", cause: cause, losses: losses(behind: cause, call, pair))
    }

    private func isWaitingForConnections(_ call: SocketCall, _ pair: Pair?) -> Bool {
        // What poll() is asked about has no descriptor of its own: a TCP socket with an address and no peer is a
        // listener.
        call.name.accepts || call.name.waits && pair == nil && call.transport == .tcp && call.local != nil
    }

    /// Whether the call's socket is for whoever comes: it owes no answer to the last one that it sent something to.
    private func serves(_ call: SocketCall) -> Bool {
        guard let history = history(of: call), history.waitsAt != nil else { return false }
        if history.calls.contains(where: { $0.name == .bind }) { return true }
        // Bound before anybody watched: a client speaks first.
        return history.calls.first { $0.name.sends || $0.name.receives }?.name.receives ?? true
    }

    // MARK: What came

    /// The SYNs of connections to the call's listener whose handshake was completed by a moment.
    func opened(at call: SocketCall, until time: Timestamp?) -> [ObservedPacket] {
        let came = arrivals(at: call, until: time)
        return came.filter { syn in
            syn.isOpening
                && came.contains {
                    $0.source == syn.source && $0.number > syn.number && !($0.tcp?.flags.contains(.syn) ?? true)
                }
        }
    }

    /// What had come from the peer by a moment.
    func heard(_ pair: Pair?, until time: Timestamp?) -> [ObservedPacket] {
        guard let pair else { return [] }
        return path(pair.reversed, until: time).filter { deliveries.reached($0, by: time) }
    }

    /// What had come for whoever waits at the call's socket.
    private func arrivals(at call: SocketCall, until time: Timestamp?) -> [ObservedPacket] {
        sent(to: call, until: time).filter { deliveries.reached($0, by: time) }
    }

    private func sent(to call: SocketCall, until time: Timestamp?) -> [ObservedPacket] {
        guard let place = history(of: call)?.waitsAt else { return [] }
        let isTCP = call.transport == .tcp
        return packets.filter { packet in
            SocketHistory.covers(place, packet.destination) && (packet.transport == .tcp) == isTCP
                && time.map { packet.time <= $0 } ?? true
        }
    }

    /// The SYNs and their answers that the wire kept from arriving, of connections to the call's listener that did not
    /// come about.
    private func lostHandshakes(_ call: SocketCall) -> [CallFailure.Loss] {
        guard let place = history(of: call)?.waitsAt else { return [] }
        let complete = Set(opened(at: call, until: call.returned).map(\.source))
        let asked = sent(to: call, until: call.returned).filter {
            $0.time >= call.start && $0.isOpening && !complete.contains($0.source)
        }
        let askers = Set(asked.map(\.source))
        let answers = packets.filter { packet in
            SocketHistory.covers(place, packet.source) && askers.contains(packet.destination)
                && packet.tcp?.flags.contains(.syn) ?? false
        }
        return losses(among: asked) + losses(among: answers)
    }

    // MARK: What did not come

    /// What the wire kept from arriving of a question and its answers, where that is what the call waited for.
    func losses(behind cause: CallFailure.Cause, _ call: SocketCall, _ pair: Pair?) -> [CallFailure.Loss] {
        let end = call.returned
        switch cause {
        case .unanswered(let numbers, _), .stillWaiting(.answer(let numbers, _)):
            return losses(pair, from: numbers.first, end) { _ in true }
        case .nothingCame(_, let request), .nothingCameInTime(let request), .stillWaiting(.data(_, let request)):
            if pair == nil || serves(call) {
                return losses(among: sent(to: call, until: end).filter { $0.time >= call.start })
            }
            return losses(pair, from: request ?? firstNumber(since: call.start), end) { $0.sequenceLength > 0 }
        case .noRoom, .stillWaiting(.room):
            return losses(pair, from: firstNumber(since: call.start), end) { _ in true }
        case .nobodyConnected, .stillWaiting(.connection):
            return lostHandshakes(call)
        default:
            return []
        }
    }

    private func firstNumber(since time: Timestamp) -> Int? { packets.first { $0.time >= time }?.number }

    /// Both ways, from a packet on.
    private func losses(_ pair: Pair?, from first: Int?, _ end: Timestamp?, _ counts: (ObservedPacket) -> Bool)
        -> [CallFailure.Loss]
    {
        guard let pair, let first else { return [] }
        return losses(among: path(pair, until: end).filter { $0.number >= first && counts($0) })
            + losses(among: path(pair.reversed, until: end).filter { $0.number >= first && counts($0) })
    }

    /// - Parameter packets: towards one host.
    private func losses(among packets: [ObservedPacket]) -> [CallFailure.Loss] {
        guard let destination = packets.first?.destination.address else { return [] }
        return [(Deliveries.Fate.lost, false), (.damaged, true)].compactMap { fate, isDamaged in
            let numbers = packets.filter { deliveries[$0] == fate }.map(\.number)
            return numbers.isEmpty
                ? nil : CallFailure.Loss(packets: numbers, destination: destination, isDamaged: isDamaged)
        }
    }
}

extension ObservedPacket {
    /// A SYN that asks for a connection.
    var isOpening: Bool { tcp.map { $0.flags.contains(.syn) && !$0.flags.contains(.ack) } ?? false }
}

extension SocketCall {
    /// Whether it waits until something can be sent: `fd 3 to write`.
    fileprivate var waitsForRoom: Bool {
        name.waits && arguments.contains { if case .descriptor(_, toWrite: true) = $0 { true } else { false } }
    }
}
