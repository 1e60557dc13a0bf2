import Addressing
import Conversations
import Packets
import Sockets
import Timeline

/// Looks for what stands behind failed calls, in the packets between the call's two ends and in the other calls.
struct CallFailureFinder {
    struct Pair: Hashable {
        let source: Endpoint
        let destination: Endpoint
        var reversed: Pair { Pair(source: destination, destination: source) }
    }

    let packets: [ObservedPacket]
    let icmpErrors: [ICMPRefusal]
    let neighbours: [NeighbourQuery]
    let deliveries: Deliveries
    let ended: [SocketCall.End: Timestamp]
    let histories: [SocketHistory]
    /// Positions of the packets from one end to another, in capture order.
    private var paths: [Pair: [Int]] = [:]
    /// Which history a call belongs to, by its id.
    private var historyOfCall: [Int: Int] = [:]
    /// The ends between which a socket's connect() sent its SYN: no later call may show the address that the system
    /// chose.
    private var connected: [Int: Pair] = [:]
    /// ICMP errors that a call has reported: the system reports each once.
    private var reported: Set<Int> = []

    init(
        _ placements: [CallSegmentAligner.Placement], _ packets: [ObservedPacket], _ icmpErrors: [ICMPRefusal],
        _ neighbours: [NeighbourQuery],
        _ deliveries: Deliveries, _ ended: [SocketCall.End: Timestamp]
    ) {
        self.neighbours = neighbours
        self.deliveries = deliveries
        self.ended = ended
        let calls = placements.map(\.call)
        self.packets = packets
        self.icmpErrors = icmpErrors
        histories = SocketHistory.all(of: calls)
        for (index, history) in histories.enumerated() {
            for call in history.calls { historyOfCall[call.id] = index }
        }
        for (position, packet) in packets.enumerated() {
            paths[Pair(source: packet.source, destination: packet.destination), default: []].append(position)
        }
        for placement in placements where placement.call.name == .connect {
            guard case .caused(let found) = placement.relation, let first = found.first,
                let index = historyOfCall[placement.call.id]
            else { continue }
            connected[index] = Pair(source: packets[first].source, destination: packets[first].destination)
        }
    }

    /// - Returns: nil for what is no failure: a listener that nobody came to, whose program looks again;
    ///   getpeername() on what never had a peer, with which the libraries of Python, Go and others look whether there
    ///   is one.
    mutating func failure(_ errno: String, _ placement: CallSegmentAligner.Placement) -> CallFailure? {
        let pair = pair(of: placement)
        if placement.call.name == .getpeername, errno == "ENOTCONN" {
            return resetCause(placement.call, pair).map {
                CallFailure(call: placement.call, errno: errno, cause: $0)
            }
        }
        guard let cause = cause(of: errno, placement.call, pair) else { return nil }
        return CallFailure(
            call: placement.call, errno: errno, cause: cause, losses: losses(behind: cause, placement.call, pair),
            elsewhere: listenerElsewhere(cause, placement.call, pair))
    }

    private mutating func cause(of errno: String, _ call: SocketCall, _ pair: Pair?) -> CallFailure.Cause? {
        if call.transport == .unix,
            call.name == .connect || !["EAGAIN", "EWOULDBLOCK", CallFailure.timeout].contains(errno)
        {
            return errno == "EPIPE"
                ? ownShutdown(call, pair) ?? .local(.closedAtPath) : .local(LocalReasons.reason(errno, call))
        }
        // Asked in this order: a cause that is looked up counts as reported.
        if call.transport != .tcp, Self.mayComeByICMP(errno), let found = icmpCause(call, pair) { return found }
        switch errno {
        case CallFailure.timeout:
            return timeoutCause(call, pair)
        case "EINPROGRESS", "EALREADY":
            return .stillConnecting(syn: pair.flatMap { syn($0, until: call.returned) ?? syn($0, from: call.start) })
        case "EAGAIN", "EWOULDBLOCK":
            return unfinished(call, pair) ?? waitCause(call, pair)
        case "EBADF":
            return .local(closedBefore(call) ?? .badDescriptor)
        case "EINVAL" where call.name == .bind && !isBound(call):
            return .local(.addressDoesNotFit)
        case "EADDRINUSE":
            return .addressTaken(holder(of: call))
        case "EPIPE":
            if isConnectFailed(call) { return .local(.notConnected) }
            return resetCause(call, pair) ?? ownShutdown(call, pair)
                ?? (pair == nil ? .local(.notConnected) : .unexplained)
        case "ECONNRESET", "ECONNABORTED":
            return resetCause(call, pair) ?? .unexplained
        case "ECONNREFUSED":
            return refusal(pair, call) ?? icmpCause(call, pair) ?? .unexplained
        case "ETIMEDOUT":
            return icmpCause(call, pair) ?? silence(pair, call) ?? .unexplained
        case "EISCONN" where isListener(call):
            return .local(.listening)
        default:
            if Self.mayComeByICMP(errno), let found = icmpCause(call, pair) { return found }
            if errno == "EHOSTUNREACH", let found = missingNeighbour(call, pair) { return found }
            return .local(LocalReasons.reason(errno, call))
        }
    }

    /// Whether an ICMP message can have raised this error at the sender's socket. EPERM is what a firewall's own
    /// refusal becomes on some systems.
    private static func mayComeByICMP(_ errno: String) -> Bool { errno == "EPERM" || ICMPEffect.errnos.contains(errno) }

    /// Whether the socket's connection never came about: its last connect() before the call failed, at once or, as
    /// SO_ERROR told later, refused.
    private func isConnectFailed(_ call: SocketCall) -> Bool {
        let earlier = history(of: call)?.calls.filter { $0.id < call.id } ?? []
        guard let connect = earlier.last(where: { $0.name == .connect }), case .failed(_, let errno) = connect.result
        else { return false }
        if errno == "EINPROGRESS" {
            return earlier.contains {
                $0.id > connect.id && $0.name == .getsockopt && CallFailure.errno(of: $0) == "ECONNREFUSED"
            }
        }
        return !["EALREADY", "EINTR", "EISCONN"].contains(errno)
    }

    /// Whether bind() had succeeded on the call's socket before.
    private func isBound(_ call: SocketCall) -> Bool {
        history(of: call)?.calls.contains { $0.id < call.id && $0.name == .bind && $0.result == .value(0) } ?? false
    }

    /// How long before the call its program had closed the descriptor.
    private func closedBefore(_ call: SocketCall) -> CallFailure.LocalReason? {
        guard let descriptor = call.descriptor else { return nil }
        let closed = histories.lazy.flatMap(\.calls).filter {
            $0.name == .close && $0.descriptor == descriptor && $0.id < call.id && $0.result == .value(0)
                && $0.end.process == call.end.process
        }.max { $0.id < $1.id }
        return closed.map { .closedBefore(nanoseconds: call.start.nanoseconds(since: $0.returned ?? $0.start)) }
    }

    /// A call on a connection whose SYN has no answer yet.
    private func unfinished(_ call: SocketCall, _ pair: Pair?) -> CallFailure.Cause? {
        guard call.transport == .tcp, call.name.sends || call.name.receives, let pair,
            let syn = syn(pair, until: nil), syn > 0,
            history(of: call)?.calls.contains(where: { earlier in
                guard earlier.id < call.id, earlier.name == .connect, case .failed(_, let errno) = earlier.result else {
                    return false
                }
                return errno == "EINPROGRESS" || errno == "EALREADY"
            }) ?? false,
            heard(pair, until: call.returned).isEmpty
        else { return nil }
        return .notYetConnected(syn: syn)
    }

    private func isListener(_ call: SocketCall) -> Bool {
        history(of: call)?.calls.contains { $0.id < call.id && $0.name == .listen && $0.result == .value(0) } ?? false
    }

    // MARK: Which packets

    func history(of call: SocketCall) -> SocketHistory? { historyOfCall[call.id].map { histories[$0] } }

    /// The ends of the call's packets: from its own addresses, those of the other calls on its socket, or the packets
    /// that the call caused.
    func pair(of placement: CallSegmentAligner.Placement) -> Pair? {
        let call = placement.call
        if case .caused(let found) = placement.relation, let first = found.first {
            return Pair(source: packets[first].source, destination: packets[first].destination)
        }
        let siblings = history(of: call)?.calls ?? []
        let earlier = siblings.filter { $0.id <= call.id }
        guard let peer = (call.peer ?? earlier.last(where: { $0.peer != nil })?.peer)?.onTheWire else { return nil }
        let local = call.local ?? (earlier.last { $0.local != nil } ?? siblings.first { $0.local != nil })?.local
        guard let local = local?.onTheWire else { return historyOfCall[call.id].flatMap { connected[$0] } }
        let exact = Pair(source: local, destination: peer)
        if !local.address.isUnspecified { return exact }
        return paths.keys.first { $0.destination == peer && SocketHistory.covers(local, $0.source) } ?? exact
    }

    func path(_ pair: Pair?, until: Timestamp?) -> [ObservedPacket] {
        guard let pair, let found = paths[pair] else { return [] }
        return found.map { packets[$0] }.filter { packet in until.map { packet.time <= $0 } ?? true }
    }

    private func syn(_ pair: Pair, until: Timestamp?) -> Int? {
        path(pair, until: until).last(where: \.isOpening)?.number
    }

    /// The first one that leaves later: ARP comes before it.
    private func syn(_ pair: Pair, from start: Timestamp) -> Int? {
        path(pair, until: nil).first { $0.time >= start && $0.isOpening }?.number
    }

    // MARK: Answers

    private func refusal(_ pair: Pair?, _ call: SocketCall) -> CallFailure.Cause? {
        guard let pair, let syn = syn(pair, until: call.returned) else { return nil }
        let reset = heard(pair, until: nil).first { $0.number > syn && $0.tcp?.flags.contains(.rst) ?? false }
        return reset.map { .refused(reset: $0.number, syn: syn) }
    }

    /// The latest ICMP error about this pair that no call has reported yet.
    private mutating func icmpCause(_ call: SocketCall, _ pair: Pair?) -> CallFailure.Cause? {
        guard let pair, let found = errors(about: pair, until: call).last(where: { !reported.contains($0.packet) }),
            let quoted = found.quoted
        else { return nil }
        reported.insert(found.packet)
        let sent = path(Pair(source: quoted.source, destination: quoted.destination), until: found.time)
        let answered = sent.last { packet in
            packet.number < found.packet && (quoted.sequence.map { packet.tcp?.sequence == $0 } ?? true)
        }
        return .icmp(found, answered: answered?.number)
    }

    /// The ICMP errors about what a call's socket had sent to its peer, that had come by the call's return.
    func errors(about pair: Pair, until call: SocketCall) -> [ICMPRefusal] {
        let transport: Transport = call.transport == .tcp ? .tcp : .udp
        return icmpErrors.filter { error in
            guard let quoted = error.quoted else { return false }
            return quoted.transport == transport && quoted.destination == pair.destination
                && SocketHistory.covers(pair.source, quoted.source)
                && error.time.map { time in call.returned.map { time <= $0 } ?? true } ?? true
        }
    }

    // MARK: Resets

    private func resetCause(_ call: SocketCall, _ pair: Pair?) -> CallFailure.Cause? {
        guard let pair else { return nil }
        let back = heard(pair, until: call.returned)
        guard let reset = back.last(where: { $0.tcp?.flags.contains(.rst) ?? false }) else { return nil }
        return .reset(.init(packet: reset.number, reason: reason(reset, pair, back)))
    }

    private func reason(_ reset: ObservedPacket, _ pair: Pair, _ back: [ObservedPacket]) -> CallFailure.Reset.Reason {
        let sent = path(pair, until: reset.time)
        let theirs = histories.filter { history in
            history.calls.contains {
                $0.peer?.onTheWire == pair.source
                    && $0.local.map { SocketHistory.covers($0.onTheWire, pair.destination) } ?? false
            }
        }
        let fin = back.first { $0.tcp?.flags.contains(.fin) ?? false && $0.number < reset.number }
        if theirs.contains(where: { history in ended[history.end.program].map { $0 <= (fin ?? reset).time } ?? false })
        {
            return .ended
        }
        if let fin {
            guard
                let late = sent.last(where: {
                    $0.payloadLength > 0 && $0.number > fin.number && $0.number < reset.number
                })
            else { return .unknown }
            // shutdown() sends a FIN, too: who acknowledges data afterwards was still there.
            if !isTaken(late, by: back, before: reset) { return .dataAfterClose(data: late.number, fin: fin.number) }
        }
        if theirs.isEmpty {
            return fin == nil ? (isListenerEnded(pair.destination, by: reset.time) ? .ended : .withoutClose) : .unknown
        }
        let calls = theirs.flatMap(\.calls)
        if calls.last(where: { $0.name == .setsockopt && $0.has("SO_LINGER") })?.lingersNot ?? false { return .linger }
        guard let syn = sent.first(where: { $0.tcp?.flags.contains(.syn) ?? false })?.tcp else { return .unknown }
        var arrived = 0
        for packet in sent where packet.number < reset.number && packet.payloadLength > 0 {
            guard let tcp = packet.tcp else { continue }
            arrived = max(arrived, Int(tcp.sequence.relative(to: syn.sequence)) - 1 + packet.payloadLength)
        }
        let read = calls.reduce(0) { sum, call in
            guard case .received(let count, _) = call.result, call.peer?.onTheWire == pair.source,
                !call.has("MSG_PEEK")
            else { return sum }
            return sum + count
        }
        return arrived > read ? .unread(bytes: arrived - read) : .unknown
    }

    private func isTaken(_ data: ObservedPacket, by back: [ObservedPacket], before reset: ObservedPacket) -> Bool {
        guard let end = data.tcp.map({ $0.sequence + UInt32(truncatingIfNeeded: data.payloadLength) }) else {
            return false
        }
        return back.contains { answer in
            guard answer.number > data.number, answer.number < reset.number, let tcp = answer.tcp,
                tcp.flags.contains(.ack)
            else { return false }
            return !tcp.acknowledgment.precedes(end)
        }
    }

    /// Whether the program that listened there had been ended from outside: then its system resets what was never
    /// accepted.
    private func isListenerEnded(_ place: Endpoint, by time: Timestamp) -> Bool {
        histories.contains { history in
            guard let waitsAt = history.waitsAt, SocketHistory.covers(waitsAt, place) else { return false }
            return ended[history.end.program].map { $0 <= time } ?? false
        }
    }

    private func ownShutdown(_ call: SocketCall, _ pair: Pair?) -> CallFailure.Cause? {
        let closed =
            history(of: call)?.calls.contains { earlier in
                earlier.id < call.id && earlier.name == .shutdown && earlier.result == .value(0)
                    && !earlier.has("SHUT_RD")
            } ?? false
        guard closed else { return nil }
        return .ownShutdown(
            fin: path(pair, until: call.returned).last { $0.tcp?.flags.contains(.fin) ?? false }?.number)
    }
}

extension SocketCall {
    /// Whether it sets SO_LINGER so that close() resets: on, with 0 seconds. So it is taken where that is not known.
    fileprivate var lingersNot: Bool {
        guard let value = arguments.last?.description, value.contains("l_onoff=") else { return true }
        return !value.contains("l_onoff=0") && value.hasSuffix("l_linger=0")
    }
}
