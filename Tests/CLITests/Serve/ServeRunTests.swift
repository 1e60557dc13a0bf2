import Foundation
import TestSupport
import Testing

/// The real commands, where they end at once.
@Suite struct ServeRunTests {
    @Test(arguments: [
        ["serve"], ["serve", "nosuch"], ["serve", "tcp-echo", "folder"], ["serve", "file"], ["serve", "unix-echo"],
        ["serve", "tcp-echo", "--max", "0"],
        ["serve", "tcp-echo", "--timeout", "-1"], ["serve", "udp-backoff", "--drop", "2"],
        ["serve", "tcp-echo", "-4", "-6"],
        ["serve", "unix-echo", "/tmp/x", "--capture", "x"], ["serve", "tcp-echo", "--port", "0", "--capture", "x"],
        ["serve", "tcp-echo", "--backlog", "-1"],
        ["client", "tcp-echo"], ["client", "sixteen", "localhost", "short"], ["client", "file", "localhost"],
        ["client", "file", "localhost", "a", "b"],
        ["serve", "tcp-echo", "--capture", "-"], ["serve", "tcp-echo", "--drop", "0.1"],
        ["serve", "tcp-echo", "--kind", "stream"], ["serve", "udp-echo", "--max", "3"],
        ["serve", "udp-echo", "--nodelay"], ["serve", "chat", "--limit", "10"],
        ["serve", "upper-tcp", "--simple", "--max", "2"], ["serve", "unix-echo", ""],
        ["serve", "unix-echo", "/tmp/x", "--port", "1"], ["client", "tcp-echo", "localhost", "--name", "anna"],
        ["client", "tcp-echo", "localhost", "--list"],
        ["client", "udp-sink", "localhost", "--timeout", "1"], ["client", "unix-echo", "/tmp/x", "-4"],
        ["client", "unix-echo", ""], ["client", "adder", "localhost", ""],
        ["client", "text-store", "localhost", "foo"], ["client", "text-store", "localhost", "set"],
        ["client", "chat", "localhost", "--limit", "1"],
        ["client", "file", "localhost", "a\nb"], ["client", "greeting", "localhost", "hello"],
        ["client", "tcp-echo", "localhost", "--port", "0"], ["serve", "tcp-echo", "--hidden"],
    ])
    func wrongUsage(arguments: [String]) throws {
        let run = try Netprobe.execute([Netprobe.path] + arguments)
        #expect(run.status == 64, "\(arguments): \(run.errors)")
    }

    /// Rows fit a terminal of 80 columns.
    @Test func help() throws {
        let run = try Netprobe.run("serve", "--help", environment: ["COLUMNS": "80"])
        for name in ["tcp-echo", "udp-backoff", "text-store", "unix-echo"] {
            #expect(run.output.split(separator: "\n").contains { $0.hasPrefix("  \(name) ") && $0.count <= 80 })
        }
        #expect(run.output.contains("  text-store  tcp  12345  keeps one text that all retrieve and replace\n"))
    }

    @Test func cannotListen() throws {
        for arguments in [
            ["tcp-echo", "--bind", "192.0.2.1"], ["tcp-echo", "--interface", "nosuch", "--port", "0"],
            ["file", "/nonexistent"], ["unix-echo", "/nonexistent/x"],
        ] {
            let run = try Netprobe.execute([Netprobe.path, "serve"] + arguments)
            #expect(
                run.status == 2 && run.errors.hasPrefix("netprobe: ") && run.errors.split(separator: "\n").count == 1,
                "\(arguments): \(run.errors)")
        }
    }

    /// Where nothing may be captured, serving with --capture says what would allow it and does not begin.
    @Test func captureNeedsTheRight() throws {
        let run = try Netprobe.runAsOrdinaryUser("serve", "tcp-echo", "--port", "47651", "--capture", "x.pcapng")
        #expect(run.status == 2 && run.output.isEmpty, "\(run.output)")
        #expect(
            run.errors.contains("cannot capture on lo: no permission") && run.errors.contains("sudo setcap cap_net_raw")
                && run.errors.contains("unshare -Urn"), "\(run.errors)")
    }

    /// What is no capture is not lost, and what cannot be written is said before anything is served.
    @Test(.needs(.namespaces)) func captureChecksItsPlace() throws {
        let folder = try TemporaryFolder()
        let script = """
            ip link set lo up
            echo precious > notes
            for place in notes /nonexistent/x; do timeout 20 "$0" serve tcp-echo --capture $place; echo $?; done
            cat notes
            """
        let run = try Netprobe.execute(["unshare", "-Urn", "sh", "-c", script, Netprobe.path], folder: folder.url)
        #expect(run.output == "2\n2\nprecious\n", "\(run.output) \(run.errors)")
        #expect(
            run.errors.contains("notes: there is a file that is no capture")
                && run.errors.contains("/nonexistent/x: cannot be written"), "\(run.errors)")
    }

    /// In a namespace of its own: the packets and the calls that belong to them.
    @Test(.needs(.namespaces)) func captureRecordsCalls() throws {
        let folder = try TemporaryFolder()
        let script = """
            ip link set lo up
            "$0" serve tcp-echo --capture x.pcapng -q > banner & server=$!
            for i in $(seq 200); do grep -q client: banner && break; sleep 0.05; done
            cat /proc/$server/task/*/status | grep CapEff | sort -u > rights
            "$0" client tcp-echo 127.0.0.1 hello
            kill $server; wait $server && "$0" ladder x.pcapng
            """
        let run = try Netprobe.execute(["unshare", "-Urn", "sh", "-c", script, Netprobe.path], folder: folder.url)
        #expect(run.status == 0, "\(run.errors)")
        // No thread has any right left.
        #expect(
            try String(contentsOf: folder.url.appendingPathComponent("rights"), encoding: .utf8)
                == "CapEff:\t0000000000000000\n")
        for text in ["hello\n", "SYN seq 0", "accept() → ", "recv(65536) → 5 bytes", "send(5 bytes)"] {
            #expect(run.output.contains(text), "\(text): \(run.output)")
        }
    }
}
