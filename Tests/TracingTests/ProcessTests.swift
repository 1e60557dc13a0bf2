import Platform
import Sockets
import Testing

@testable import Tracing

/// What becomes of processes, threads, signals and descriptors under a trace: the same as without one.
@Suite(.enabled(if: TracedRun.isPossible, "no ptrace or no python3 here"), .timeLimit(.minutes(2)))
struct ProcessTests {
    @Test(arguments: [
        ("sys.exit(0)", ProgramEnd.exited(status: 0)), ("sys.exit(42)", .exited(status: 42)),
        ("os.kill(os.getpid(), signal.SIGKILL)", .killed(signal: 9)),
        ("os.kill(os.getpid(), signal.SIGTERM)", .killed(signal: 15)),
        ("threading.Thread(target=lambda: os._exit(3)).start(); time.sleep(10)", .exited(status: 3)),
    ])
    func exitStatusIsKept(lines: String, end: ProgramEnd) throws {
        #expect(try TracedRun(python: lines).end == end)
    }

    @Test func programsThatCannotBegin() throws {
        let missing = try TracedRun("/no/such/program").end
        #expect(missing == .notStarted(errno: 2) && missing.shellStatus == 127)
        let folder = try TracedRun("/tmp").end
        #expect(folder == .notStarted(errno: 13) && folder.shellStatus == 126)
    }

    @Test func descriptorsSurviveForkAndDup() throws {
        let run = try TracedRun(
            python: """
                a, b = s.socketpair()
                if os.fork() == 0:
                    os.dup2(b.fileno(), 20); b.close(); os.write(20, b'from the child'); os._exit(5)
                n = os.dup(a.fileno()); a.close()
                os.read(n, 100); sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
                """)
        #expect(run.end == .exited(status: 5))
        let (write, read) = (try run.one("write"), try run.one("read"))
        #expect(write.data == Array("from the child".utf8) && read.data == write.data)
        #expect(write.process != read.process && write.call.end == "client/2" && read.call.end == "client")
        #expect(write.socket?.number == 2 && read.socket?.number == 1)
        let processes = run.events.filter { if case .began = $0 { true } else { false } }
        #expect(processes.count == 2)
    }

    @Test func descriptorsArePassedAndInherited() throws {
        let run = try TracedRun(
            python: """
                l = s.socket(); l.bind(lo); l.listen(); a, b = s.socketpair(); os.set_inheritable(l.fileno(), True)
                s.send_fds(a, [b'x'], [l.fileno()]); fds = s.recv_fds(b, 1, 1)[1]
                s.socket(fileno=fds[0]).getsockname()
                os.execv(sys.executable, [sys.executable, '-S', '-c',
                    "import socket as s; l = s.socket(fileno=%d); s.socket().connect(l.getsockname())" % l.fileno()])
                """)
        #expect(run.end == .exited(status: 0))
        let listener = try run.one("listen").socket
        // The client's own address is asked for, too: Python warns of sockets that nobody closed.
        let bound = try run.one(.bind).call.local
        let asked = run.all(.getsockname).filter { $0.call.local == bound }
        #expect(asked.count >= 2 && asked.allSatisfy { $0.socket == listener }, "\(asked)")
        #expect(try run.one(.connect).call.result == .value(0))
        // After exec the descriptors that were closed on it belong to others.
        #expect(run.all(.socket).count == 2)
    }

    @Test func manyThreads() throws {
        let run = try TracedRun(
            python: """
                l = s.socket(); l.bind(lo); l.listen(256); at = l.getsockname(); gate = threading.Barrier(200)
                def client(n):
                    gate.wait(); c = s.socket(); c.connect(at); c.sendall(b'%d' % n); c.recv(9); c.close()
                def serve():
                    for _ in range(200): c, _p = l.accept(); c.sendall(c.recv(9)); c.close()
                all = [threading.Thread(target=client, args=(n,)) for n in range(200)]
                all.append(threading.Thread(target=serve))
                for t in all: t.start()
                for t in all: t.join()
                """)
        #expect(run.end == .exited(status: 0))
        #expect(run.all(.connect).count == 200 && run.all(.connect).allSatisfy { $0.call.result == .value(0) })
        #expect(run.all("accept4").count == 200 && run.all(.send).count == 400 && run.all(.recv).count == 400)
        #expect(Set(run.all(.connect).map(\.thread)).count == 200)
        #expect(Set(run.calls.map(\.process)).count == 1)
        let locals = Set(run.all(.connect).compactMap(\.call.local))
        let peers = Set(
            run.all("accept4").compactMap { if case .accepted(_, let peer) = $0.call.result { peer } else { nil } })
        #expect(locals == peers && locals.count == 200)
        // What was sent on a socket came on the one at its other end.
        for sent in run.all(.send) {
            let got = run.all(.recv).filter { $0.call.local == sent.call.peer && $0.call.peer == sent.call.local }
            #expect(got.map(\.data) == [sent.data])
        }
    }

    @Test func anotherThreadExecutes() throws {
        let run = try TracedRun(
            python: """
                a, b = s.socketpair(); os.set_inheritable(a.fileno(), True); os.set_inheritable(b.fileno(), True)
                threading.Thread(target=a.recv, args=(1,), daemon=True).start()
                code = "import socket; socket.socket(fileno=%d).send(b'done'); raise SystemExit(9)" % b.fileno()
                threading.Thread(target=lambda: os.execv(sys.executable, [sys.executable, '-S', '-c', code])).start()
                time.sleep(10)
                """)
        #expect(run.end == .exited(status: 9))
        // The thread that waited was ended by it.
        #expect(try run.one(.recv).call.result == .pending)
        let send = try run.one(.send)
        #expect(send.data == Array("done".utf8) && send.thread == send.process)
    }

    /// A handler that restarts the call leaves one call; one that does not shows as EINTR.
    @Test func interruptedCalls() throws {
        let run = try TracedRun(
            python: """
                a, b = s.socketpair(); main = threading.main_thread().ident
                def later(): time.sleep(0.1); signal.pthread_kill(main, signal.SIGUSR1); time.sleep(0.1); a.send(b'x')
                signal.signal(signal.SIGUSR1, lambda *_: a.getsockname()); signal.siginterrupt(signal.SIGUSR1, False)
                threading.Thread(target=later).start(); b.recv(5)
                signal.siginterrupt(signal.SIGUSR1, True)
                threading.Thread(target=later).start(); b.recv(6)
                """)
        #expect(run.end == .exited(status: 0))
        let restarted = run.calls.filter { $0.call.arguments == ["5"] }
        #expect(restarted.map(\.call.result) == [.received(1, from: nil)])
        let interrupted = run.calls.filter { $0.call.arguments == ["6"] }
        #expect(
            interrupted.map(\.call.result) == [.failed(number: 4, name: "EINTR"), .received(1, from: nil)])
    }

    @Test func stoppedAndContinued() throws {
        let run = try TracedRun(
            python: """
                a, b = s.socketpair(); me = os.getpid()
                if os.fork() == 0:
                    def state(): return open('/proc/%d/stat' % me).read().rsplit(')', 1)[1].split()[0]
                    time.sleep(0.1); os.kill(me, signal.SIGSTOP); time.sleep(0.2); seen = state()
                    os.kill(me, signal.SIGCONT); time.sleep(0.1); a.send(seen.encode()); os._exit(0)
                got = b.recv(5)
                # A traced process that is stopped shows so ('t'), and stays until SIGCONT.
                sys.exit(0 if got in (b't', b'T') else 1)
                """)
        #expect(run.end == .exited(status: 0))
        let recv = try run.one(.recv)
        #expect(recv.call.result == .received(1, from: nil))
        #expect((recv.call.finish?.nanoseconds(since: recv.call.start) ?? 0) > 300_000_000)
    }

    /// vfork's parent waits for its child's exec: nobody may wait for the parent meanwhile.
    @Test func childrenByPosixSpawn() throws {
        let run = try TracedRun(
            python: """
                import subprocess
                a, b = s.socketpair()
                done = [subprocess.Popen(['/bin/echo'], stdout=b) for _ in range(8)]
                for p in done: p.wait()
                a.recv(99)
                """)
        #expect(run.end == .exited(status: 0))
        let writes = run.all("write")
        #expect(writes.count == 8 && writes.allSatisfy { $0.socket?.number == 2 && $0.call.descriptor == 1 })
        #expect(try run.one(.recv).moved == 8)
    }
}
