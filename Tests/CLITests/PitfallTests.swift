import Foundation
import TestSupport
import Testing

/// The pitfalls: each run for real, as a user without any rights, and judged by what was captured, apart from its own
/// verdict.
@Suite struct PitfallTests {
    typealias Promise = DemoPromise

    static let promises: [Promise] = [
        Promise(
            demo: "refused", packets: [("TCP SYN", 1), ("TCP RST+ACK", 1)], calls: ["connect() → -1 ECONNREFUSED"]),
        Promise(
            demo: "filtered", packets: [("TCP SYN seq 0", 2)],
            calls: ["SO_ATTACH_FILTER, drop everything) → 0", "connect() → -1 ETIMEDOUT"]),
        Promise(demo: "backlog", packets: [("TCP SYN seq 0", 4), ("TCP SYN+ACK", 3)], calls: ["listen(1) → 0"]),
        Promise(
            demo: "accept-late", packets: [("TCP SYN+ACK", 1), ("len 12", 1)], calls: ["connect() → 0", "accept() → "]),
        Promise(demo: "same-port", packets: [("TCP SYN+ACK", 2), ("len 3", 2)], calls: ["getsockname() → 0"]),
        Promise(
            demo: "self-connect", packets: [("TCP SYN seq 0", 1), ("TCP SYN+ACK", 1), ("len 12", 1)],
            calls: ["connect() → 0", "12 bytes"]),
        Promise(
            demo: "byte-stream", packets: [("len 7", 1), ("len 5", 1), ("len 15", 1)],
            calls: ["→ 12 bytes", "recv(5) → 5 bytes"]),
        Promise(demo: "partial-send", packets: [("TCP", 6)], calls: ["send(200000 bytes, MSG_DONTWAIT)"]),
        Promise(demo: "zero-window", packets: [("win 0 ", 1)], calls: ["send(60000 bytes) …", "… send() → 60000"]),
        Promise(
            demo: "nagle", packets: [("len 1", 2), ("len 4", 2)], calls: ["setsockopt(IPPROTO_TCP, TCP_NODELAY, 1) → 0"]
        ),
        Promise(demo: "keepalive", packets: [("TCP ACK", 3)], calls: ["recv() → -1 ETIMEDOUT", "TCP_KEEPIDLE, 1"]),
        Promise(
            demo: "half-close", packets: [("FIN+ACK", 2), ("len 23", 1)],
            calls: ["shutdown(SHUT_WR)", "23 bytes", "0 (end of stream)"]),
        Promise(demo: "reset", packets: [("TCP RST", 2)], calls: ["-1 ECONNRESET", "SO_LINGER, on, 0 s"]),
        Promise(
            demo: "fin-vs-rst", packets: [("FIN+ACK", 2), ("TCP RST", 1)],
            calls: ["0 (end of stream)", "-1 ECONNRESET", "-1 EPIPE"]),
        Promise(
            demo: "shutdown-vs-close", packets: [("FIN+ACK", 6)],
            calls: ["shutdown(SHUT_RD) → 0", "shutdown(SHUT_WR)", "shutdown(SHUT_RDWR)"]),
        Promise(demo: "time-wait", packets: [("FIN+ACK", 2)], calls: ["-1 EADDRINUSE", "SO_REUSEADDR, 1"]),
        Promise(
            demo: "udp-refused", packets: [("UDP len 12", 1), ("port unreachable", 1)],
            calls: ["send(12 bytes) → -1 ECONNREFUSED"]),
        Promise(
            demo: "connected-udp", packets: [("UDP len 7", 1), ("port unreachable", 1), ("UDP len 11", 1)],
            calls: ["-1 ECONNREFUSED", "11 bytes"]),
        Promise(
            demo: "datagram-truncated", packets: [("UDP len 47", 1), ("UDP len 12", 1)],
            calls: ["→ 10 bytes from", "→ 12 bytes from"]),
        Promise(demo: "datagram-too-big", packets: [("frag", 2)], calls: ["-1 EMSGSIZE", "MTU_DISCOVER"]),
        Promise(
            demo: "broadcast", packets: [("> 127.255.255.255:65432 UDP len 12", 1)],
            calls: ["-1 EACCES", "SO_BROADCAST, 1"], worksOverIPv6: false),
        Promise(
            demo: "bind-address", packets: [("TCP SYN+ACK", 4), ("TCP RST+ACK", 2)],
            calls: ["bind(0.0.0.0:65434) → 0", "connect() → -1 ECONNREFUSED"],
            worksOverIPv6: false),
        Promise(
            demo: "dual-stack", packets: [("TCP SYN+ACK", 3), ("TCP RST+ACK", 1)],
            calls: ["IPV6_V6ONLY, 0", "::ffff:127.0.0.1", "-1 ECONNREFUSED"],
            worksOverIPv6: false),
        Promise(demo: "privileged-port", packets: [("TCP SYN+ACK", 1)], calls: [":80) → -1 EACCES"]),
        Promise(
            demo: "raw", packets: [("UDP len 12", 1)], calls: ["SOCK_RAW, IPPROTO_UDP", "-1 EPERM", "40 bytes"],
            worksOverIPv6: false),
    ]

    @Test(.needs(.namespaces), arguments: promises)
    func showsWhatItPromises(_ promise: Promise) throws { try promise.check() }

    @Test func everyPitfallIsTested() throws {
        // Those of the wire have tests of their own: WireDemoTests.
        let list = try Netprobe.run("demo", "--list").output.split(separator: "\n\n").dropFirst()
            .filter { !$0.hasPrefix("On a wire") }.joined(separator: "\n")
        let names = list.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }.map {
            String($0.split(separator: " ")[0])
        }
        #expect(Set(names) == Set(Self.promises.map(\.demo)))
    }

    @Test(arguments: [
        (["refused", "--message", "x"], "--message"), (["nagle", "--count", "2"], "--count"),
        (["broadcast", "-6"], "-6"),
        (["bind-address", "--port", "65534"], "--port"),
        (["bind-address", "--host-network"], "private network namespace"),
    ])
    func whatADemoCannotDoIsTold(arguments: [String], message: String) throws {
        let run = try Netprobe.execute([Netprobe.path, "demo"] + arguments)
        #expect(run.status == 64)
        #expect(run.errors.contains(message), "\(run.errors)")
    }

    @Test(.needs(.namespaces)) func theFileOfAPitfallGivesTheSameLadder() throws {
        let folder = try TemporaryFolder()
        for demo in ["reset", "udp-refused", "half-close"] {
            let file = folder.path("\(demo).pcapng")
            let run = try Netprobe.run("demo", demo, "--write", file)
            let ladder = try Netprobe.run("ladder", "--whole", file)
            #expect(ladder.status == 0, "\(ladder.errors)")
            #expect(run.output.contains(ladder.output), "\(demo): \(ladder.output)")
        }
    }
}
