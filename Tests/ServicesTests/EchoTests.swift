import Addressing
import Sockets
import SystemPackage
import Testing

@testable import Services

let loopbacks: [Endpoint] = {
    let v4 = Endpoint(.v4(.loopback), .any)
    let v6 = Endpoint(.v6(.loopback), .any)
    guard let probe = try? Socket(.ipv6, .datagram), (try? probe.bind(to: v6)) != nil else { return [v4] }
    return [v4, v6]
}()

func message(_ size: Int) -> [UInt8] { (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) } }

@Suite struct EchoLogicTests {
    /// The contract of every logic: however the stream is cut, the answers put end to end are the same.
    @Test func anyChunkingGivesTheSameAnswer() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(seed: seed)
        let stream = message(5000)
        for _ in 0..<50 {
            var logic = Echo()
            var answer = ServiceAnswer()
            var out: [UInt8] = []
            var position = 0
            while position < stream.count {
                let end = min(stream.count, position + .random(in: 1...700, using: &random))
                answer.reset()
                let piece = Array(stream[position..<end])
                logic.received(piece.span, &answer)
                out += answer.bytes
                position = end
            }
            answer.reset()
            logic.peerFinished(&answer)
            #expect(out + answer.bytes == stream, "seed \(seed)")
        }
    }

    @Test func emptyDatagramIsAnsweredEmpty() {
        var logic = Echo()
        var answer = ServiceAnswer()
        let nothing: [UInt8] = []
        logic.received(nothing.span, &answer)
        #expect(answer.isGiven && answer.bytes.isEmpty)
    }
}

@Suite(.timeLimit(.minutes(1))) struct EchoServiceTests {
    @Test(arguments: loopbacks, [12, 0, 1024, 100_000])
    func tcpEcho(local: Endpoint, size: Int) throws {
        let server = try RunningServer(.stream, at: local, limit: 1)
        let answers = try EchoClient(socket: Socket.init).tcp(server.endpoint, message: message(size), count: 3)
        #expect(answers == Array(repeating: message(size), count: 3))
        let events = try server.join()
        #expect(events.count == 3)
        guard case .finished(_, nil) = events.last else {
            Issue.record("\(events)")
            return
        }
    }

    /// Far more than the buffers of both ends hold: neither side may block for ever in send.
    @Test(arguments: loopbacks)
    func tcpEchoOfTenMegabytes(local: Endpoint) throws {
        let server = try RunningServer(.stream, at: local, limit: 1)
        let long = message(10 << 20)
        #expect(try EchoClient(socket: Socket.init).tcp(server.endpoint, message: long) == [long])
        _ = try server.join()
    }

    @Test(arguments: loopbacks, [48, 0, 4096, 65_507])
    func udpEcho(local: Endpoint, size: Int) throws {
        let server = try RunningServer(.datagram, at: local, limit: 3, size: 65_535)
        let client = EchoClient(socket: Socket.init, timeout: .seconds(20))
        #expect(
            try client.udp(server.endpoint, message: message(size), count: 3)
                == Array(repeating: message(size), count: 3))
        _ = try server.join()
    }

    @Test func udpTooLong() throws {
        let error = try #require(throws: SocketError.self) {
            _ = try EchoClient(socket: Socket.init).udp(Endpoint(.v4(.loopback), 9), message: message(70_000))
        }
        #expect(
            error.description
                == """
                sendto(127.0.0.1:9): EMSGSIZE, 70000 bytes are too long for one datagram; \
                UDP carries at most 65507 bytes over IPv4, 65527 over IPv6
                """
        )
    }

    @Test func clientTimesOut() throws {
        let silent = try Socket(.ipv4, .datagram)
        try silent.bind(to: loopbacks[0])
        let client = EchoClient(socket: Socket.init, timeout: .milliseconds(30))
        let server = try silent.localEndpoint()
        let error = try #require(throws: SocketError.self) { _ = try client.udp(server, message: [1]) }
        #expect(error.codeName == "EAGAIN" && error.description.hasSuffix("nothing arrived within the time allowed"))
        _ = silent.descriptor
    }

    @Test(arguments: [SocketKind.stream, .datagram])
    func serverWithoutLimitIsStopped(kind: SocketKind) throws {
        let server = try RunningServer(kind, at: loopbacks[0], limit: nil)
        let client = EchoClient(socket: Socket.init, timeout: .seconds(20))
        for _ in 0..<3 {
            let answers =
                try kind == .stream
                ? client.tcp(server.endpoint, message: [1, 2]) : client.udp(server.endpoint, message: [1, 2])
            #expect(answers == [[1, 2]])
        }
        server.stop.stop()
        #expect(try server.join().count == (kind == .stream ? 7 : 1))
    }

    @Test func stopEndsAConversationToo() throws {
        let server = try RunningServer(.stream, at: loopbacks[0], limit: nil)
        let client = try Socket(.ipv4, .stream)
        try client.connect(to: server.endpoint)
        try client.sendAll([1])
        #expect(try client.recv(1) == [1])
        server.stop.stop()
        #expect(try client.recv(1).isEmpty)
        _ = try server.join()
    }

    /// A client that resets is reported; the next one is served.
    @Test func resetDoesNotEndTheServer() throws {
        let server = try RunningServer(.stream, at: loopbacks[0], limit: 2)
        do {
            let rude = try Socket(.ipv4, .stream)
            try rude.connect(to: server.endpoint)
            try rude.sendAll([1])
            #expect(try rude.recv(1) == [1])
            try rude.set(.linger, Linger(seconds: 0))
            try rude.close()
        }
        #expect(try EchoClient(socket: Socket.init).tcp(server.endpoint, message: [3]) == [[3]])
        let events = try server.join()
        guard case .finished(_, let error?) = events[2] else {
            Issue.record("\(events)")
            return
        }
        #expect(error.code == .connectionReset)
    }

    @Test func portInUseIsThrown() throws {
        let first = try RunningServer(.datagram, at: loopbacks[0], limit: nil)
        let error = try #require(throws: SocketError.self) {
            try BlockingDriver(socket: Socket.init).serveUDP(at: first.endpoint, logic: Echo()) { _ in }
        }
        #expect(error.description.hasPrefix("bind(\(first.endpoint)): EADDRINUSE, "))
        first.stop.stop()
        _ = try first.join()
    }

    /// The demo: both ends recorded, the calls are the course's and no others (but getsockname, as the port is 0 here).
    @Test func recordedDemoMakesTheCoursesCalls() throws {
        let recorder = CallRecorder(clock: SystemClock.now)
        let server = try RunningServer(.stream, at: loopbacks[0], limit: 1, socket: recorder.sockets(.server))
        let text = Array(CourseDefaults.tcpMessage.utf8)
        #expect(try EchoClient(socket: recorder.sockets(.client)).tcp(server.endpoint, message: text) == [text])
        _ = try server.join()
        let calls = recorder.calls
        #expect(calls.filter { $0.end == .client }.map(\.name) == [.socket, .connect, .send, .recv, .close])
        #expect(
            calls.filter { $0.end == .server }.map(\.name) == [
                .socket, .bind, .listen, .getsockname, .accept, .recv, .send, .recv, .close, .close,
            ])
        #expect(calls.allSatisfy { call in call.finish.map { call.start <= $0 } ?? false })
        for call in calls {
            for relation in SocketCallComment.Relation.allCases {
                let comment = SocketCallComment(call, relation)
                #expect(SocketCallComment(comment.text) == comment)
            }
        }

        let datagrams = CallRecorder(clock: SystemClock.now)
        let echo = try RunningServer(.datagram, at: loopbacks[0], limit: 2, socket: datagrams.sockets(.server))
        let words = Array(CourseDefaults.udpMessage.utf8)
        #expect(
            try EchoClient(socket: datagrams.sockets(.client)).udp(echo.endpoint, message: words, count: 2) == [
                words, words,
            ])
        _ = try echo.join()
        #expect(
            datagrams.calls.filter { $0.end == .client }.map(\.name) == [
                .socket, .sendto, .recvfrom, .sendto, .recvfrom, .close,
            ])
        #expect(
            datagrams.calls.filter { $0.end == .server }.map(\.name) == [
                .socket, .bind, .getsockname, .recvfrom, .sendto, .recvfrom, .sendto, .close,
            ])
    }
}
