import Addressing
import Packets

/// A moment on two clocks: one that only goes forward, for waiting, and the wall clock, which the kernel's stamps are
/// on.
public struct PingMoment: Hashable, Sendable {
    /// Nanoseconds since some moment.
    public var monotonic: Int64
    /// Nanoseconds since 1970.
    public var wall: Int64

    /// A moment on both clocks.
    public init(monotonic: Int64, wall: Int64) {
        self.monotonic = monotonic
        self.wall = wall
    }
}

/// What an answer turned out to be.
public struct PingVerdict: Hashable, Sendable {
    /// What an answer can be.
    public enum Kind: Hashable, Sendable {
        case reply
        case duplicate
        /// Not what was sent: the first byte that differs, or where it ends.
        case corrupted(offset: Int)
        /// Answers nothing that was sent.
        case strange
    }

    /// What this one is.
    public var kind: Kind
    /// The number of the request that it answers; 0 for what answers nothing.
    public var sequence: UInt64
    /// Bytes in the answer.
    public var count: Int
    /// Nanoseconds; 0 for what answers nothing.
    public var roundTrip: Int64
    /// Whether a later request had been answered before.
    public var isReordered = false
}

/// Keeps track of requests and answers: which answer belongs to which request, what is wrong with it, and which
/// requests are still unanswered.
struct PingLedger {
    private struct Request {
        var sent: PingMoment
        /// Answered, or told to be undeliverable.
        var isSettled = false
        var isAnswered = false
    }

    /// So many requests are remembered; an answer to an older one is strange.
    private static let most = 1 << 20

    private var requests: [Request] = []
    private(set) var payload: PingPayload
    private(set) var statistics = PingStatistics()
    /// The last sequence number that was sent; the first is 1.
    private(set) var newest: UInt64 = 0
    private var highestAnswered: UInt64 = 0
    /// Everything before it is answered; looked after only where answers do not say what they answer.
    private var oldestOpen: UInt64 = 1
    /// Requests neither answered nor told to be undeliverable.
    private(set) var outstanding = 0

    init(size: Int, session: UInt32) { payload = PingPayload(size: size, session: session) }

    /// Makes the next request; `payload.bytes` is what to send.
    mutating func prepare(at moment: PingMoment) {
        newest += 1
        let request = Request(sent: moment)
        if requests.count < Self.most { requests.append(request) } else { requests[place(newest)] = request }
        payload.prepare(sequence: newest, time: moment.wall)
        statistics.addSent()
        outstanding += 1
    }

    /// The request could not be sent, or an ICMP message answered it. false: that was known, or it was answered.
    mutating func markUndeliverable(_ sequence: UInt64) -> Bool {
        guard isRemembered(sequence), !requests[place(sequence)].isSettled else { return false }
        requests[place(sequence)].isSettled = true
        outstanding -= 1
        statistics.addUndeliverable()
        return true
    }

    func isSettled(_ sequence: UInt64) -> Bool { !isRemembered(sequence) || requests[place(sequence)].isSettled }

    func isAnswered(_ sequence: UInt64) -> Bool { isRemembered(sequence) && requests[place(sequence)].isAnswered }

    /// The request that an error is about, from what came back of it; else the newest that nothing is known of.
    func sequence(quoting quoted: RawSpan) -> UInt64 {
        if let sequence = payload.sequence(in: quoted, newest: newest), isRemembered(sequence),
            quoted.byteCount < 8 || payload.size < 8 || quoted.uint32(at: 4) == payload.session
        {
            return sequence
        }
        return newest
    }

    /// Judges an answer.
    ///
    /// - Parameters:
    ///   - isCut: the answer had more bytes than these.
    ///   - now: when it was read.
    ///   - arrival: the kernel's stamp, on the wall clock.
    mutating func judge(_ answer: RawSpan, isCut: Bool, now: PingMoment, arrival: Int64?) -> PingVerdict {
        if !isCut, let sequence = claimedSequence(answer), isRemembered(sequence),
            payload.matches(answer, sequence: sequence, time: requests[place(sequence)].sent.wall)
        {
            return takeIntact(sequence, answer.byteCount, now, arrival)
        }
        guard let sequence = nearest(to: answer) else {
            statistics.addStrange()
            return PingVerdict(kind: .strange, sequence: 0, count: answer.byteCount, roundTrip: 0)
        }
        let request = requests[place(sequence)]
        statistics.addCorrupted(isFirst: !request.isAnswered)
        let isReordered = settleAnswer(sequence)
        let offset = payload.firstDifference(answer, sequence: sequence, time: request.sent.wall) ?? payload.size
        return PingVerdict(
            kind: .corrupted(offset: offset), sequence: sequence, count: answer.byteCount,
            roundTrip: Self.roundTrip(request.sent, now, arrival), isReordered: isReordered)
    }

    /// What the answer says that it answers. An empty request has no number: the oldest open one is taken.
    private mutating func claimedSequence(_ answer: RawSpan) -> UInt64? {
        guard payload.size == 0 else { return payload.sequence(in: answer, newest: newest) }
        while oldestOpen < newest, !isRemembered(oldestOpen) || requests[place(oldestOpen)].isAnswered {
            oldestOpen += 1
        }
        return oldestOpen
    }

    private mutating func takeIntact(_ sequence: UInt64, _ count: Int, _ now: PingMoment, _ arrival: Int64?)
        -> PingVerdict
    {
        let request = requests[place(sequence)]
        let roundTrip = Self.roundTrip(request.sent, now, arrival)
        if request.isAnswered {
            statistics.addDuplicate()
            return PingVerdict(kind: .duplicate, sequence: sequence, count: count, roundTrip: roundTrip)
        }
        statistics.addReply(roundTrip: roundTrip)
        let isReordered = settleAnswer(sequence)
        return PingVerdict(
            kind: .reply, sequence: sequence, count: count, roundTrip: roundTrip, isReordered: isReordered)
    }

    /// Notes that a request was answered; says whether a later one had been before.
    private mutating func settleAnswer(_ sequence: UInt64) -> Bool {
        let index = place(sequence)
        if requests[index].isAnswered { return false }
        requests[index].isAnswered = true
        if !requests[index].isSettled {
            requests[index].isSettled = true
            outstanding -= 1
        }
        if sequence < highestAnswered {
            statistics.addReordered()
            return true
        }
        highestAnswered = sequence
        return false
    }

    /// The request that a damaged answer is most like. Answers to nothing known belong to nobody.
    private func nearest(to answer: RawSpan) -> UInt64? {
        guard newest > 0 else { return nil }
        // Of a short request nothing but the sequence number can be compared.
        if payload.size < PingPayload.headerLength {
            let sequence = payload.sequence(in: answer, newest: newest) ?? newest
            return isRemembered(sequence) ? sequence : newest
        }
        var best: (sequence: UInt64, distance: Int)?
        var sequence = newest
        while isRemembered(sequence), newest - sequence < 65_536 {
            let distance = payload.headerDistance(answer, sequence: sequence, time: requests[place(sequence)].sent.wall)
            if distance < best?.distance ?? .max { best = (sequence, distance) }
            if distance <= 1 { break }
            sequence -= 1
        }
        // More than half of the header is different: something else altogether, said in answer to what is still out.
        if let best, best.distance <= PingPayload.headerLength / 2 { return best.sequence }
        sequence = newest
        while isRemembered(sequence), newest - sequence < 65_536 {
            if !requests[place(sequence)].isAnswered { return sequence }
            sequence -= 1
        }
        return nil
    }

    /// The kernel's stamp where it makes sense: a wall clock that was set meanwhile would give nonsense, so it must lie
    /// within what the steady clock measured.
    private static func roundTrip(_ sent: PingMoment, _ now: PingMoment, _ arrival: Int64?) -> Int64 {
        let elapsed = max(0, now.monotonic &- sent.monotonic)
        guard let arrival else { return elapsed }
        let stamped = arrival &- sent.wall
        return stamped >= 0 && stamped <= elapsed &+ elapsed / 1024 &+ 10_000 ? stamped : elapsed
    }

    private func isRemembered(_ sequence: UInt64) -> Bool {
        sequence >= 1 && sequence <= newest && newest - sequence < UInt64(Self.most)
    }

    private func place(_ sequence: UInt64) -> Int { Int((sequence - 1) % UInt64(Self.most)) }
}
