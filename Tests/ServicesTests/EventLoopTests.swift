import Addressing
import Digests
import Foundation
import Sockets
import Synchronization
import TestSupport
import Testing

@testable import Services

/// A service of the event loop on a thread of its own, which listens when this is made.
final class RunningLoop: Sendable {
    let endpoint: Endpoint
    private let stop: ThreadGate
    private let thread: SystemThread<SocketError?>
    private let events: Events

    private final class Events: Sendable {
        let all = Mutex<[ServiceEvent]>([])
    }

    init(
        _ service: ServiceDescription, at local: Endpoint = loopbacks[0], settings: ServiceSettings = ServiceSettings(),
        options: ServerOptions = ServerOptions(), recorder: CallRecorder? = nil
    ) throws {
        let (stop, ready, events) = (try ThreadGate(), try ThreadGate(), Events())
        thread = try SystemThread.start {
            let server = CourseServer(service, at: [local], settings: settings, options: options) { event in
                events.all.withLock { $0.append(event) }
                if case .listening = event { ready.open() }
            }
            do throws(SocketError) {
                try server.serve(until: stop.descriptor, descriptors: 1024, recorder: recorder)
                return nil
            } catch {
                ready.open()
                return error
            }
        }
        _ = try ready.pass(within: .seconds(20))
        guard case .listening(let endpoint)? = events.all.withLock({ $0.first }) else { throw SocketError(.listen, 0) }
        self.endpoint = endpoint
        self.stop = stop
        self.events = events
    }

    func finish() throws -> [ServiceEvent] {
        stop.open()
        if let error = thread.join() { throw error }
        return events.all.withLock { $0 }
    }
}

/// The event loop against the blocking clients.
@Suite(.timeLimit(.minutes(2))) struct EventLoopTests {
    @Test(arguments: loopbacks, [12, 0, 100_000, 10 << 20])
    func echo(local: Endpoint, size: Int) throws {
        let server = try RunningLoop(.tcpEcho, at: local)
        let answers = try EchoClient(socket: Socket.init).tcp(
            server.endpoint, message: message(size), count: size > 1 << 20 ? 1 : 3)
        #expect(answers.allSatisfy { $0 == message(size) })
        _ = try server.finish()
    }

    @Test(arguments: loopbacks, [48, 0, 65_507])
    func datagrams(local: Endpoint, size: Int) throws {
        let server = try RunningLoop(.udpEcho, at: local)
        let client = EchoClient(socket: Socket.init, timeout: .seconds(20))
        #expect(
            try client.udp(server.endpoint, message: message(size), count: 3)
                == Array(repeating: message(size), count: 3))
        _ = try server.finish()
    }

    /// A client that has said everything and ended its direction is still answered to the end.
    @Test func halfClosed() throws {
        let server = try RunningLoop(.upperTCP)
        let client = try Socket(.ipv4, .stream)
        try client.connect(to: server.endpoint)
        try client.sendAll(Array("one\ntwo".utf8))
        try client.shutdown(.sending)
        var answer: [UInt8] = []
        while case let bytes = try client.recv(100), !bytes.isEmpty { answer += bytes }
        #expect(answer == Array("ONE\nTWO".utf8))
        let events = try server.finish()
        guard case .finished(_, nil)? = events.last else {
            Issue.record("\(events)")
            return
        }
    }

    /// The answer of a server that closes arrives although more was sent than it reads: no reset overtakes it.
    @Test func lastAnswerArrives() throws {
        let server = try RunningLoop(.sixteen)
        for _ in 0..<50 {
            let client = try Socket(.ipv4, .stream)
            try client.connect(to: server.endpoint)
            try client.sendAll(message(5000))
            var answer: [UInt8] = []
            while case let bytes = try client.recv(100), !bytes.isEmpty { answer += bytes }
            #expect(answer == Array("Hello World!".utf8))
        }
        _ = try server.finish()
    }

    @Test func idleClientsAreSentAway() throws {
        var options = ServerOptions()
        options.idle = .milliseconds(100)
        let server = try RunningLoop(.tcpEcho, options: options)
        let client = try Socket(.ipv4, .stream)
        try client.connect(to: server.endpoint)
        #expect(try client.recv(1).isEmpty)
        let events = try server.finish()
        guard case .dismissed(_, .idle)? = events.last else {
            Issue.record("\(events)")
            return
        }
    }

    /// Whoever floods a room is slowed down, so that a member who reads late is not sent away for it.
    @Test func floodersAreSlowedDown() throws {
        let server = try RunningLoop(.chat)
        let reader = try Socket(.ipv4, .stream)
        let flooder = try Socket(.ipv4, .stream)
        try reader.set(.receiveBuffer, 4096)
        try reader.connect(to: server.endpoint)
        try reader.sendAll(Array("reader\n".utf8))
        var heard: [UInt8] = []
        while !heard.contains(Array("nobody else is here\n".utf8)) { heard += try reader.recv(1024) }
        try flooder.connect(to: server.endpoint)
        try flooder.sendAll(Array("flooder\n".utf8))
        while !heard.contains(Array("flooder joined".utf8)) { heard += try reader.recv(1024) }
        // As much as the flooder gets rid of without waiting, which is far more than the reader may be owed.
        let piece = Array(repeating: Array((String(repeating: "x", count: 99) + "\n").utf8), count: 100).flatMap(\.self)
        var sent = 0
        let deadline = ContinuousClock.now + .seconds(1)
        while ContinuousClock.now < deadline, sent < 64 << 20 {
            guard case .bytes(let count) = try flooder.send(piece.span, .dontWait) else { continue }
            sent += count
        }
        // The reader has not read until now, and is there all the same.
        var bytes = 0
        while case let ready = try waitReady(reader.descriptor, for: .readable, timeout: .milliseconds(20)),
            !ready.isEmpty
        {
            let some = try reader.recv(65_536)
            if some.isEmpty { break }
            bytes += some.count
            if bytes > 2 << 20 { break }
        }
        #expect(
            sent > ServiceLimits.backlog && bytes > ServiceLimits.backlog / 4,
            "\(sent) bytes sent, \(bytes) of them heard")
        let events = try server.finish()
        #expect(!events.contains { if case .dismissed = $0 { true } else { false } }, "\(events)")
    }

    /// A whole file and its end, sent with sendfile; and what is asked for after the end is nothing.
    @Test func files() throws {
        let scratch = try TemporaryFolder()
        let content = message(3_000_000)
        try Data(content).write(to: scratch.url.appendingPathComponent("x"))
        var settings = ServiceSettings()
        settings.folder = try SystemFolder(scratch.url.path)
        let server = try RunningLoop(.file, settings: settings)
        for offset in [0, 1, 2_999_999, 3_000_000] {
            let client = try Socket(.ipv4, .stream)
            try client.connect(to: server.endpoint)
            try client.sendAll(Array("GET \(offset) x\n".utf8))
            var reply = FileReply(from: Int64(offset))
            var got: [UInt8] = []
            while case let bytes = try client.recv(65_536), !bytes.isEmpty {
                let isUnderstood = reply.take(bytes.span) { got.append(copying: $0) }
                #expect(isUnderstood)
            }
            var hash = SHA256()
            hash.add(content.span)
            #expect(got == Array(content[offset...]) && reply.digest == hash.hexadecimal() && reply.size == 3_000_000)
        }
        _ = try server.finish()
    }

    /// The loop's calls, recorded: those of the courses, without blocking.
    @Test func calls() throws {
        let recorder = CallRecorder(clock: SystemClock.now)
        let server = try RunningLoop(.tcpEcho, recorder: recorder)
        #expect(try EchoClient(socket: Socket.init).tcp(server.endpoint, message: [1, 2]) == [[1, 2]])
        _ = try server.finish()
        let names = recorder.calls.filter { if case .failed = $0.result { false } else { true } }.map(\.name)
        #expect(
            names.starts(with: [.socket, .bind, .listen, .getsockname, .accept, .recv, .send])
                && names.filter { $0 == .close }.count == 2, "\(names)")
    }

    /// Streams kept but watched: both forms of the recorder.
    @Test func observedCallsAreNotKept() throws {
        let seen = Seen()
        let recorder = CallRecorder(clock: SystemClock.now, limit: 0) { call in
            seen.names.withLock { $0.append(call.name) }
        }
        let socket = try recorder.sockets(.client)(.ipv4, .datagram)
        try socket.bind(to: loopbacks[0])
        try socket.close()
        #expect(seen.names.withLock { $0 } == [.socket, .bind, .close])
        #expect(recorder.calls.isEmpty)
    }

    private final class Seen: Sendable {
        let names = Mutex<[SocketCall.Name]>([])
    }
}
