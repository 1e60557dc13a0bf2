import Addressing
import Foundation
import Services
import Sockets
import Testing

/// The other end is Python's socket module, as the course uses it.
@Suite(.timeLimit(.minutes(2)), .needs(.python)) struct PythonTests {
    @Test(arguments: loopbacks)
    func pythonClientTalksToOurTCPServer(local: Endpoint) throws {
        let server = try RunningServer(.stream, at: local, limit: 2)
        let python = try Python(
            """
            import socket, sys, threading
            host, port = sys.argv[1], int(sys.argv[2])
            with socket.create_connection((host, port)) as s:
                s.sendall(b'Hello, world')
                assert s.recv(1024) == b'Hello, world'
            with socket.create_connection((host, port)) as s:
                data = bytes(i * 31 & 255 for i in range(1 << 20))
                threading.Thread(target=lambda: (s.sendall(data), s.shutdown(socket.SHUT_WR))).start()
                back = b''.join(iter(lambda: s.recv(65536), b''))
                assert back == data, len(back)
            """, server.endpoint)
        let status = python.finish()
        #expect(status == 0)
        // A client that failed leaves the server waiting for the rest.
        if status != 0 { server.stop.stop() }
        _ = try server.join()
    }

    @Test(arguments: loopbacks)
    func pythonClientTalksToOurUDPServer(local: Endpoint) throws {
        let server = try RunningServer(.datagram, at: local, limit: 3, size: 65_535)
        let python = try Python(
            """
            import socket, sys
            host, port = sys.argv[1], int(sys.argv[2])
            s = socket.socket(socket.AF_INET6 if ':' in host else socket.AF_INET, socket.SOCK_DGRAM)
            s.settimeout(20)
            for data in (b'This is the message. It will be repeated to me.', b'', bytes(60000)):
                s.sendto(data, (host, port))
                back, peer = s.recvfrom(65535)
                assert back == data and peer[1] == port
            """, server.endpoint)
        let status = python.finish()
        #expect(status == 0)
        // A client that failed leaves the server waiting for the rest.
        if status != 0 { server.stop.stop() }
        _ = try server.join()
    }

    @Test(arguments: loopbacks)
    func ourClientTalksToPythonsTCPServer(local: Endpoint) throws {
        let python = try Python(
            """
            import socket, sys
            s = socket.create_server((sys.argv[1], 0), family=socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET)
            print(s.getsockname()[1], flush=True)
            for _ in range(2):
                conn, addr = s.accept()
                with conn:
                    while True:
                        data = conn.recv(1024)
                        if not data:
                            break
                        conn.sendall(data)
            """, local)
        let server = Endpoint(local.address, try #require(python.line().flatMap { UInt16($0) }.map { Port($0) }))
        let client = EchoClient(
            socket: { (family, kind) throws(SocketError) in try Socket(family, kind) }, timeout: .seconds(20))
        let text = Array(CourseDefaults.tcpMessage.utf8)
        #expect(try client.tcp(server, message: text, count: 5) == Array(repeating: text, count: 5))
        let long = message(1 << 20)
        #expect(try client.tcp(server, message: long) == [long])
        #expect(python.finish() == 0)
    }

    @Test(arguments: loopbacks)
    func ourClientTalksToPythonsUDPServer(local: Endpoint) throws {
        let python = try Python(
            """
            import socket, sys
            s = socket.socket(socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
            s.bind((sys.argv[1], 0))
            print(s.getsockname()[1], flush=True)
            for _ in range(3):
                data, addr = s.recvfrom(4096)
                s.sendto(data, addr)
            """, local)
        let server = Endpoint(local.address, try #require(python.line().flatMap { UInt16($0) }.map { Port($0) }))
        let client = EchoClient(
            socket: { (family, kind) throws(SocketError) in try Socket(family, kind) }, timeout: .seconds(20))
        let text = Array(CourseDefaults.udpMessage.utf8)
        #expect(try client.udp(server, message: text, count: 3) == [text, text, text])
        #expect(python.finish() == 0)
    }
}

/// A Python script with a host and a port as its arguments.
final class Python {
    private let process = Process()
    private let output = Pipe()

    init(_ script: String, _ endpoint: Endpoint) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, "\(endpoint.address)", "\(endpoint.port)"]
        process.standardOutput = output
        try process.run()
    }

    /// What it has printed so far, waiting for the first of it.
    func line() -> String? {
        String(data: output.fileHandleForReading.availableData, encoding: .utf8)?.split(separator: "\n").first.map(
            String.init)
    }

    func finish() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }
}
