import Addressing
import Sockets

/// Keeps two servers from answering one another for ever, as RFC 862's echo does when a datagram with another echo's
/// address as its (forged) source arrives: each answer is the other's next question.
///
/// - Nothing goes to a port at which somebody answers whatever comes: those of the small services, of this server's
///   own kind, and of the other services here. Clients have ephemeral ports.
/// - One peer gets at most `mostAnswers` a second; what is more is lost, as datagrams may be. Peers on loopback are not
///   counted: no datagram from outside can have such a source (RFC 1122 section 3.2.1.3).
struct AnswerGuard: Sendable {
    private struct Count {
        var peer: Endpoint
        /// When its second began, in nanoseconds.
        var start: Int64
        var answers: Int
    }

    /// A second's answers to one peer.
    static let mostAnswers = 10_000
    private static let second: Int64 = 1_000_000_000
    /// echo (RFC 862), daytime (867), quote of the day (865), chargen (864), time (868), and no port at all.
    private static let smallServices: [Port] = [7, 13, 17, 19, 37, 0]

    /// How long nothing is told of those that are passed over.
    private static let silence = 10 * second
    private var lastTold: Int64?

    /// By the peer's hash: a peer that takes another's place begins its second anew. It bounds loops, not floods.
    private var counts: [Count?] = Array(repeating: nil, count: 64)
    /// There are about a dozen: looking through them costs less than a hash.
    private let silent: [Port]

    /// - Parameter local: where the server is bound.
    init(local: Endpoint) {
        let services = ServiceCatalogue.all.filter { $0.transport == .udp }.map(\.port)
        silent = [local.port] + services + Self.smallServices
    }

    /// Whether a datagram of this peer may be answered; nil is yes.
    ///
    /// - Parameter now: nanoseconds of a clock that does not go back; not asked for peers on loopback.
    mutating func refusal(to peer: Endpoint, now: @autoclosure () -> Int64) -> PassingReason? {
        if silent.contains(peer.port) { return .port }
        if peer.address.isLoopback { return nil }
        let (now, place) = (now(), Int(UInt(bitPattern: peer.hashValue) % UInt(counts.count)))
        guard var count = counts[place], count.peer == peer, now &- count.start < Self.second else {
            counts[place] = Count(peer: peer, start: now, answers: 1)
            return nil
        }
        if count.answers >= Self.mostAnswers { return .rate }
        count.answers += 1
        counts[place] = count
        return nil
    }

    /// Whether a datagram of this peer may be answered; what it tells, it tells once in ten seconds.
    mutating func allows(_ peer: Endpoint, _ report: (ServiceEvent) -> Void) -> Bool {
        guard let reason = refusal(to: peer, now: MonotonicClock.now()) else { return true }
        let now = MonotonicClock.now()
        if lastTold.map({ now &- $0 >= Self.silence }) ?? true {
            report(.passedOver(peer, reason))
            lastTold = now
        }
        return false
    }
}
