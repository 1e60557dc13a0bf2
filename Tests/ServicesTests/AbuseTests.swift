import Foundation
import Services
import TestSupport
import Testing

/// What clients may do to a server, and what it does then. While each abuse goes on, an ordinary client is served over
/// and over; the server's memory stays under its limit, and what was acknowledged is there afterwards.
@Suite(.serialized, .timeLimit(.minutes(5)), .needs(.python)) struct AbuseTests {
    struct Abuse: Sendable, CustomTestStringConvertible {
        let name: String
        let what: String
        let server: [String]
        /// The name of a function of `abuse.py`.
        let script: String
        /// What the script must have seen happen to the abuser.
        let outcome: String
        /// How many descriptors the server may have; nil: as many as everybody.
        var descriptors: Int?
        var testDescription: String { name }
    }

    static let limitMegabytes = 100

    static let table: [Abuse] = [
        Abuse(
            name: "silent", what: "500 clients connect and say nothing", server: ["upper-tcp", "--timeout", "1"],
            script: "silent",
            outcome: "500 connections closed by the server"),
        Abuse(
            name: "drip", what: "a client sends one byte a tenth of a second", server: ["upper-tcp"], script: "drip",
            outcome: "every byte answered"),
        Abuse(
            name: "endless", what: "a client sends a gigabyte without a newline", server: ["upper-tcp"],
            script: "endless",
            outcome: "told that the message is too long, and closed"),
        Abuse(
            name: "claim", what: "a client announces a gigabyte", server: ["text-store"], script: "claim",
            outcome: "told that a text may have at most"),
        Abuse(
            name: "deaf", what: "a client sends and never reads", server: ["tcp-echo"], script: "deaf",
            outcome: "stopped by flow control"),
        Abuse(
            name: "askers", what: "40 clients ask thousands of times in one breath and never read", server: ["adder"],
            script: "askers",
            outcome: "40 clients asked and did not read"),
        Abuse(
            name: "resets", what: "1,000 clients reset in mid-message", server: ["text-store"], script: "resets",
            outcome: "the acknowledged text is there"),
        Abuse(
            name: "knocks", what: "1,000 connects and closes", server: ["upper-tcp"], script: "knocks",
            outcome: "1000 connections made"),
        Abuse(
            name: "descriptors", what: "more clients than descriptors", server: ["upper-tcp", "--max", "1000"],
            script: "descriptors",
            outcome: "all served in the end", descriptors: 64),
        Abuse(
            name: "crowd", what: "more clients than --max", server: ["upper-tcp", "--max", "8"], script: "crowd",
            outcome: "the ninth served when one left"),
        Abuse(
            name: "slow member", what: "a chat member never reads", server: ["chat"], script: "slow_member",
            outcome: "sent away; the others got every line in order"),
    ]

    @Test(arguments: table)
    func othersAreServedOn(abuse: Abuse) throws {
        // A limit of its own for the server, as a shell sets it.
        let serve = [Netprobe.path, "serve"] + abuse.server + ["--port", "0"]
        let command = abuse.descriptors.map { ["sh", "-c", "ulimit -n \($0); exec \"$@\"", "sh"] + serve } ?? serve
        let server = try Companion(command)
        let banner = try server.wait(for: "\nclient: ")
        let port = try #require(banner.split(separator: "\n").first?.split(separator: " ").last.map(String.init))
        let process = try #require(Self.serverProcess(of: server))
        let run = try Netprobe.execute(["python3", Fixture.path("abuse"), port, "\(process)", abuse.script])
        #expect(run.status == 0, "\(abuse.name): \(run.errors)\n\(server.errors.suffix(2000))")
        #expect(run.output.contains(abuse.outcome), "\(run.output)")
        let megabytes = Self.peakMegabytes(process)
        #expect(megabytes > 0 && megabytes < Self.limitMegabytes, "\(abuse.name): \(megabytes) MB")
        #expect(server.stop() == 0, "\(server.errors.suffix(2000))")
        print(
            """
            abuse | \(abuse.what) | \(run.output.split(separator: "\n").joined(separator: "; ")) | \
            \(megabytes) MB at most
            """
        )
    }

    private static func serverProcess(of companion: Companion) -> Int32? {
        // env and sh have become the server by exec.
        companion.process.processIdentifier
    }

    private static func peakMegabytes(_ process: Int32) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
        return (line?.split(separator: " ").dropLast().last.flatMap { Int($0) } ?? 0) / 1024
    }
}
