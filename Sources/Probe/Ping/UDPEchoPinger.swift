import Addressing
import Packets
import Sockets

/// What could not be delivered, and who says so.
public struct PingFailure: Hashable, Sendable {
    /// The ICMP message, where there was one.
    public var error: DatagramError?
    /// errno.
    public var code: SocketError
    /// A failure with the message that caused it.
    public init(code: SocketError, error: DatagramError? = nil) {
        self.code = code
        self.error = error
    }
}

/// What a wait for answers ended with.
public enum PingEvent: Hashable, Sendable {
    /// An answer; its bytes are at the buffer's start. `arrival` is the kernel's stamp, nanoseconds since 1970.
    case answer(count: Int, isCut: Bool, arrival: Int64?)
    /// A request was undeliverable; the start of it, if it came back, is at the buffer's start.
    case failure(PingFailure, quoted: Int)
    case signal(Int32)
    /// The time is over, or nothing after all.
    case nothing
}

/// Where requests go and answers come from: a socket, or a simulated network with simulated time.
public protocol PingNetwork: ~Copyable {
    mutating func now() -> PingMoment
    /// Sends a request; nil: sent.
    mutating func send(_ request: Span<UInt8>) -> PingFailure?
    /// Waits until something comes or the steady clock shows `until`.
    mutating func wait(until: Int64, into buffer: inout [UInt8]) throws(SocketError) -> PingEvent
}

/// What happened in a run, for whoever prints it.
public enum PingReport: Sendable {
    case answer(PingVerdict)
    /// `-O`: a request goes out and the one before is not answered yet.
    case unanswered(sequence: UInt64)
    case undeliverable(sequence: UInt64, PingFailure)
    /// SIGQUIT asks for the figures so far.
    case interim(PingStatistics)
}

/// Sends echo requests and judges the answers until the plan, a signal or an error ends it.
public struct UDPEchoPinger<Network: PingNetwork & ~Copyable>: ~Copyable {
    private var network: Network
    private let plan: PingPlan
    private let interimSignal: Int32
    private var ledger: PingLedger
    private var buffer: [UInt8]

    /// - Parameters:
    ///   - session: a random number that tells this run's answers from others'.
    ///   - interimSignal: the signal that asks for figures; every other one ends the run.
    public init(network: consuming Network, plan: PingPlan, session: UInt32, interimSignal: Int32) {
        self.network = network
        self.plan = plan
        self.interimSignal = interimSignal
        ledger = PingLedger(size: plan.size, session: session)
        // Room for whatever comes back, so that too long an answer is seen.
        buffer = [UInt8](repeating: 0, count: 65_536)
    }

    /// The figures so far.
    public var statistics: PingStatistics { ledger.statistics }

    /// - Returns: the figures.
    /// - Throws: a request that can never be sent (EMSGSIZE, no rights), and what befalls the wait.
    public mutating func run(report: (PingReport) -> Void) throws(SocketError) -> PingStatistics {
        var now = network.now()
        var schedule = PingSchedule(plan: plan, start: now.monotonic)
        while true {
            switch schedule.step(at: now.monotonic, ledger) {
            case .finished:
                return ledger.statistics
            case .send:
                if ledger.newest > 0, !ledger.isSettled(ledger.newest) { report(.unanswered(sequence: ledger.newest)) }
                try send(now, report)
                schedule.noteSent(at: now.monotonic)
                // A request that is not on its way yet cannot have been answered: no look at the clock.
                if plan.pace != .flood { now = network.now() }
            case .wait(let until):
                let event = try network.wait(until: until, into: &buffer)
                now = network.now()
                switch event {
                case .answer(let count, let isCut, let arrival):
                    schedule.noteArrival(at: now.monotonic)
                    // A second name for the same memory: a borrow of one field of self and a change of another do not
                    // go together.
                    let bytes = buffer
                    let answer = bytes.rawSpan.extracting(first: min(count, bytes.count))
                    report(.answer(ledger.judge(answer, isCut: isCut, now: now, arrival: arrival)))
                case .failure(let failure, let quoted):
                    schedule.noteArrival(at: now.monotonic)
                    let bytes = buffer
                    note(
                        failure,
                        about: ledger.sequence(quoting: bytes.rawSpan.extracting(first: min(quoted, bytes.count))),
                        report)
                case .signal(let signal):
                    if signal != interimSignal { return ledger.statistics }
                    report(.interim(ledger.statistics))
                case .nothing:
                    break
                }
            }
        }
    }

    private mutating func send(_ now: PingMoment, _ report: (PingReport) -> Void) throws(SocketError) {
        ledger.prepare(at: now)
        let request = ledger.payload.bytes
        guard let failure = network.send(request.span) else { return }
        switch failure.code.code {
        // What will never be different.
        case .messageTooLong, .permissionDenied, .invalidArgument, .notPermitted, .badFileDescriptor: throw failure.code
        default: note(failure, about: ledger.newest, report)
        }
    }

    private mutating func note(_ failure: PingFailure, about sequence: UInt64, _ report: (PingReport) -> Void) {
        if ledger.markUndeliverable(sequence) { report(.undeliverable(sequence: sequence, failure)) }
    }
}
