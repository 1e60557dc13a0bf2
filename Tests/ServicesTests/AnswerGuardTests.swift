import Addressing
import Sockets
import TestSupport
import Testing

@testable import Services

/// Two servers that answer everything would answer one another for ever (RFC 862 has that loop).
@Suite(.timeLimit(.minutes(1))) struct AnswerGuardTests {
    private static let local = Endpoint(.v4(IPv4Address(rawValue: 0xc000_0201)), 4000)
    private static func peer(_ port: Port, _ last: UInt32 = 7) -> Endpoint {
        Endpoint(.v4(IPv4Address(rawValue: 0xc633_6400 + last)), port)
    }

    @Test(arguments: [0, 7, 13, 17, 19, 37, 4000, 65432, 12000, 1060] as [Port])
    func nothingGoesToWhoAnswersEverything(port: Port) {
        var answers = AnswerGuard(local: Self.local)
        #expect(answers.refusal(to: Self.peer(port), now: 0) == .port)
        #expect(answers.refusal(to: Endpoint(.v6(.loopback), port), now: 0) == .port)
    }

    @Test(arguments: [9, 53, 1024, 40000, 65535] as [Port]) func clientsAreAnswered(port: Port) {
        var answers = AnswerGuard(local: Self.local)
        #expect(answers.refusal(to: Self.peer(port), now: 0) == nil)
    }

    @Test func onePeerGetsSoManyASecond() {
        var answers = AnswerGuard(local: Self.local)
        let peer = Self.peer(50000)
        for index in 0..<AnswerGuard.mostAnswers { #expect(answers.refusal(to: peer, now: Int64(index)) == nil) }
        #expect(answers.refusal(to: peer, now: 999_999_999) == .rate)
        #expect(answers.refusal(to: peer, now: 1_000_000_000) == nil, "the next second")
        let loopback = Endpoint(.v4(.loopback), 50000)
        for _ in 0...AnswerGuard.mostAnswers { #expect(answers.refusal(to: loopback, now: 0) == nil) }
    }

    private static let other = Endpoint(.v4(IPv4Address(rawValue: 0x7f00_0002)), .any)

    /// Linux has all of 127.0.0.0/8, others 127.0.0.1 alone.
    private static let hasTwoAddresses: Bool = {
        guard let socket = try? Socket(.ipv4, .datagram) else { return false }
        return (try? socket.bind(to: other)) != nil
    }()

    /// As another echo server would ask: from a port that is the server's own, at another address.
    @Test(.enabled(if: hasTwoAddresses, "there is only one loopback address"), arguments: [false, true])
    func anotherEchoIsNotAnswered(isSimple: Bool) throws {
        let loop = isSimple ? nil : try RunningLoop(.udpEcho)
        let simple = isSimple ? try RunningServer(.datagram, at: loopbacks[0], limit: 2) : nil
        let server = try #require(loop?.endpoint ?? simple?.endpoint)
        let echo = try Socket(.ipv4, .datagram)
        try echo.bind(to: Endpoint(Self.other.address, server.port))
        try echo.set(.receiveTimeout, .milliseconds(300))
        try echo.sendto(Array("for ever".utf8).span, server)
        #expect(throws: SocketError.self) { _ = try echo.recvfrom(100) }
        let client = EchoClient(socket: Socket.init, timeout: .seconds(20))
        #expect(try client.udp(server, message: Array("once".utf8)) == [Array("once".utf8)])
        let events = try loop?.finish() ?? simple?.join() ?? []
        #expect(events.contains(.passedOver(Endpoint(Self.other.address, server.port), .port)))
    }
}
