import Foundation
import Services
import TestSupport
import Testing

/// Every row of the table, both ways: the courses' client in Python against our server, our client against the courses'
/// server, over IPv4 and IPv6, with the event loop and with the blocking loops.
@Suite(.serialized, .timeLimit(.minutes(5)), .needs(.python)) struct FixtureTests {
    static let hosts = loopbacks.map { "\($0.address)" }
    static let network = ServiceCatalogue.all.filter { $0.transport != .unix }

    @Test(arguments: network, hosts)
    func coursesClientAgainstOurServer(service: ServiceDescription, host: String) throws {
        let scratch = try TemporaryFolder()
        try Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }).write(
            to: scratch.url.appendingPathComponent("notes.txt"))
        for form in [[], ["--simple"]] {
            var arguments = [service.name] + form + (host.contains(":") ? ["-6"] : [])
            if service == .file { arguments.append(scratch.url.path) }
            if service == .udpBackoff { arguments += ["--seed", "3"] }
            let server = try ServeProcess(arguments)
            let run = try Fixture.run("\(service.name)-client", host, "\(server.port)")
            #expect(run.status == 0, "\(arguments): \(run.errors)\n\(server.companion.errors)")
            server.stop(form.isEmpty ? SIGTERM : SIGINT)
            if service == .udpSink { #expect(server.companion.printed.contains("sent 13 bytes: Hello, World!")) }
        }
    }

    @Test(arguments: network, hosts)
    func ourClientAgainstCoursesServer(service: ServiceDescription, host: String) throws {
        let server = try Companion(["python3", Fixture.path("\(service.name)-server"), host, "0"])
        let port = try server.wait(for: "\n").split(separator: "\n").first.map(String.init) ?? ""
        func client(_ arguments: String...) throws -> Netprobe.Run {
            let scratch = try TemporaryFolder()
            return try Netprobe.execute(
                [Netprobe.path, "client", service.name, host, "--port", port] + arguments, folder: scratch.url)
        }
        let run: Netprobe.Run
        switch service {
        case .chat: return try chat(server, host, port)
        case .textStore:
            let stored = try client("set", "one\ntwo")
            #expect(stored.status == 0, "\(stored.errors)")
            run = try client("get")
        case .file: run = try client("notes.txt")
        default: run = try client()
        }
        #expect(run.status == 0, "\(run.errors)")
        let expected: String =
            switch service {
            case .tcpEcho: "Hello, world\n"
            case .udpEcho: "This is the message. It will be repeated to me.\n"
            case .upperTCP, .upperUDP: "INPUT LOWERCASE SENTENCE\n"
            case .greeting: "Thank you for connecting\n"
            case .adder: "90\n"
            case .sixteen: "Hello World!\n"
            case .udpLength, .udpBackoff: "The msg was 23 bytes long\n"
            case .udpSink: "sent 42 bytes; whether anybody received them cannot be known\n"
            case .textStore: "one\ntwo"
            default: ""
            }
        #expect(run.output == expected)
        if service == .file { #expect(run.errors.contains("notes.txt: 1024000 bytes, SHA-256 ")) }
        #expect(server.finish() == 0, "\(server.errors)")
    }

    private func chat(_ server: Companion, _ host: String, _ port: String) throws {
        func join(_ name: String) throws -> Companion {
            try Companion([Netprobe.path, "client", "chat", host, "--port", port, "--name", name])
        }
        let anna = try join("anna")
        try anna.wait(for: "name")
        let bob = try join("bob")
        try anna.wait(for: "bob: bob")
        bob.type("good morning\n")
        try anna.wait(for: "bob: good morning\n")
        #expect(bob.finish() == 0 && anna.finish() == 0)
        #expect(server.finish() == 0, "\(server.errors)")
    }

    @Test(arguments: ["stream", "dgram", "seqpacket"])
    func unix(kind: String) throws {
        let scratch = try TemporaryFolder()
        let path = scratch.path("echo")
        for form in [[], ["--simple"]] {
            let server = try ServeProcess(["unix-echo", path, "--kind", kind] + form)
            let run = try Fixture.run("unix-echo-client", path, kind)
            #expect(run.status == 0, "\(run.errors)")
            server.stop()
            #expect(!FileManager.default.fileExists(atPath: path))
        }
        let server = try Companion(["python3", Fixture.path("unix-echo-server"), path, kind])
        try server.wait(for: "ready")
        let run = try Netprobe.run("client", "unix-echo", path, "--kind", kind)
        #expect(run.status == 0 && run.output == "Hello, world\n", "\(run.errors)")
        #expect(server.finish() == 0, "\(server.errors)")
    }
}
