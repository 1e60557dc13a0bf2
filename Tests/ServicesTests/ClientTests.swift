import Foundation
import TestSupport
import Testing

/// `netprobe client` against servers that do not do what they should: wrong, endless, slow or silent ones, and
/// strangers.
@Suite(.serialized, .timeLimit(.minutes(3)), .needs(.python)) struct ClientTests {
    /// A server in Python: `s` listens already (or is bound, for UDP) when the script goes on. Gives its port.
    private func server(_ script: String, udp: Bool = false, backlog: Int = 5) throws -> (
        companion: Companion, port: String
    ) {
        let body = script.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }
            .joined(separator: "\n")
        let companion = try Companion([
            "python3", "-c",
            """
            import socket, time
            s = socket.socket(socket.AF_INET, socket.\(udp ? "SOCK_DGRAM" : "SOCK_STREAM"))
            s.bind(("127.0.0.1", 0))
            \(udp ? "" : "s.listen(\(backlog))")
            print(s.getsockname()[1], flush=True)
            try:
            \(body)
            except OSError:
                pass
            """,
        ])
        return (companion, try companion.wait(for: "\n").split(separator: "\n").first.map(String.init) ?? "")
    }

    private func client(_ name: String, _ port: some CustomStringConvertible, _ arguments: String...) throws
        -> Netprobe.Run
    {
        try Netprobe.execute([Netprobe.path, "client", name, "127.0.0.1", "--port", "\(port)"] + arguments)
    }

    // MARK: Wrong answers

    @Test(arguments: [
        ("upper-tcp", "tcp-echo", "Input lowercase sentence", "INPUT LOWERCASE SENTENCE"),
        ("adder", "tcp-echo", "50,40", "90"),
        ("upper-udp", "udp-echo", "Input lowercase sentence", "INPUT LOWERCASE SENTENCE"),
        ("udp-length", "udp-echo", "This is another message", "The msg was 23 bytes long"),
        ("udp-backoff", "udp-echo", "This is another message", "The msg was 23 bytes long"),
        ("sixteen", "greeting", "Thank you for connecting", "Hello World!"), ("greeting", "sixteen", "", ""),
    ])
    func wrongAnswerIsNo(service: String, other: String, came: String, expected: String) throws {
        let server = try ServeProcess([other])
        let run =
            service == "greeting"
            ? try client(service, server.port, "--timeout", "0.3") : try client(service, server.port)
        #expect(run.status == 1, "\(run.errors)")
        #expect(run.output == (came.isEmpty ? "" : came + "\n"))
        #expect(
            run.errors.contains(
                expected.isEmpty ? "nothing arrived within the time allowed" : "expected '\(expected)'"),
            "\(run.errors)")
        server.stop()
    }

    @Test func rightAnswers() throws {
        let adder = try ServeProcess(["adder"])
        // Several lines in one message, and several messages.
        let sums = try client("adder", adder.port, "1,2\n3,4", "5,5\n", "50,40\u{0}")
        #expect(sums.status == 0 && sums.output == "3\n7\n10\n90\n", "\(sums.output) \(sums.errors)")
        #expect(try client("adder", adder.port, "1,x").status == 1)
        #expect(try client("adder", adder.port, "").status == 64)
        adder.stop()
        // An empty datagram is a message, and its answer an empty one.
        let upper = try ServeProcess(["upper-udp"])
        let empty = try client("upper-udp", upper.port, "")
        #expect(empty.status == 0 && empty.output == "\n", "\(empty.errors)")
        upper.stop()
        // In pieces, as TCP may bring it.
        let (pieces, port) = try server(
            """
            c, _ = s.accept()
            c.recv(16)
            for piece in (b"Hello ", b"World!"):
                c.sendall(piece)
                time.sleep(0.3)
            c.close()
            """)
        let sixteen = try client("sixteen", port)
        #expect(sixteen.status == 0 && sixteen.output == "Hello World!\n", "\(sixteen.errors)")
        _ = pieces.finish()
    }

    @Test func strangersAreNotTheServer() throws {
        let (companion, port) = try server(
            """
            data, peer = s.recvfrom(4096)
            stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            for _ in range(3):
                stranger.sendto(b"forged", peer)
            time.sleep(0.1)
            s.sendto(data, peer)
            """, udp: true)
        let run = try client("udp-echo", port, "hello")
        #expect(run.status == 0 && run.output == "hello\n", "\(run.errors)")
        #expect(
            run.errors.split(separator: "\n").count == 1 && run.errors.contains("is not the server's"), "\(run.errors)")
        _ = companion.finish()
    }

    // MARK: Time

    @Test func everyWaitHasItsEnd() throws {
        let (drip, dripPort) = try server(
            """
            c, _ = s.accept()
            while True:
                c.sendall(b"x")
                time.sleep(0.02)
            """)
        let dripped = try client("upper-tcp", dripPort, "--timeout", "0.5", "a")
        #expect(
            dripped.status == 1 && dripped.output.hasPrefix("x")
                && dripped.errors.contains("no end within the time allowed"), "\(dripped.errors)")
        _ = drip.stop(SIGKILL)
        // Does not read.
        let (deaf, deafPort) = try server("c, _ = s.accept()\ntime.sleep(60)")
        let script =
            "head -c 60000000 /dev/zero | \"$0\" client text-store 127.0.0.1 --port \(deafPort) --timeout 0.5 set -"
        let unread = try Netprobe.execute(["sh", "-c", script, Netprobe.path])
        #expect(unread.status == 2 && unread.errors.contains("the peer does not read"), "\(unread.errors)")
        _ = deaf.stop(SIGKILL)
    }

    #if os(Linux)
        /// A full queue of connections answers no SYN.
        @Test func connectingHasItsEnd() throws {
            let (full, port) = try server(
                """
                others = [socket.socket() for _ in range(4)]
                for other in others:
                    other.setblocking(False)
                    other.connect_ex(s.getsockname())
                print("full", flush=True)
                time.sleep(60)
                """, backlog: 0)
            try full.wait(for: "full")
            let run = try client("tcp-echo", port, "--timeout", "0.5")
            #expect(
                run.status == 2 && run.errors.contains("connect(127.0.0.1:\(port)): ETIMEDOUT, no answer came"),
                "\(run.errors)")
            _ = full.stop(SIGKILL)
        }
    #endif

    // MARK: Memory

    @Test(arguments: [
        ("greeting", "c.sendall(b'x' * 65536)", "sends more than 1048576 bytes"),
        ("upper-tcp", "c.sendall(b'x' * 65536)", "sends more than 1048576 bytes"),
        ("chat", "c.sendall(b'x' * 65536)", "more than 32768 bytes without a newline"),
        ("text-store", "c.sendall(b'TEXT 1073741824\\n' + b'x' * 65536)", "the text is longer than 1048576 bytes"),
    ])
    func floodsAreNotTaken(service: String, step: String, told: String) throws {
        let (flood, port) = try server("c, _ = s.accept()\nwhile True:\n    \(step)")
        let run = service == "text-store" ? try client(service, port, "get") : try client(service, port)
        #expect(run.status == 2 && run.errors.contains(told), "\(run.errors)")
        _ = flood.stop(SIGKILL)
    }

    // MARK: Addresses

    /// A server at the last of the addresses of `localhost`.
    @Test func everyAddressIsTried() throws {
        let companion = try Companion([
            "python3", "-c",
            """
            import socket
            family, _, _, _, address = socket.getaddrinfo("localhost", 0, type=socket.SOCK_STREAM)[-1]
            s = socket.socket(family, socket.SOCK_STREAM)
            s.bind(address)
            s.listen(5)
            print(s.getsockname()[1], flush=True)
            c, _ = s.accept()
            c.sendall(c.recv(1024))
            """,
        ])
        let port = try companion.wait(for: "\n").split(separator: "\n").first.map(String.init) ?? ""
        let run = try Netprobe.run("client", "tcp-echo", "localhost", "--port", port)
        #expect(run.status == 0 && run.output == "Hello, world\n", "\(run.errors)")
        #expect(companion.finish() == 0)
        // Nobody there any more.
        let nobody = try Netprobe.run("client", "tcp-echo", "localhost", "--port", port)
        let addresses = try Netprobe.execute([
            "python3", "-c", "import socket; print(len(socket.getaddrinfo('localhost', 0, type=socket.SOCK_STREAM)))",
        ])
        #expect(
            nobody.status == 2
                && nobody.errors.components(separatedBy: "ECONNREFUSED").count - 1 == Int(addresses.output.dropLast()),
            "\(nobody.errors)")
    }

    // MARK: text-store and chat

    @Test func textsComeBackAsTheyWere() throws {
        let server = try ServeProcess(["text-store"])
        let script = #"""
            client="$0 client text-store 127.0.0.1 --port $1"
            printf 'a\377\000b' > in && $client set - < in && $client get > out && cmp in out || exit 9
            printf 'set caf\351\n' | $client && $client get > out && printf 'caf\351' | cmp - out || exit 8
            """#
        let scratch = try TemporaryFolder()
        let run = try Netprobe.execute(["sh", "-c", script, Netprobe.path, "\(server.port)"], folder: scratch.url)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try client("text-store", server.port, "foo").errors.contains("Usage: netprobe client"))
        server.stop()
    }

    @Test func aRefusalDoesNotEndTheMenu() throws {
        let (companion, port) = try server(
            """
            c, _ = s.accept()
            c.recv(100)
            c.sendall(b"ERROR not now\\n")
            c.recv(100)
            c.sendall(b"TEXT 1\\nb")
            """)
        let run = try Netprobe.execute([
            "sh", "-c", "printf 'set a\\nget\\n' | \"$0\" client text-store 127.0.0.1 --port \(port)", Netprobe.path,
        ])
        #expect(
            run.status == 1 && run.output == "b" && run.errors.contains("the server refuses: not now"),
            "\(run.output) \(run.errors)")
        _ = companion.finish()
    }

    @Test func whoNeverJoinedIsTold() throws {
        let room = try ServeProcess(["chat"])
        let refused = try client("chat", room.port, "--name", "*")
        #expect(
            refused.status == 1 && refused.output.contains("a name has 1 to 24 characters")
                && refused.errors.contains("never joined"), "\(refused.errors)")
        #expect(try client("chat", room.port, "--name", "anna").status == 0)
        room.stop()
    }
}
