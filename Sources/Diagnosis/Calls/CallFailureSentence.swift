import Addressing
import Conversations
import Sockets

/// What is said of a failed call: which packet, or which silence, is behind it. It says no more than was seen.
extension CallFailure {
    /// `client: connect(127.0.0.1:9) → ECONNREFUSED: packet 2 (RST) answered its SYN (packet 1): nothing listens
    /// there.`
    public var finding: Finding {
        let who: Sentence = "\(.program(call.end)): \(.call(call))"
        let sentence: Sentence
        if isStillWaiting {
            sentence = "\(who) was still waiting when netprobe ended the program: \(because)."
        } else {
            let result: Sentence = errno == Self.timeout ? "0 (timeout)" : "\(.name(errno))"
            sentence = "\(who) → \(result): \(because)."
        }
        return Finding(
            isStillWaiting ? .waitingCall : .failedCall, isStillWaiting ? .warning : .failure, sentence,
            evidence: Finding.Evidence(packets: PacketNumbers(packets), calls: [call.id]), at: call.start,
            duration: call.finish?.nanoseconds(since: call.start) ?? 0)
    }

    /// The part after the colon, without a full stop.
    public var because: Sentence {
        let losses = self.losses.map(\.clause)
        let lost: Sentence? = losses.isEmpty ? nil : ": the wire \(losses.joined(separator: ", "))"
        return "\(cause(of: call))\(lost)\(elsewhere?.clause)"
    }

    private func cause(of call: SocketCall) -> Sentence {
        switch cause {
        case .refused(let reset, let syn):
            "\(.packet(reset)) (RST) answered its SYN (\(.packet(syn))): nothing listens there"
        case .icmp(let error, let answered): Self.icmp(error, answered, call)
        case .reset(let reset):
            "\(.packet(reset.packet)) (RST) ended the connection: \(reset.reason.clause)"
        case .unanswered(let numbers, let late): Self.silence(numbers, call, late)
        case .queueFull(let numbers, let queue): Self.silence(numbers, call) + queue.clause
        case .noNeighbour(let address, let numbers): Self.noNeighbour(address, numbers)
        case .nothingCame(let waited, let request): Self.nothing(waited, request)
        case .notTold(let icmp, let request):
            """
            nothing came but \(.packet(icmp)), an ICMP error about \(.packet(request)), and a UDP socket is not \
            told of those without connect()
            """
        case .nothingCameInTime(let request): "nothing came in that time\(Self.unanswered(request))"
        case .nobodyConnected(let waited):
            Self.waits(waited)
                ? "nobody connected for \(.duration(waited))" : "nobody had connected yet, and the socket does not wait"
        case .stillConnecting(let syn):
            "the socket does not wait; the handshake goes on\(syn.map { ", its SYN is \(.packet($0))" as Sentence })"
        case .notYetConnected(let syn):
            """
            connect() is still under way\(syn.map { " (no answer to its SYN, \(.packet($0)), yet)" as Sentence }), and \
            the socket does not wait: nothing can be sent or received before it is connected
            """
        case .noRoom(let packet?):
            "the peer has no room (window 0 in \(.packet(packet))), and the send buffer is full"
        case .noRoom(nil): "the send buffer is full, and the socket does not wait"
        case .ownShutdown(let fin):
            """
            the program itself had ended this direction with \
            shutdown()\(fin.map { " (FIN in \(.packet($0)))" as Sentence })
            """
        case .addressTaken(let holder): holder.clause
        case .local(let reason): "no packet: \(reason.clause(call))"
        case .unexplained: "no packet of this capture shows why"
        case .stillWaiting(let waiting): waiting.clause(call)
        }
    }

    private static func icmp(_ error: ICMPRefusal, _ answered: Int?, _ call: SocketCall) -> Sentence {
        let kind: Sentence = error.isVersion6 ? "ICMPv6" : "ICMP"
        let about: Sentence? = answered.map { ", about \(.packet($0))" }
        let names: Sentence? = call.isAboutNames ? " (\(.words(LocalReason.nameServer)))" : nil
        return
            """
            \(.packet(error.packet)) (\(kind) type \(.number(error.type)) code \(.number(error.code)), from \
            \(.address(error.sender))\(about)): \(.words(error.reason))\(names)
            """
    }

    /// - Parameter late: what came when nobody waited for it any more.
    fileprivate static func silence(_ numbers: [Int], _ call: SocketCall, _ late: Int? = nil) -> Sentence {
        let what: Sentence = call.name == .connect ? "its SYN" : "what was sent"
        let after: Sentence? = late.map { " before the call returned; \(.packet($0)) came later" }
        return "\(what) went out \(.times(numbers.count)) (\(.packets(numbers))), and no answer came\(after)"
    }

    private static func noNeighbour(_ address: IPAddress, _ numbers: [Int]) -> Sentence {
        let name: Sentence
        if case .v4 = address { name = "ARP" } else { name = "neighbour discovery" }
        return
            """
            nothing could be sent: \(name) asked who has \(.address(address)) (\(.packets(numbers))), and nobody \
            answered, so that no such host is on this network
            """
    }

    private static func nothing(_ waited: Int64, _ request: Int?) -> Sentence {
        guard waits(waited) else { return "nothing had come yet, and the call does not wait" }
        let since: Sentence? = request.map {
            "; the last data that went out, \(.packet($0)), was not answered in that time"
        }
        return "nothing came for \(.duration(waited))\(since)"
    }

    fileprivate static func unanswered(_ request: Int?) -> Sentence? {
        request.map { "; the last data that went out, \(.packet($0)), was not answered" }
    }

    /// Whether the call waited at all: without a timeout it is back in microseconds.
    private static func waits(_ nanoseconds: Int64) -> Bool { nanoseconds >= 1_000_000 }
}

extension Finding.Kind {
    /// A socket call that failed.
    package static let failedCall: Self = "failure"
    /// A socket call that had not returned when its program was ended.
    package static let waitingCall: Self = "waiting"
}

extension CallFailure.Listener {
    /// `; server waits at 127.0.0.1:65432, which only programs on its own host can reach …`
    fileprivate var clause: Sentence {
        let place: Sentence = "; \(.program(end)) waits at \(.endpoint(address))"
        let every: IPAddress
        if case .v4 = wanted { every = .v4(.any) } else { every = .v6(.any) }
        return switch (address.address, wanted) {
        case (.v4, .v6): "\(place), for IPv4 alone: ask for an IPv4 address"
        case (.v6, .v4): "\(place), for IPv6 alone: ask for an IPv6 address"
        case (let address, let wanted) where address.isLoopback && !wanted.isLoopback:
            "\(place), which only programs on its own host can reach: bind it to \(.address(every)), every address"
        case (let address, _):
            "\(place), another address: ask for \(.address(address)), or bind it to \(.address(every)), every address"
        }
    }
}

extension CallFailure.Loss {
    /// `lost packets 5 and 7 on their way to 10.0.0.2`
    fileprivate var clause: Sentence {
        let what: Sentence = isDamaged ? "damaged" : "lost"
        let whose: Sentence = packets.count == 1 ? "its" : "their"
        return "\(what) \(.packets(packets)) on \(whose) way to \(.address(destination))"
    }
}

extension CallFailure.Queue {
    fileprivate var clause: Sentence {
        let waits: Sentence = waiting == 1 ? "1 connection waits" : "\(.number(waiting)) connections wait"
        return
            """
            : the queue of \(.program(end))'s listener is full (listen(\(.number(backlog))), and \(waits) for \
            accept()), so that its system drops SYNs
            """
    }
}

extension CallFailure.Reset.Reason {
    fileprivate var clause: Sentence {
        switch self {
        case .dataAfterClose(let data, let fin):
            ResetWords.dataAfterClose(of: "the peer", fin: fin, "the data", data)
        case .unread(let bytes): "the peer closed with \(.bytes(bytes)) unread"
        case .ended: "netprobe had ended the peer's program"
        case .linger: "the peer had set SO_LINGER, so that close() resets"
        case .withoutClose: "the peer sent no FIN before it: \(ResetWords.withoutClose)"
        case .unknown: "the peer sent it"
        }
    }
}

extension CallFailure.Waiting {
    fileprivate func clause(_ call: SocketCall) -> Sentence {
        switch self {
        case .answer(let numbers, let queue):
            numbers.isEmpty ? "no answer had come" : "\(CallFailure.silence(numbers, call))\(queue?.clause)"
        case .connection(let last?): "nobody else had connected since \(.packet(last)) (SYN)"
        case .connection(nil): "nobody had connected"
        case .data(let last, let request):
            Self.nothing(on: call.transport, since: last) + (CallFailure.unanswered(request) ?? "")
        case .room(let packet?): "the peer had no room (window 0 in \(.packet(packet)))"
        case .room(nil): "the send buffer was full"
        case .other: "it had not returned"
        }
    }

    private static func nothing(on transport: SocketProtocol, since last: Int?) -> Sentence {
        let since: Sentence? = last.map { " since \(.packet($0))" }
        return transport == .udp ? "no datagram had come\(since)" : "no byte had come\(since)"
    }
}
