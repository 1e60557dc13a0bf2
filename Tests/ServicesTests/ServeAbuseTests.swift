import Foundation
import TestSupport
import Testing

/// What single clients must not do to others, where `AbuseTests`' table does not reach: the blocking forms and AF_UNIX;
/// and where a server listens.
@Suite(.serialized, .timeLimit(.minutes(3)), .needs(.python)) struct ServeAbuseTests {
    private func python(_ script: String, _ arguments: [String]) throws -> Netprobe.Run {
        try Netprobe.execute(["python3", "-c", script] + arguments)
    }

    /// AF_UNIX datagrams wait for room at the receiver.
    @Test func aUnixClientThatNeverReads() throws {
        let scratch = try TemporaryFolder()
        let path = scratch.path("echo")
        let server = try ServeProcess(["unix-echo", path, "--kind", "dgram"])
        let deaf = try python(
            """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind(sys.argv[1] + ".deaf")
            s.settimeout(10)
            for _ in range(2000):
                s.sendto(b"x" * 1000, sys.argv[1])
            other = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            other.bind(sys.argv[1] + ".other")
            other.settimeout(10)
            other.sendto(b"hello", sys.argv[1])
            print(other.recv(100).decode())
            """, [path])
        #expect(deaf.status == 0 && deaf.output == "hello\n", "\(deaf.errors)")
        let run = try Netprobe.run("client", "unix-echo", path, "--kind", "dgram")
        #expect(run.status == 0 && run.output == "Hello, world\n", "\(run.errors)")
        #expect(server.companion.errors.contains("is not answered"))
        // No file of the client's own stays behind.
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).sorted() == [
                "echo", "echo.deaf", "echo.other",
            ])
        server.stop()
    }

    @Test func threadsOutliveAFullTable() throws {
        let server = try Companion([
            "sh", "-c", "ulimit -n 24; exec \"$@\"", "sh", Netprobe.path, "serve", "text-store", "--simple", "--max",
            "100", "--backlog", "100", "--port", "0",
        ])
        let port =
            try server.wait(for: "\nclient: ").split(separator: "\n").first?.split(separator: " ").last.map(String.init)
            ?? ""
        let run = try python(
            """
            import socket, sys, time
            crowd = [socket.create_connection(("127.0.0.1", int(sys.argv[1]))) for _ in range(30)]
            time.sleep(0.5)
            for s in crowd:
                s.close()
            s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
            s.settimeout(10)
            s.sendall(b"GET\\n")
            print(s.recv(100).decode(), end="")
            """, [port])
        #expect(run.status == 0 && run.output == "TEXT 0\n", "\(run.errors)")
        #expect(server.errors.contains("EMFILE"), "\(server.errors)")
        #expect(server.stop() == 0, "\(server.errors)")
    }

    /// It reads on, so that no single send() takes long; the others must not wait for it.
    @Test func aSlowReaderOfTheTextHoldsNobodyUp() throws {
        let server = try ServeProcess(["text-store", "--simple"])
        let run = try python(
            """
            import socket, sys, threading, time
            def connect():
                s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
                s.settimeout(10)
                return s
            s = connect()
            s.sendall(b"SET 1000000\\n" + b"x" * 1000000)
            assert s.recv(100) == b"OK 1000000\\n"
            slow = socket.socket()
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.connect(("127.0.0.1", int(sys.argv[1])))
            slow.sendall(b"GET\\n" * 20)
            def read():
                while True:
                    slow.recv(1000)
                    time.sleep(0.02)
            threading.Thread(target=read, daemon=True).start()
            time.sleep(0.3)
            s.sendall(b"SET 2\\nab")
            assert s.recv(100) == b"OK 2\\n"
            print("answered")
            """, ["\(server.port)"])
        #expect(run.status == 0 && run.output == "answered\n", "\(run.errors)")
        server.stop()
    }

    @Test(arguments: [["--bind", "127.0.0.1", "--bind", "::1"], ["--bind", "0.0.0.0", "--bind", "127.0.0.1"]])
    func severalAddresses(bind: [String]) throws {
        let server = try ServeProcess(["udp-echo"] + bind)
        if bind.contains("::1") {
            try server.companion.wait(for: "udp-echo ::1")
        } else {
            try server.companion.wait(for: "client udp-echo")
        }
        let ports = Set(
            server.companion.printed.split(separator: "\n").filter { $0.contains(" listens on ") }.compactMap {
                $0.split(separator: " ").last
            })
        #expect(ports.count == 1, "\(server.companion.printed)")
        server.stop()
    }
}
