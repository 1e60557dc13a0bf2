import Foundation
import TestSupport
import Testing

/// However a run ends, nothing of it is left: no process, no namespace, no mount, no file.
@Suite(.needs(.namespaces, .strace), .serialized) struct RunEndingTests {
    /// Does not heed any signal that can be refused, and has a child that forked twice to get away and closed its
    /// standard streams.
    private static let stubborn = """
        import os, signal, time
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(number, signal.SIG_IGN)
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.close(0); os.close(1); os.close(2)
                time.sleep(1000)
            os._exit(0)
        os.wait()
        print("ready", flush=True)
        time.sleep(1000)
        """

    /// What a machine shows of runs: mounts, named namespaces, files of the user that ran them.
    private static func traces() throws -> Set<String> {
        var found: Set<String> = []
        for line in try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8).split(separator: "\n") {
            found.insert("mount \(line)")
        }
        for folder in ["/run/netns", "/tmp", "/var/tmp", "/dev/shm"] {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
                let owner =
                    try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.ownerAccountID] as? Int
                if folder == "/run/netns" || owner == 65534 { found.insert("\(folder)/\(name)") }
            }
        }
        return found
    }

    /// The processes in whose command line a word stands.
    private static func processes(with word: String) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { id in
            guard let line = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(id)/cmdline")) else { return false }
            return line.range(of: Data(word.utf8)) != nil
        }
    }

    private static func namespace(of process: Int32) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/ns/pid")
    }

    private static func wait(_ seconds: Double, until condition: () -> Bool) -> Bool {
        let end = Date(timeIntervalSinceNow: seconds)
        while !condition(), Date() < end { usleep(5000) }
        return condition()
    }

    enum Ending: String, CaseIterable {
        case timeout, interrupt, terminate, hangUp, kill
        /// The process behind the one that the user sees.
        case killInside
    }

    @Test(arguments: Ending.allCases)
    func everythingIsGone(_ ending: Ending) throws {
        let folder = try TemporaryFolder()
        let (command, environment) = try Netprobe.commandOfOrdinaryUser(in: folder)
        let before = try Self.traces()
        let mark = "netprobe-test-\(UUID().uuidString)"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let limit = ending == .timeout ? ["--timeout", "3"] : []
        process.arguments = command + ["run"] + limit + ["--", "python3", "-c", Self.stubborn, mark]
        process.environment = environment.merging([
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        ]) { $1 }
        process.currentDirectoryURL = folder.url
        process.standardInput = FileHandle.nullDevice
        let output = folder.path("output")
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = FileHandle.nullDevice
        try process.run()
        let isReady = Self.wait(20) {
            (try? String(contentsOfFile: output, encoding: .utf8))?.contains("ready") ?? false
        }
        #expect(isReady)
        let running = Self.processes(with: mark)
        #expect(running.count >= 4, "\(running)")
        let inner = running.first {
            $0 != process.processIdentifier
                && (try? String(contentsOfFile: "/proc/\($0)/comm", encoding: .utf8)) == "netprobe\n"
        }
        let namespace = inner.flatMap(Self.namespace)
        #expect(namespace != nil && namespace != Self.namespace(of: process.processIdentifier))
        switch ending {
        case .timeout: break
        case .interrupt: kill(process.processIdentifier, SIGINT)
        case .terminate: kill(process.processIdentifier, SIGTERM)
        case .hangUp: kill(process.processIdentifier, SIGHUP)
        case .kill: kill(process.processIdentifier, SIGKILL)
        case .killInside: kill(try #require(inner), SIGKILL)
        }
        #expect(Self.wait(20) { !process.isRunning }, "\(ending) does not end it")
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        let expected: Int32 =
            switch ending {
            case .timeout: 1
            case .interrupt: 130
            case .terminate: 143
            case .hangUp: 129
            case .kill: 9
            case .killInside: 137
            }
        #expect(process.terminationStatus == expected)
        // The kernel needs a moment for what it kills.
        #expect(Self.wait(5) { Self.processes(with: mark).isEmpty }, "left: \(Self.processes(with: mark))")
        #expect(try Self.traces().subtracting(before).filter { !$0.contains("netprobe-test-") } == [])
        #expect(
            Self.wait(5) {
                let all = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap {
                    Int32($0)
                }
                return !all.contains { Self.namespace(of: $0) == namespace }
            })
    }

    @Test(arguments: [
        ("os.kill(os.getpid(), 11)", "was killed by signal 11"),
        ("[os.close(n) for n in (0, 1, 2)]", "ended with status 0"),
        ("os.fork() or (os.setsid(), os.fork() or (os.close(1), time.sleep(1000)))", "ended with status 0"),
        ("os.kill(-1, 9)", "was killed by signal 9"),
    ])
    func programsThatEndOddly(program: String, ending: String) throws {
        let mark = "netprobe-test-\(UUID().uuidString)"
        let run = try Netprobe.runAsOrdinaryUser(
            ["run", "--timeout", "20", "--", "python3", "-c", "import os, time; \(program)", mark],
            environment: ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"])
        #expect(run.output.contains(ending), "\(run.output)\(run.errors)")
        #expect(Self.processes(with: mark).isEmpty)
    }

    /// What a program finds in its environment is what the user has, and it sees itself among few.
    @Test func theProgramsSeeNothingOfNetprobe() throws {
        let run = try Netprobe.runAsOrdinaryUser(
            ["run", "--", "env"], environment: ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"])
        #expect(run.status == 0)
        #expect(run.output.contains("client│ PATH=") && !run.output.contains("NETPROBE_"), "\(run.output)")
    }
}
