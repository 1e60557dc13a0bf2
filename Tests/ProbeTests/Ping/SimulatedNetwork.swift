import Probe
import Sockets

/// A network made of a rule and a clock that only moves when somebody waits: what the server does with each request is
/// written in the scenario.
final class Scenario {
    /// What becomes of a request: answers with their delays in milliseconds; none: lost.
    enum Fate {
        case lost
        case echo(Int)
        case echoes([Int])
        case damaged(at: Int, delay: Int)
        case cut(to: Int, delay: Int)
        case refused(Int)
    }

    let fate: (Int) -> Fate
    /// The wall clock jumps by so much (ms) after the request with this number: an administrator sets the time.
    var jump: (after: Int, by: Int64)?
    /// The moment (ms) at which a signal arrives.
    var signals: [(at: Int64, number: Int32)] = []
    /// When each request left, in milliseconds.
    private(set) var sent: [Int64] = []

    fileprivate var clock: Int64 = 5_000_000_000
    fileprivate let start: Int64 = 5_000_000_000
    fileprivate var offset: Int64 = 1_700_000_000_000_000_000
    fileprivate var onTheWay: [(at: Int64, event: PingEvent, bytes: [UInt8])] = []

    init(_ fate: @escaping (Int) -> Fate) { self.fate = fate }

    fileprivate func send(_ request: [UInt8]) {
        sent.append((clock - start) / 1_000_000)
        let number = sent.count
        func arrive(_ delay: Int, _ bytes: [UInt8]) {
            let at = clock + Int64(delay) * 1_000_000
            onTheWay.append((at, .answer(count: bytes.count, isCut: false, arrival: nil), bytes))
        }
        switch fate(number) {
        case .lost: break
        case .echo(let delay): arrive(delay, request)
        case .echoes(let delays): for delay in delays { arrive(delay, request) }
        case .damaged(let place, let delay):
            var bytes = request
            bytes[place] ^= 0x40
            arrive(delay, bytes)
        case .cut(let length, let delay): arrive(delay, Array(request.prefix(length)))
        case .refused(let delay):
            let failure = PingFailure(code: SocketError(.recv, 111))
            onTheWay.append((clock + Int64(delay) * 1_000_000, .failure(failure, quoted: request.count), request))
        }
        if let jump, jump.after == number { offset += jump.by * 1_000_000 }
    }

    fileprivate func wait(until: Int64, into buffer: inout [UInt8]) -> PingEvent {
        let signal = signals.indices.min { signals[$0].at < signals[$1].at }
        let signalTime = signal.map { start + signals[$0].at * 1_000_000 } ?? .max
        let next = onTheWay.indices.min { onTheWay[$0].at < onTheWay[$1].at }
        let nextTime = next.map { onTheWay[$0].at } ?? .max
        if let signal, signalTime <= min(nextTime, until) {
            clock = max(clock, signalTime)
            return .signal(signals.remove(at: signal).number)
        }
        guard let next, nextTime <= until else {
            clock = max(clock, until)
            return .nothing
        }
        let found = onTheWay.remove(at: next)
        clock = max(clock, found.at)
        for (index, byte) in found.bytes.enumerated() { buffer[index] = byte }
        if case .answer(let count, let isCut, _) = found.event {
            return .answer(count: count, isCut: isCut, arrival: found.at + offset)
        }
        return found.event
    }
}

struct SimulatedNetwork: ~Copyable, PingNetwork {
    let scenario: Scenario

    mutating func now() -> PingMoment { PingMoment(monotonic: scenario.clock, wall: scenario.clock + scenario.offset) }

    mutating func send(_ request: Span<UInt8>) -> PingFailure? {
        var bytes: [UInt8] = []
        for index in request.indices { bytes.append(request[index]) }
        scenario.send(bytes)
        return nil
    }

    mutating func wait(until: Int64, into buffer: inout [UInt8]) throws(SocketError) -> PingEvent {
        scenario.wait(until: until, into: &buffer)
    }
}
