import Addressing
import SystemPackage
import Testing

@testable import Platform
@testable import Sockets

/// Where the tests run: both loopbacks, port 0. A machine without ::1 leaves it out.
let loopbacks: [Endpoint] = {
    let v4 = Endpoint(.v4(.loopback), .any)
    let v6 = Endpoint(.v6(.loopback), .any)
    guard let probe = try? Socket(.ipv6, .datagram), (try? probe.bind(to: v6)) != nil else { return [v4] }
    return [v4, v6]
}()

func listener(at local: Endpoint = loopbacks[0], backlog: Int32 = 8) throws -> Socket {
    let socket = try Socket(AddressFamily(of: local.address), .stream)
    try socket.bind(to: local)
    try socket.listen(backlog: backlog)
    return socket
}

@Suite(.timeLimit(.minutes(1))) struct SocketTests {
    @Test(arguments: loopbacks)
    func streamBothWaysAndItsEnd(local: Endpoint) throws {
        let server = try listener(at: local)
        let address = try server.localEndpoint()
        #expect(address.address == local.address && address.port != .any)

        let client = try Socket(AddressFamily(of: local.address), .stream)
        #expect(try client.connect(to: address) == .connected)
        let accepted = try server.accept()
        #expect(try accepted.peer == client.localEndpoint())
        #expect(try client.peerEndpoint() == address)

        try client.sendAll(Array("Hello, world".utf8))
        #expect(try accepted.socket.recv(1024) == Array("Hello, world".utf8))
        try client.shutdown(.sending)
        #expect(try accepted.socket.recv(1024).isEmpty, "recv gives 0 on FIN")
        try accepted.socket.sendAll([1, 2, 3])
        #expect(try client.recv(2) == [1, 2])
        #expect(try client.recv(2) == [3])
        try accepted.socket.close()
        #expect(try client.recv(2).isEmpty)
        try client.close()
        try server.close()
    }

    @Test(arguments: loopbacks)
    func datagramsKeepTheirBounds(local: Endpoint) throws {
        let family = AddressFamily(of: local.address)
        let server = try Socket(family, .datagram)
        let client = try Socket(family, .datagram)
        try server.bind(to: local)
        let address = try server.localEndpoint()
        for size in [0, 1, 1000] {
            #expect(try client.sendto([UInt8](repeating: 7, count: size).span, address) == .bytes(size))
        }
        let first = try server.recvfrom(4096)
        #expect(first.bytes.isEmpty && first.peer?.address == local.address)
        #expect(try server.recvfrom(4096).bytes == [7])
        #expect(try server.recvfrom(100).bytes.count == 100, "the rest is cut off")
        try client.connect(to: address)
        #expect(try client.send([9].span) == .bytes(1))
        #expect(try server.recvfrom(10).bytes == [9])
    }

    @Test func refusedNamesThePeer() throws {
        let gone = try listener()
        let address = try gone.localEndpoint()
        try gone.close()
        let client = try Socket(.ipv4, .stream)
        let error = try #require(throws: SocketError.self) { try client.connect(to: address) }
        #expect(error.code == .connectionRefused && error.peer == address)
        #expect(
            error.description
                == """
                connect(\(address)): ECONNREFUSED, nothing listens there; \
                start the server first, or check address and port
                """
        )
    }

    @Test func portInUseNamesTheAddress() throws {
        let first = try listener()
        let address = try first.localEndpoint()
        let second = try Socket(.ipv4, .stream)
        let error = try #require(throws: SocketError.self) { try second.bind(to: address) }
        #expect(
            error.description
                == """
                bind(\(address)): EADDRINUSE, another socket already uses this address and port; \
                stop the program that has it, or choose another --port
                """
        )
        try first.close()
    }

    @Test func sendingToNobodyIsAnErrorAndNoSignal() throws {
        let server = try listener()
        let client = try Socket(.ipv4, .stream)
        try client.connect(to: server.localEndpoint())
        let accepted = try server.accept()
        try accepted.socket.set(.linger, Linger(seconds: 0))
        try accepted.socket.close()
        #expect(try #require(throws: SocketError.self) { try client.recv(1) }.code == .connectionReset)
        let error = try #require(throws: SocketError.self) { try client.sendAll([1]) }
        #expect(error.code == .brokenPipe && error.codeName == "EPIPE")
    }

    @Test func tooLongADatagramSaysTheLimit() throws {
        let client = try Socket(.ipv4, .datagram)
        let error = try #require(throws: SocketError.self) {
            try client.sendto([UInt8](repeating: 0, count: 65_508).span, Endpoint(.v4(.loopback), 9))
        }
        #expect(error.code == .messageTooLong)
        #expect(
            error.description.hasSuffix(
                """
                EMSGSIZE, 65508 bytes are too long for one datagram; \
                UDP carries at most 65507 bytes over IPv4, 65527 over IPv6
                """
            ))
    }

    @Test func wouldBlockIsReturned() throws {
        let server = try listener()
        try server.set(.receiveTimeout, .milliseconds(20))
        if try server.acceptIfReady() != nil { Issue.record("nobody has connected") }
        #expect(
            try #require(throws: SocketError.self) { _ = try server.accept() }.description.hasSuffix(
                "EAGAIN, nobody connected within the time allowed"))

        let client = try Socket(.ipv4, .stream)
        try client.connect(to: server.localEndpoint())
        try client.set(.receiveTimeout, .milliseconds(20))
        try client.set(.sendTimeout, .milliseconds(20))
        var buffer: [UInt8] = [0]
        var span = buffer.mutableSpan
        #expect(try client.recv(into: &span) == .wouldBlock)
        // Nobody reads: the buffers fill up, the last call takes a part of what it is given.
        let bytes = [UInt8](repeating: 1, count: 1 << 20)
        var outcome = Transfer.bytes(0)
        var parts = 0
        while outcome != .wouldBlock, parts < 1000 {
            outcome = try client.send(bytes.span)
            parts += 1
        }
        #expect(outcome == .wouldBlock)
    }

    @Test func optionsComeBack() throws {
        let socket = try Socket(.ipv6, .stream)
        for option in [SocketOption<Bool>.reuseAddress, .keepAlive, .noDelay, .ipv6Only] {
            for value in [true, false] {
                try socket.set(option, value)
                #expect(try socket.get(option) == value)
            }
        }
        try socket.set(.receiveTimeout, .milliseconds(1500))
        #expect(try socket.get(.receiveTimeout) == .milliseconds(1500))
        #expect(Duration(form: Duration.nanoseconds(1).form) == .microseconds(1), "a short time is not no time")
        #expect(Duration(form: Duration.nanoseconds(999_999_999).form) == .seconds(1))
        #expect(try socket.get(.sendTimeout) == .zero)
        for linger in [nil, 0, 5] as [Int32?] {
            try socket.set(.linger, Linger(seconds: linger))
            #expect(try socket.get(.linger) == Linger(seconds: linger))
        }
        try socket.set(.receiveBuffer, 20_000)
        #expect(try socket.get(.receiveBuffer) >= 20_000)
        #expect(try socket.get(.pendingError) == 0)
        let error = try #require(throws: SocketError.self) { try socket.set(.pendingError, 1) }
        #expect(error.codeName == "ENOPROTOOPT" && error.description.contains("SO_ERROR"))
    }

    @Test func ownerThatGoesAwayCloses() throws {
        let server = try listener()
        func connectAndForget() throws {
            let client = try Socket(.ipv4, .stream)
            try client.connect(to: server.localEndpoint())
        }
        try connectAndForget()
        #expect(try server.accept().socket.recv(1).isEmpty, "the FIN of the close is here")

        let client = try Socket(.ipv4, .stream)
        try client.connect(to: server.localEndpoint())
        let kept = client.release()
        try Socket(owning: kept).sendAll([5])
        #expect(try server.accept().socket.recv(1) == [5], "released is not closed")
        #expect(try #require(throws: SocketError.self) { try Socket(owning: -1).close() }.code == .badFileDescriptor)
    }

    @Test func linkLocalKeepsItsScope() {
        let endpoint = Endpoint("[fe80::1%2]:8080")
        #expect(endpoint.map { SocketAddress($0).endpoint } == endpoint)
        #expect(SocketAddress().endpoint == nil)
    }

    @Test(arguments: loopbacks)
    func routeToLoopbackStartsAtLoopback(local: Endpoint) {
        #expect(Socket.sourceAddress(toward: Endpoint(local.address, 9)) == local.address)
    }
}
