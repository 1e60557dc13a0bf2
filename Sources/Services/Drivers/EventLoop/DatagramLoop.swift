import Addressing
import Sockets

/// Serves UDP sockets on one thread. It drives the `ServiceLogic` of the blocking driver.
///
/// One socket is simply waited on in recvfrom: with nothing else to wait for, asking a poller first would be a third
/// call for each datagram beside recvfrom and sendto (measured: 0.6 to 0.9 of the speed). Several are waited for
/// together.
public struct DatagramLoop<Logic: ServiceLogic>: ~Copyable {
    private var logic: Logic
    private let report: (ServiceEvent) -> Void
    private let calls: EventCalls
    private var sockets: [(descriptor: Int32, local: Endpoint)] = []
    /// One for each socket.
    private var guards: [AnswerGuard] = []
    private var answer = ServiceAnswer()
    private var buffer = [UInt8](repeating: 0, count: CourseDefaults.largestDatagram)

    private static var stopToken: UInt64 { .max }
    /// How many datagrams of one socket before the others have their turn.
    private static var turn: Int { 64 }

    /// - Parameters:
    ///   - recorder: sees every socket call.
    ///   - report: called on the loop's thread.
    public init(_ logic: Logic, recorder: CallRecorder? = nil, report: @escaping (ServiceEvent) -> Void) {
        self.logic = logic
        self.report = report
        calls = EventCalls(recorder: recorder, transport: .udp)
    }

    deinit {
        for socket in sockets { calls.close(socket.descriptor, peer: nil) }
    }

    /// Takes over a bound socket, and says where it is bound.
    public mutating func add<S: BerkeleySocket & ~Copyable>(_ socket: consuming S) throws(SocketError) -> Endpoint {
        let local = try socket.localEndpoint()
        sockets.append((socket.release(), local))
        guards.append(AnswerGuard(local: local))
        return local
    }

    /// Serves until the descriptor can be read.
    public mutating func run(until stop: Int32) throws(SocketError) {
        if sockets.count == 1 { try runBlocking(until: stop) } else { try runPolling(until: stop) }
    }

    private mutating func runBlocking(until stop: Int32) throws(SocketError) {
        let descriptor = sockets[0].descriptor
        // Where a shutdown does not wake recvfrom (macOS), its own timeout does.
        calls.set(descriptor, .receiveTimeout, .seconds(1), peer: nil)
        let end = SocketStop()
        end.add(descriptor)
        _ = try BackgroundCall { () -> Bool in
            _ = try? waitReadable([stop])
            end.stop()
            return true
        }
        while !end.isStopped { _ = serve(0, isStopped: { end.isStopped }) }
        end.remove(descriptor)
    }

    private mutating func runPolling(until stop: Int32) throws(SocketError) {
        var poller = try Poller()
        for (index, socket) in sockets.enumerated() {
            EventCalls.setNonblocking(socket.descriptor)
            try poller.add(socket.descriptor, token: UInt64(index), for: .readable)
        }
        try poller.add(stop, token: Self.stopToken, for: .readable)
        var events: [Poller.Event] = []
        while true {
            events.removeAll(keepingCapacity: true)
            try poller.wait(nanoseconds: nil, into: &events)
            for event in events {
                if event.token == Self.stopToken { return }
                var left = Self.turn
                while left > 0, serve(Int(event.token)) { left -= 1 }
            }
        }
    }

    /// Serves one datagram; false if there was none.
    ///
    /// - Parameters:
    ///   - index: that of the socket.
    ///   - isStopped: whether the socket was shut down by now: then an answer that fails is not reported.
    private mutating func serve(_ index: Int, isStopped: () -> Bool = { false }) -> Bool {
        let (descriptor, local) = sockets[index]
        guard let (count, sender) = calls.receiveFrom(descriptor, into: &buffer, local: local) else { return false }
        answer.reset()
        let bytes = buffer
        logic.received(bytes.span.extracting(first: count), &answer)
        if !answer.remarks.isEmpty {
            for remark in answer.remarks { report(.remark(sender, remark)) }
        }
        guard answer.isGiven, guards[index].allows(sender, report) else { return true }
        if case .failed(let code) = calls.sendTo(descriptor, answer.bytes.span, sender, local: local),
            !isStopped()
        {
            report(
                .unanswered(sender, SocketError(.sendto, code.rawValue, peer: sender, byteCount: answer.bytes.count)))
        }
        return true
    }
}
