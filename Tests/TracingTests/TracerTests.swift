import Platform
import Sockets
import Testing

@testable import Tracing

/// Real programs, traced: what each call was asked and gave back.
@Suite(.enabled(if: TracedRun.isPossible, "no ptrace or no python3 here"), .timeLimit(.minutes(2)))
struct TracerTests {
    @Test func echoWithinOneProgram() throws {
        let run = try TracedRun(
            python: """
                l = s.socket(); l.bind(lo); l.listen(5)
                c = s.create_connection(l.getsockname()); a, peer = l.accept()
                c.sendall(b'Hello, world'); a.sendall(a.recv(100)); c.recv(50)
                c.shutdown(s.SHUT_WR); a.recv(100)
                c.close(); a.close(); l.close()
                """)
        #expect(run.end == .exited(status: 0))
        #expect(
            run.shapes == [
                "socket(AF_INET, SOCK_STREAM) = 3", "bind(N, lo) = 0", "listen(N, 5) = 0", "getsockname(N, lo) = 0",
                "socket(AF_INET, SOCK_STREAM) = 4", "connect(N, lo) = 0", "accept4(N) = N accepted lo",
                "getsockname(N, lo) = 0",
                "send(N, 12 bytes) = 12", "recv(N, 100) = 12 bytes", "send(N, 12 bytes) = 12",
                "recv(N, 50) = 12 bytes", "shutdown(N, SHUT_WR) = 0", "recv(N, 100) = 0 bytes",
                "close(N) = 0", "close(N) = 0", "close(N) = 0",
            ])
        let connect = try run.one(.connect)
        let accept = try run.one("accept4")
        #expect(connect.call.local != nil && connect.call.peer == accept.call.local)
        #expect(accept.call.result == .accepted(5, try #require(connect.call.local)))
        let sent = run.all(.send)
        #expect(sent.map(\.data) == [Array("Hello, world".utf8), Array("Hello, world".utf8)])
        #expect(sent.map(\.call.local) == [connect.call.local, connect.call.peer])
        #expect(run.all(.recv).map(\.moved) == [12, 12, 0])
        #expect(run.calls.allSatisfy { $0.call.transport == .tcp && $0.socket?.kind == "SOCK_STREAM" })
        for call in run.calls {
            let finish = try #require(call.call.finish)
            #expect(call.call.start <= finish, "\(call.call.text)")
        }
        #expect(run.calls.map(\.call.id) == Array(1...run.calls.count))
    }

    @Test func dataIsCutAtTheLimit() throws {
        let run = try TracedRun(
            python: """
                a, b = s.socketpair()
                a.sendmsg([b'0123', b'4567', b'89' * 100]); x = bytearray(6); y = bytearray(300)
                b.recvmsg_into([x, y])
                os.write(a.fileno(), b'written'); os.readv(b.fileno(), [x, y])
                """, dataLimit: 10)
        #expect(run.one("sendmsg", has: "0123456789", moved: 208))
        #expect(run.one("recvmsg", has: "0123456789", moved: 208))
        #expect(run.one("write", has: "written", moved: 7))
        #expect(run.one("readv", has: "written", moved: 7))
        #expect(run.calls.allSatisfy { $0.call.transport == .unix && $0.socket?.family == "AF_UNIX" })
        let pair = try run.one("socketpair")
        #expect(pair.call.arguments == ["AF_UNIX", "SOCK_STREAM", "fd 3", "fd 4"])
    }

    @Test func datagramsNameTheirPeers() throws {
        let run = try TracedRun(
            python: """
                a = s.socket(s.AF_INET, s.SOCK_DGRAM); b = s.socket(s.AF_INET, s.SOCK_DGRAM); b.bind(lo)
                a.sendto(b'ping', b.getsockname()); d, peer = b.recvfrom(9); b.sendto(b'', peer); a.recv(9)
                """)
        let sent = run.all(.sendto)
        let bound = try #require(try run.one(.bind).call.local)
        #expect(sent.first?.call.peer == bound && sent.first?.call.arguments == ["4 bytes", .address(bound)])
        let received = try run.one(.recvfrom)
        #expect(received.call.result == .received(4, from: received.call.peer))
        #expect(received.call.peer?.port == sent.first?.call.local?.port && received.call.local == bound)
        #expect(sent.last?.moved == 0 && (try run.one(.recv).call.result) == .received(0, from: nil))
    }

    @Test func failuresHaveTheirNames() throws {
        let run = try TracedRun(
            python: """
                def fails(call, *arguments):
                    try: call(*arguments)
                    except OSError: pass
                l = s.socket(); l.bind(lo); free = l.getsockname(); l.close()
                c = s.socket(); fails(c.connect, free); c.setblocking(False)
                fails(c.recv, 5); fails(c.setsockopt, 1, 999, 1); c.getsockopt(s.SOL_SOCKET, s.SO_RCVBUF)
                c.setsockopt(s.SOL_SOCKET, s.SO_REUSEADDR, 1)
                fails(s.socket, s.AF_INET, s.SOCK_STREAM, 17)
                """)
        #expect(try run.one(.connect).call.result == .failed(number: 111, name: "ECONNREFUSED"))
        #expect(try run.one(.recv).call.result == .failed(number: 107, name: "ENOTCONN"))
        let options = run.all(.setsockopt).map(\.call.text)
        #expect(options.contains { $0.hasSuffix(", SOL_SOCKET, SO_REUSEADDR, 1) = 0") }, "\(options)")
        #expect(options.contains { $0.hasSuffix(", SOL_SOCKET, 999, 1) = -1 ENOPROTOOPT (92)") }, "\(options)")
        #expect(try run.one(.getsockopt).call.arguments.prefix(2) == ["SOL_SOCKET", "SO_RCVBUF"])
        #expect(run.all(.socket).last?.call.transport == "none" && run.all(.socket).last?.socket == nil)
    }

    @Test func waitsNameTheirSockets() throws {
        let run = try TracedRun(
            python: """
                import select
                a, b = s.socketpair(); p = select.poll(); p.register(b, select.POLLIN); p.poll(5)
                a.send(b'x'); r, w = os.pipe(); select.select([r, b], [], [], 1)
                e = select.epoll(); e.register(b, select.EPOLLIN); e.poll(1)
                """)
        #expect(try run.one("poll").call.text == "poll(fd 4, 5 ms) = 0")
        let select = try run.one("select").call.text
        #expect(select == "select(fd 4, 1000 ms) = 1")
        #expect(try run.one("epoll_wait").call.text == "epoll_wait(7, fd 4, 1000 ms) = 1")
        #expect(try run.one("poll").socket == (try run.one("select").socket))
    }

    /// Whatever a program hands over as an address or a length, the trace goes on.
    @Test func hostileArguments() throws {
        let run = try TracedRun(
            python: """
                import ctypes
                c = ctypes.CDLL(None, use_errno=True).syscall
                numbers = [n for n in range(450) if n in (\(Self.numbers))]
                bad = [0, 1, 8, 0xfff, 0x7fffffffffff, 0x7ffffffff000, -1, -2, 1 << 63, 1 << 47]
                u, v = s.socketpair(); u.setblocking(False); v.setblocking(False)
                f = s.socket(s.AF_INET, s.SOCK_DGRAM); f.setblocking(False)
                for n in numbers:
                    for x in bad:
                        for y in (0, 1, 128, -1, 1 << 62):
                            for d in (u.fileno(), f.fileno()):
                                c(*map(ctypes.c_long, (n, d, x, y, x, x, y)))
                os._exit(7)
                """)
        #expect(run.end == .exited(status: 7))
        #expect(run.calls.count > 500)
        #expect(run.calls.contains { $0.call.result == .failed(number: 14, name: "EFAULT") })
    }

    /// Those that neither close nor wait nor make processes.
    private static let numbers = {
        let left: Set<TracedSystemCall> = [
            .close, .closeRange, .dup, .dup2, .dup3, .fcntl, .clone, .clone3, .fork, .vfork, .execve, .execveat,
            .restart, .poll, .ppoll, .select, .pselect6, .epollWait, .epollPwait, .epollPwait2, .accept, .accept4,
            .socket, .ioUringSetup, .shutdown, .signalReturn,
        ]
        return TracedSystemCall.allCases.filter { !left.contains($0) }
            .compactMap { call in ProcessorArchitecture.current.flatMap(call.number) }
            .map(String.init).joined(separator: ", ")
    }()
}

extension TracedRun {
    /// Whether there is one call of this name, with these bytes.
    fileprivate func one(_ name: CallName, has data: String, moved: Int) -> Bool {
        let found = all(name)
        return found.count == 1 && found[0].data == Array(data.utf8) && found[0].moved == moved
    }
}
