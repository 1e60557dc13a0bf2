import Platform
import Sockets
import Testing

@testable import Tracing

/// A program that a test traced to its end: all that was told, in order.
struct TracedRun {
    var calls: [TracedCall] = []
    var events: [TraceEvent] = []
    let end: ProgramEnd

    static let python = "/usr/bin/python3"

    /// Whether this system lets a program be traced, and has the interpreter that most tests trace.
    static let isPossible: Bool = {
        guard Tracer.isSupported else { return false }
        return (try? TracedRun("/bin/true").end) == .exited(status: 0) && (try? TracedRun(python, ["-c", ""])) != nil
    }()

    /// Runs a program on a thread of its own, since ptrace belongs to one.
    init(_ path: String, _ arguments: [String] = [], dataLimit: Int = Tracer.usualDataLimit) throws {
        let told = try SystemThread.start { () -> Result<([TraceEvent], ProgramEnd), SocketError> in
            var events: [TraceEvent] = []
            do throws(SocketError) {
                let tracer = Tracer(dataLimit: dataLimit, clock: SystemClock.now)
                let end = try tracer.run(path, arguments, output: 2) { events.append($0) }
                return .success((events, end))
            } catch {
                return .failure(error)
            }
        }.join()
        (events, end) = try told.get()
        calls = events.compactMap { if case .call(let call) = $0 { call } else { nil } }.sorted {
            $0.call.id < $1.call.id
        }
    }

    /// Runs lines of Python. `s` is the module `socket`, `lo` the loopback address with any port.
    init(python lines: String, dataLimit: Int = Tracer.usualDataLimit) throws {
        let start = "import os, signal, socket as s, sys, threading, time\nlo = ('127.0.0.1', 0)\n"
        self = try TracedRun(Self.python, ["-S", "-c", start + lines], dataLimit: dataLimit)
    }

    /// The calls' names, in the order of their starts.
    var names: [String] { calls.map(\.call.name.rawValue) }

    /// The calls of this name.
    func all(_ name: CallName) -> [TracedCall] { calls.filter { $0.call.name == name } }

    /// The one call of this name.
    func one(_ name: CallName) throws -> TracedCall {
        let found = all(name)
        #expect(found.count == 1, "\(name): \(found.map(\.call.text))")
        return try #require(found.first)
    }

    /// The calls without their descriptors and ports, which differ from run to run.
    var shapes: [String] {
        calls.map { call in
            call.call.text.replacing(/127\.0\.0\.1:\d+/, with: "lo").replacing(/\d+ accepted/, with: "N accepted")
                .replacing(/\((\d+)(?=[,)])/, with: "(N")
        }
    }
}
