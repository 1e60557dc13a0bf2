import Addressing
import Conversations
import Sockets
import Timeline

/// A socket call that failed, with the packet, or the silence, behind it.
///
/// An errno alone says what a program may expect next; why it came is in the packets. A cause names only packets that
/// are there: where they show nothing, it says so.
public struct CallFailure: Hashable, Sendable {
    /// The call that failed, or still waited.
    public let call: SocketCall
    /// errno's symbol. For `getsockopt(SO_ERROR)`, which itself succeeds, the error that it handed over. `timeout` for
    /// poll(), select() and epoll_wait() that found nothing: what Python's settimeout() waits with.
    public let errno: String
    /// What stands behind it.
    public let cause: Cause
    /// What the wire kept from arriving while the call waited: the silence's own reason. Empty where nothing was lost,
    /// or where only one host was captured, so that nobody can tell.
    public let losses: [Loss]
    /// Who listens on the port that was wanted, at another address; nil where nobody does.
    public let elsewhere: Listener?

    /// What is known of a failed call.
    public init(call: SocketCall, errno: String, cause: Cause, losses: [Loss] = [], elsewhere: Listener? = nil) {
        self.call = call
        self.errno = errno
        self.cause = cause
        self.losses = losses
        self.elsewhere = elsewhere
    }

    /// A socket that waits at one address while another one was asked for.
    public struct Listener: Hashable, Sendable {
        /// Who listens.
        public let end: SocketCall.End
        /// Where it listens.
        public let address: Endpoint
        /// The address that the call asked for.
        public let wanted: IPAddress

        /// A listener that the call did not reach.
        public init(end: SocketCall.End, address: Endpoint, wanted: IPAddress) {
            self.end = end
            self.address = address
            self.wanted = wanted
        }
    }

    /// A listener's connections that nobody has accepted yet.
    public struct Queue: Hashable, Sendable {
        /// Who listens.
        public let end: SocketCall.End
        /// What listen() asked for.
        public let backlog: Int
        /// How many connections wait for accept().
        public let waiting: Int

        /// A listener's queue at the moment when a SYN came.
        public init(end: SocketCall.End, backlog: Int, waiting: Int) {
            self.end = end
            self.backlog = backlog
            self.waiting = waiting
        }
    }

    /// Packets that left their host and were of no use at the other.
    public struct Loss: Hashable, Sendable {
        /// Their numbers.
        public let packets: [Int]
        /// Where they were to go.
        public let destination: IPAddress
        /// Whether they came, with wrong checksums.
        public let isDamaged: Bool

        /// Packets towards one host.
        public init(packets: [Int], destination: IPAddress, isDamaged: Bool) {
            self.packets = packets
            self.destination = destination
            self.isDamaged = isDamaged
        }
    }

    /// What stands behind a failure. Numbers are those of the packets in the capture.
    public enum Cause: Hashable, Sendable {
        /// A RST answered the SYN: nobody listens there (RFC 9293 section 3.5.2, group 1).
        case refused(reset: Int, syn: Int)
        /// An ICMP error answered what was sent; `answered` is the packet that it quotes, where that was captured.
        case icmp(ICMPRefusal, answered: Int?)
        /// A RST ended the connection.
        case reset(Reset)
        /// These went out, the last of them are repetitions, and no answer came; `late` is one that came after the call
        /// had returned.
        case unanswered([Int], late: Int? = nil)
        /// The same of SYNs that came to a listener whose queue was full.
        case queueFull(sent: [Int], Queue)
        /// Nobody answered for the peer on the link, ARP or neighbour discovery, so that nothing could be sent.
        case noNeighbour(IPAddress, queries: [Int])
        /// Nothing came that the call could have returned, for so many nanoseconds; `request` is the last packet with
        /// data that went to the peer before.
        case nothingCame(nanoseconds: Int64, request: Int?)
        /// The same of a call that was told how long to wait.
        case nothingCameInTime(request: Int?)
        /// Nothing but an ICMP error about the last datagram, which a socket without connect() is not told.
        case notTold(icmp: Int, request: Int)
        /// Nobody connected, for so many nanoseconds.
        case nobodyConnected(nanoseconds: Int64)
        /// Not a failure: the handshake that this SYN began goes on without the call.
        case stillConnecting(syn: Int?)
        /// connect() is still under way: its SYN has no answer yet, and until then nothing can be sent or received.
        case notYetConnected(syn: Int?)
        /// The send buffer is full; the packet, if any, in which the peer said that it has no room (window 0).
        case noRoom(zeroWindow: Int?)
        /// The program itself had ended its direction with shutdown(); the FIN, if captured.
        case ownShutdown(fin: Int?)
        /// Somebody has the address and port.
        case addressTaken(Holder)
        /// This machine refused by itself, and no packet had to do with it.
        case local(LocalReason)
        /// The packets do not show why: what made the call fail was not captured.
        case unexplained
        /// Not a failure: the call had not returned when its program was ended from outside.
        case stillWaiting(Waiting)
    }

    /// What a call waited for that never returned.
    public enum Waiting: Hashable, Sendable {
        /// connect(): what it had sent, and whose full queue that came to.
        case answer(to: [Int], queue: Queue? = nil)
        /// accept(): the last SYN that had come to the listener.
        case connection(since: Int?)
        /// The last packet with data that had come, and the last with data that had gone to the peer after it.
        case data(since: Int?, request: Int?)
        /// The packet, if any, in which the peer said that it has no room (window 0).
        case room(zeroWindow: Int?)
        /// Nothing that a packet would tell.
        case other
    }

    /// The RST that ended a connection, and why its sender sent it.
    public struct Reset: Hashable, Sendable {
        /// The RST's number.
        public let packet: Int
        /// Why its sender sent it.
        public let reason: Reason

        /// A RST and its reason.
        public init(packet: Int, reason: Reason) {
            self.packet = packet
            self.reason = reason
        }

        /// Why a RST was sent, as far as packets and calls tell.
        public enum Reason: Hashable, Sendable {
            /// The peer had closed (FIN) when this packet's data came: nobody was left to read it.
            case dataAfterClose(data: Int, fin: Int)
            /// The peer closed while so many bytes that had arrived were still unread (RFC 2525 section 2.17).
            case unread(bytes: Int)
            /// The peer had asked for it: SO_LINGER with 0 seconds.
            case linger
            /// Its program had been ended from outside.
            case ended
            /// No FIN before it, and the peer's calls are not known: unread bytes, SO_LINGER, or its end.
            case withoutClose
            /// None of these.
            case unknown
        }
    }

    /// Who keeps an address and port from being bound.
    public enum Holder: Hashable, Sendable {
        /// A socket that listens, and who made it.
        case listener(SocketCall.End)
        /// A bound or connected socket that is still open.
        case socket(SocketCall.End)
        /// A connection whose end here was first to close: its FIN is packet `fin` (RFC 9293 section 3.6.1).
        case timeWait(local: Endpoint, peer: Endpoint, fin: Int)
        /// A connection that is not over yet, in this state.
        case connection(local: Endpoint, peer: Endpoint, state: TCPState)
        /// Nobody whose calls or packets were seen.
        case unseen
    }

    /// Why a call fails without any packet.
    public enum LocalReason: Hashable, Sendable {
        case privilegedPort
        /// No interface has the address.
        case notOurAddress
        /// No port is left, or the peer cannot be reached from the address.
        case noFreePort
        case noRoute
        /// The next hop did not answer (ARP, neighbour discovery), or a route says so.
        case hostUnreachable
        case tooLong(bytes: Int?)
        case notConnected
        case alreadyConnected
        /// connect() on a socket that listens.
        case listening
        case noDestination
        /// A broadcast address without SO_BROADCAST, or a firewall.
        case forbidden
        /// socket() for raw packets or the like, which is for privileged programs.
        case privilegedSocket
        case interrupted
        case badDescriptor
        /// The program itself had closed it, so many nanoseconds before.
        case closedBefore(nanoseconds: Int64)
        case notASocket
        case tooManyDescriptors
        case unsupported
        case invalid
        /// bind() on a socket that has an address.
        case boundAlready
        /// bind() on one that has none: the address does not fit the socket.
        case addressDoesNotFit
        /// AF_UNIX: the path is there already; it is not there; nobody waits at it; it may not be used.
        case pathTaken
        case noPath
        case nobodyAtPath
        case pathForbidden
        /// As many wait there already as its listener has places for; its other end was closed.
        case fullAtPath
        case closedAtPath
        /// No interface that fits.
        case noInterface
        case other
    }

    /// Explains every call that failed, in the order of their ids. Calls interrupted by a signal and started again by
    /// the system (ERESTARTSYS) never failed for the program and are left out.
    ///
    /// - Parameters:
    ///   - packets: in capture order; where both hosts were captured, as they left.
    ///   - icmpErrors: those of the same capture; `neighbours`, its ARP and neighbour discovery.
    ///   - deliveries: what became of the packets.
    ///   - ended: programs that were ended from outside, and when: their calls that had not returned by then are
    ///     told, too.
    public static func all(
        of calls: [SocketCall], packets: [ObservedPacket], icmpErrors: [ICMPRefusal] = [],
        neighbours: [NeighbourQuery] = [],
        deliveries: Deliveries = Deliveries(), ended: [SocketCall.End: Timestamp] = [:]
    ) -> [CallFailure] {
        let told = calls.contains { errno(of: $0) != nil || isStillWaiting($0, ended) }
        guard told else { return [] }
        let placements = CallSegmentAligner.place(calls, on: packets)
        var finder = CallFailureFinder(placements, packets, icmpErrors, neighbours, deliveries, ended)
        return placements.compactMap { placement in
            if isStillWaiting(placement.call, ended) { return finder.waiting(placement) }
            guard let errno = errno(of: placement.call) else { return nil }
            return finder.failure(errno, placement)
        }
    }

    static let timeout = "timeout"

    /// Whether the call did not fail: its program was ended while it waited.
    public var isStillWaiting: Bool { if case .stillWaiting = cause { true } else { false } }

    /// So much earlier than it did a call may seem to return: strace's own work before it is not in its duration.
    private static let strayWork: Int64 = 50_000_000

    /// Whether a call's program was ended while it ran: it never returned, or only with the signal.
    static func isStillWaiting(_ call: SocketCall, _ ended: [SocketCall.End: Timestamp]) -> Bool {
        guard let end = ended[call.end.program], call.start <= end,
            call.returned.map({ $0.advanced(byNanoseconds: strayWork) >= end }) ?? true
        else { return false }
        switch call.result {
        case .pending: return true
        case .failed(_, let name): return name == "EINTR" || name.hasPrefix("ERESTART")
        default: return false
        }
    }

    /// The errno that a call gave its program; nil where it gave none.
    static func errno(of call: SocketCall) -> String? {
        if case .failed(_, let name) = call.result { return name.hasPrefix("ERESTART") ? nil : name }
        if call.name.waits, call.result == .value(0), case .timeout(let milliseconds?)? = call.arguments.last,
            milliseconds != 0
        {
            return timeout
        }
        guard call.name == .getsockopt, case .value(0) = call.result, call.has("SO_ERROR") else {
            return nil
        }
        return call.arguments.lazy.compactMap { argument in
            guard case .symbols(let names) = argument, names.count == 1, names[0].hasPrefix("E") else { return nil }
            return names[0]
        }.first
    }
}

extension CallFailure {
    /// The packets that the cause names.
    public var packets: [Int] {
        let named: [Int?] =
            switch cause {
            case .refused(let reset, let syn): [syn, reset]
            case .icmp(let error, let answered): [answered, error.packet]
            case .reset(let reset): [reset.packet]
            case .unanswered(let sent, let late): sent + [late]
            case .queueFull(let sent, _), .noNeighbour(_, let sent): sent
            case .nothingCame(_, let packet), .nothingCameInTime(let packet), .stillConnecting(let packet),
                .notYetConnected(let packet),
                .noRoom(let packet), .ownShutdown(let packet):
                [packet]
            case .notTold(let icmp, let request): [request, icmp]
            case .addressTaken(.timeWait(_, _, let fin)): [fin]
            case .stillWaiting(.answer(let sent, _)): sent
            case .stillWaiting(.connection(let packet)), .stillWaiting(.room(let packet)): [packet]
            case .stillWaiting(.data(let since, let request)): [since, request]
            case .addressTaken, .nobodyConnected, .local, .unexplained, .stillWaiting(.other): []
            }
        return Set(named.compactMap(\.self) + losses.flatMap(\.packets)).sorted()
    }
}
