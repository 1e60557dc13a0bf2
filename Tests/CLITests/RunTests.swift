import Foundation
import TestSupport
import Testing

/// Programs as students write them, run unchanged by an ordinary user: `Tests/Programs`.
@Suite(.needs(.namespaces, .strace), .serialized) struct RunTests {
    private static let programs = Netprobe.project.appendingPathComponent("Tests/Programs").path

    /// Runs netprobe as nobody, in a folder with the programs.
    private func run(_ arguments: String...) throws -> Netprobe.Run {
        let folder = try TemporaryFolder()
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.programs) {
            try FileManager.default.copyItem(atPath: "\(Self.programs)/\(name)", toPath: folder.path(name))
        }
        let named = arguments.map { $0.replacingOccurrences(of: "%", with: folder.url.path + "/") }
        let plain = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "COLUMNS": "200"]
        return try Netprobe.runAsOrdinaryUser(["run"] + named, environment: plain)
    }

    /// The calls in a ladder's rows: `send(12 bytes)`.
    private func count(_ call: String, _ output: String) -> Int {
        output.split(separator: "\n").count { $0.contains(" \(call)") && !$0.contains("… \(call)") }
    }

    @Test func theCoursesEcho() throws {
        let run = try run("--server", "python3 %echo_server.py", "--", "python3", "%echo_client.py")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("server│ connected by 127.0.0.1"))
        #expect(run.output.contains("client│ received b'Hello, world'"))
        for (call, number) in [
            ("connect(127.0.0.1:65432)", 1), ("bind(127.0.0.1:65432)", 1), ("accept4()", 1), ("send(12 bytes)", 2),
            ("recv(1024)", 3), ("close(", 3),
        ] {
            #expect(count(call, run.output) == number, "\(call)\n\(run.output)")
        }
        #expect(run.output.contains("ended with status 0"))
        #expect(run.verdict.hasPrefix("✓ Everything worked, "), "\(run.output)")
    }

    @Test func aServerThatGoesOnIsEnded() throws {
        let run = try run("--server", "python3 %upper_server.py", "--", "python3", "%upper_client.py")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("From Server: ALL IN LOWER CASE"))
        #expect(run.output.contains("was ended: it would have gone on"))
        #expect(run.output.contains("accept4() …"))
    }

    @Test func clientsOfAServerThatNeverListens() throws {
        let run = try run("--timeout", "0.5", "--server", "sleep 100", "--", "echo", "hi")
        #expect(run.status == 1, "\(run.errors)")
        #expect(run.output.contains("client  was not started: a server did not listen by then"), "\(run.output)")
    }

    @Test func refusedLater() throws {
        let run = try run(
            "--no-ladder", "--", "python3", "-c",
            """
            import asyncio
            async def main():
                try: await asyncio.open_connection("127.0.0.1", 9998)
                except OSError as error: print(error)
            asyncio.run(main())
            """)
        #expect(
            run.flowing.contains(
                """
                getsockopt(SOL_SOCKET, SO_ERROR, ECONNREFUSED) → ECONNREFUSED: \
                packet 2 (RST) answered its SYN (packet 1)
                """
            ), "\(run.output)")
    }

    @Test func datagrams() throws {
        let run = try run("--server", "python3 %udp_server.py", "--", "python3", "%udp_client.py")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("The msg was 11 bytes long"))
        #expect(run.output.contains("sendto(11 bytes, 127.0.0.1:11060)"))
        #expect(run.output.contains("UDP len 11"))
    }

    @Test func threadsHaveLanesOfTheirOwn() throws {
        let run = try run(
            "--server", "python3 %chat_server.py", "--client", "python3 %chat_client.py talk", "--", "python3",
            "%chat_client.py", "listen")
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.output.contains("client  │ hello everybody") || run.output.contains("client│ hello everybody")
                || run.output.contains("│ hello everybody"))
        #expect(run.output.contains(" server/1.2 ") || run.output.contains(" server/1.3 "))
    }

    @Test func aRefusedConnectNamesItsPacket() throws {
        let run = try run("--", "python3", "%echo_client.py")
        #expect(run.status == 1)
        #expect(
            run.verdict.contains(
                """
                client: connect(127.0.0.1:65432) → ECONNREFUSED: packet 2 (RST) answered its SYN (packet 1): \
                nothing listens there.
                """
            ), "\(run.output)\(run.errors)")
        #expect(run.output.contains("client  ended with status 1"))
    }

    /// A listener that a child inherits is the server's end, whoever made it.
    @Test func aForkHasLanesOfItsOwn() throws {
        let run = try run("--", "python3", "%fork_pair.py")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("FROM ONE PROCESS TO THE OTHER"))
        let rows = run.output.split(separator: "\n").map(String.init)
        let left = { (call: String) in
            rows.first { $0.contains(call) }.map {
                $0.distance(from: $0.startIndex, to: $0.range(of: call)!.lowerBound)
            } ?? -1
        }
        let server = left("] accept4()")
        #expect(server > 60)
        #expect(left("] bind(127.0.0.1:7200)") == server - 2 && left("] listen(1)") == server - 2, "\(run.output)")
        #expect(left("] connect(") < 20)
        #expect(
            run.output.contains("[client] bind(") && run.output.contains("[client/2] accept4()")
                && run.output.contains("[client] connect("))
    }

    /// What Python's settimeout() waits with is poll(), which does not fail; a socket that is closed is no socket any
    /// more.
    @Test func waitsInVainAndClosedSocketsAreExplained() throws {
        let run = try run(
            "--no-ladder", "--", "python3", "-c",
            """
            import socket
            silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            silent.bind(("127.0.0.1", 7001))
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.settimeout(0.1)
            s.sendto(b"hello", ("127.0.0.1", 7001))
            try: s.recv(100)
            except TimeoutError: print("timed out")
            import sys; sys.exit(3)
            """)
        #expect(run.status == 1, "\(run.errors)")
        #expect(
            run.verdict.contains(
                """
                client: poll(fd 4, 100 ms) → 0 (timeout): nothing came in that time; \
                the last data that went out, packet 1, was not answered.
                """
            ), "\(run.output)")
    }

    /// What a program did last before it ended badly is told; the same in one that went on well is how programs wait.
    @Test func aTimerThatIsOverIsNoFailure() throws {
        let run = try run(
            "--no-ladder", "--", "python3", "-c",
            """
            import socket
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.bind(("127.0.0.1", 7001))
            s.settimeout(0.1)
            try: s.recv(100)
            except TimeoutError: print("timed out")
            """)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.verdict.hasPrefix("✓ Everything worked, "), "\(run.output)")
    }

    @Test func oneObjectALineAndWhatStraceWrote() throws {
        let folder = try TemporaryFolder()
        let run = try run(
            "--ndjson", "--keep-trace", folder.url.path, "--server", "python3 %echo_server.py", "--", "python3",
            "%echo_client.py")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("client│ received b'Hello, world'"))
        let objects = try run.output.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        let calls = objects.filter { $0["type"] as? String == "call" }
        #expect(calls.count == 15)
        #expect(
            objects.filter { $0["type"] as? String == "program" }.compactMap { $0["ending"] as? String } == [
                "ended with status 0", "ended with status 0",
            ])
        // Its times are strace's own.
        let trace = try String(contentsOfFile: folder.path("client.strace"), encoding: .utf8)
        let connect = try #require(calls.first { $0["name"] as? String == "connect" })
        let start = try #require(connect["start"] as? String)
        #expect(trace.split(separator: "\n").contains { $0.contains(" \(start) connect(") }, "\(start)\n\(trace)")
    }

    @Test func whatCannotBeStartedIsOneLine() throws {
        let run = try run("--", "no-such-program")
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.errors == "netprobe: cannot start no-such-program: there is no such program in PATH\n")
    }

    @Test func theFileKeepsPacketsAndCalls() throws {
        let folder = try TemporaryFolder()
        let run = try run(
            "--write", folder.path("run.pcapng"), "--server", "python3 %echo_server.py", "--", "python3",
            "%echo_client.py")
        #expect(run.status == 0, "\(run.errors)")
        let ladder = try Netprobe.run("ladder", folder.path("run.pcapng"), environment: ["COLUMNS": "200"])
        let drawn = ladder.output.split(separator: "\n")
        #expect(drawn.count > 15)
        let shown = run.output.split(separator: "\n")
        #expect(drawn.allSatisfy { shown.contains($0) }, "\(ladder.output)\n\(run.output)")
    }

    /// No packets, no wait of 15 s for a port that is never opened; the calls are there.
    @Test func unixSockets() throws {
        let server =
            """
            import socket; s=socket.socket(socket.AF_UNIX); s.bind(chr(0)+'run'); s.listen(); c,_=s.accept(); \
            c.sendall(c.recv(9)); c.close()
            """
        let client =
            """
            import socket; s=socket.socket(socket.AF_UNIX); s.connect(chr(0)+'run'); s.sendall(b'hello'); \
            print(s.recv(9))
            """
        let run = try run("--server", "python3 -c \"\(server)\"", "--", "python3", "-c", client)
        #expect(run.status == 0, "\(run.errors)")
        #expect(!run.errors.contains("does not listen"), "\(run.errors)")
        for line in [
            "AF_UNIX sockets send no packets", "bind(@run) → 0", "connect(@run)", "send(5 bytes)", "client│ b'hello'",
        ] {
            #expect(run.output.contains(line), "no \(line)\n\(run.output)")
        }
    }

    @Test func aServerMayRunOn() throws {
        let server =
            """
            import socket,time; s=socket.socket(); s.bind(('127.0.0.1',7400)); s.listen(); s.accept(); \
            time.sleep(1.2); print('done', flush=True); time.sleep(60)
            """
        let arguments = [
            "--no-ladder", "--server", "python3 -c \"\(server)\"", "--", "python3", "-c",
            "import socket; socket.create_connection(('127.0.0.1',7400))",
        ]
        let soon = try self.run(
            arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5], arguments[6])
        #expect(!soon.output.contains("done"), "\(soon.output)")
        let late = try self.run(
            "-q", "3", arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5], arguments[6])
        #expect(late.output.contains("server│ done"), "\(late.output)\(late.errors)")
    }
}
