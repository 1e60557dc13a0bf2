import Addressing
import Synchronization
import Testing

@testable import Sockets

@Suite(.timeLimit(.minutes(1))) struct CallRecorderTests {
    /// Every look at the clock is a second later, so that the order of looks can be read from the times.
    static func tickingClock() -> @Sendable () -> Timestamp {
        final class Ticks: Sendable { let count = Mutex<Int64>(0) }
        let ticks = Ticks()
        return {
            Timestamp(
                seconds: ticks.count.withLock {
                    $0 += 1
                    return $0
                }, nanoseconds: 0)
        }
    }

    @Test(arguments: loopbacks)
    func tcpExchange(local: Endpoint) throws {
        let recorder = CallRecorder(clock: Self.tickingClock())
        let serverSocket = recorder.sockets(.server)
        let clientSocket = recorder.sockets(.client)
        let family = AddressFamily(of: local.address)

        let server = try serverSocket(family, .stream)
        try server.set(.reuseAddress, true)
        try server.bind(to: local)
        try server.listen(backlog: 1)
        let address = try server.localEndpoint()
        let client = try clientSocket(family, .stream)
        try client.connect(to: address)
        let accepted = try server.accept()
        try client.sendAll(Array("Hello, world".utf8))
        _ = try accepted.socket.recv(1024)
        try client.shutdown(.sending)
        #expect(try accepted.socket.recv(1024).isEmpty)
        let (listening, connected, taken) = (server.descriptor, client.descriptor, accepted.socket.descriptor)
        try accepted.socket.close()
        try client.close()
        try server.close()

        let calls = recorder.calls
        let caller = try #require(calls.first { $0.name == .connect }?.local)
        let af = family == .ipv4 ? "AF_INET" : "AF_INET6"
        #expect(
            calls.map { "\($0.end.rawValue): \($0.text)" } == [
                "server: socket(\(af), SOCK_STREAM) = \(listening)",
                "server: setsockopt(\(listening), SOL_SOCKET, SO_REUSEADDR, 1) = 0",
                "server: bind(\(listening), \(local)) = 0",
                "server: listen(\(listening), 1) = 0",
                "server: getsockname(\(listening)) = 0",
                "client: socket(\(af), SOCK_STREAM) = \(connected)",
                "client: connect(\(connected), \(address)) = 0",
                "server: accept(\(listening)) = \(taken) accepted \(caller)",
                "client: send(\(connected), 12 bytes) = 12",
                "server: recv(\(taken), 1024) = 12 bytes",
                "client: shutdown(\(connected), SHUT_WR) = 0",
                "server: recv(\(taken), 1024) = 0 bytes",
                "server: close(\(taken)) = 0",
                "client: close(\(connected)) = 0",
                "server: close(\(listening)) = 0",
            ])
        #expect(calls.map(\.id) == Array(1...15))
        for (index, call) in calls.enumerated() {
            #expect(
                call.start.seconds == Int64(2 * index + 1) && call.finish?.seconds == Int64(2 * index + 2),
                "nothing else looked at the clock")
            #expect(call.transport == .tcp)
        }
        #expect(calls[0].local == nil && calls[3].local == address && calls[3].peer == nil)
        #expect(calls[7].local == address && calls[7].peer == nil, "a listener has no peer")
        for call in calls where call.descriptor == connected && call.name != .socket {
            #expect(call.local == caller && call.peer == address)
        }
        for call in calls where call.descriptor == taken { #expect(call.local == address && call.peer == caller) }
    }

    /// Bound to every address, both ends are yet given the pair that is on the wire.
    @Test(arguments: loopbacks)
    func udpPairsAreThoseOnTheWire(local: Endpoint) throws {
        let recorder = CallRecorder(clock: Self.tickingClock())
        let family = AddressFamily(of: local.address)
        let server = try recorder.sockets(.server)(family, .datagram)
        let client = try recorder.sockets(.client)(family, .datagram)
        try server.bind(to: Endpoint(family == .ipv4 ? .v4(.any) : .v6(.any), .any))
        let address = Endpoint(local.address, try server.localEndpoint().port)
        try client.sendto([1, 2, 3].span, address)
        let (bytes, sender) = try server.recvfrom(4096)
        let from = try #require(sender)
        try server.sendto(bytes.span, from)
        #expect(try client.recvfrom(4096).peer == address)
        _ = (client.descriptor, server.descriptor)

        let calls = recorder.calls.filter { $0.name == .sendto || $0.name == .recvfrom }
        #expect(calls.map(\.result) == [.value(3), .received(3, from: from), .value(3), .received(3, from: address)])
        #expect(calls.map(\.local) == [from, address, address, from])
        #expect(calls.map(\.peer) == [address, from, from, address])
        #expect(calls[0].arguments == ["3 bytes", "\(address)"] && calls[1].arguments == ["4096"])
        #expect(calls.allSatisfy { $0.transport == .udp })
    }

    @Test func failuresAndSilentClosesAreRecorded() throws {
        let gone = try listener()
        let address = try gone.localEndpoint()
        try gone.close()
        let recorder = CallRecorder(clock: Self.tickingClock())
        do {
            let client = try recorder.sockets(.client)(.ipv4, .stream)
            #expect(throws: SocketError.self) { try client.connect(to: address) }
        }
        let calls = recorder.calls
        #expect(calls.map(\.name) == [.socket, .connect, .close])
        #expect(calls[1].text.hasSuffix("= -1 ECONNREFUSED (111)") && calls[1].peer == address)
    }

    @Test func callThatHasNotReturnedIsPending() throws {
        let recorder = CallRecorder(clock: SystemClock.now)
        let server = try recorder.sockets(.server)(.ipv4, .stream)
        try server.bind(to: loopbacks[0])
        try server.listen(backlog: 1)
        let stop = SocketStop()
        stop.add(server.descriptor)
        let thread = try SystemThread.start { [recorder] in
            while recorder.calls.last?.name != .accept {}
            let pending = recorder.calls.last
            stop.stop()
            return pending
        }
        #expect(throws: SocketError.self) { _ = try server.accept() }
        let pending = try #require(thread.join())
        #expect(pending.result == .pending && pending.finish == nil)
        #expect(pending.text == "accept(\(server.descriptor)) = ?")
        #expect(recorder.calls.last?.text == "accept(\(server.descriptor)) = -1 EINVAL (22)")
    }

    @Test func noMoreCallsAreKeptThanAsked() throws {
        let recorder = CallRecorder(clock: SystemClock.now, limit: 3)
        let socket = recorder.sockets(.client)
        try socket(.ipv4, .datagram).close()
        #expect(recorder.calls.count == 2 && !recorder.isCutShort)
        try socket(.ipv4, .datagram).close()
        #expect(recorder.calls.map(\.id) == [1, 2, 3] && recorder.isCutShort)
    }

    @Test func idsAreInTheOrderOfStartsOverThreads() throws {
        let recorder = CallRecorder(clock: SystemClock.now)
        let threads = try (0..<4).map { lane in
            try SystemThread.start {
                for _ in 0..<200 { _ = try? recorder.sockets(.init(rawValue: "lane \(lane)"))(.ipv4, .datagram) }
            }
        }
        for thread in threads { thread.join() }
        let calls = recorder.calls
        #expect(calls.count == 4 * 200 * 2)
        #expect(calls.map(\.id) == Array(1...1600))
        #expect(zip(calls, calls.dropFirst()).allSatisfy { $0.start <= $1.start })
        #expect(calls.allSatisfy { call in call.finish.map { call.start <= $0 } ?? false })
    }

    /// The price of recording, printed: two looks at the clock and a place in an array.
    @Test func recordingCostsLittle() throws {
        let recorder = CallRecorder(clock: SystemClock.now)
        let socket = try recorder.sockets(.client)(.ipv4, .datagram)
        let plain = try Socket(.ipv4, .datagram)
        let rounds = 20_000
        let clock = ContinuousClock()
        let without = try clock.measure { for _ in 0..<rounds { _ = try plain.get(.pendingError) as Int32 } }
        let with = try clock.measure { for _ in 0..<rounds { _ = try socket.get(.pendingError) as Int32 } }
        print("getsockopt: \(without / rounds) plain, \(with / rounds) recorded")
        #expect((with - without) / rounds < .microseconds(20))
    }
}
