import Foundation
import TestSupport
import Testing

/// Commands that need the right to capture or a port of their own, each in a network namespace that the test makes.
@Suite(.serialized) struct NamespaceScriptTests {
    /// Runs a shell script with loopback up; NETPROBE names the executable, the working folder is the test's own.
    private func script(_ text: String, in folder: TemporaryFolder, mounts: Bool = false) throws -> Netprobe.Run {
        try Netprobe.execute(
            [
                "unshare", mounts ? "-Urnm" : "-Urn", "bash", "-c",
                "set -u; PATH=$PATH:/usr/sbin:/sbin; ip link set lo up\n" + text,
            ],
            environment: ["NETPROBE": Netprobe.path], folder: folder.url)
    }

    /// Sends datagrams to the discard port, then says so.
    private let burst = """
        burst() { python3 -c 'import socket,sys
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for i in range(int(sys.argv[1])): s.sendto(b"x" * int(sys.argv[2]), ("127.0.0.1", 9))' "$1" "$2"; }
        ready() { for i in $(seq 200); do [ -s "$1" ] && return; sleep 0.02; done; echo "no $1" >&2; exit 99; }

        """

    @Test(.needs(.namespaces)) func aPortInUseIsTold() throws {
        let run = try script(
            """
            python3 -c 'import socket, time
            s = socket.socket(); s.bind(("127.0.0.1", 65432)); s.listen(); open("up", "w").write("1"); time.sleep(20)' &
            for i in $(seq 200); do [ -s up ] && break; sleep 0.02; done
            "$NETPROBE" demo tcp-echo --host-network; status=$?; kill %1; exit $status
            """, in: TemporaryFolder())
        #expect(run.status == 2)
        #expect(run.errors.contains("127.0.0.1:65432") && run.errors.contains("EADDRINUSE"), "\(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1)
        #expect(run.output == "")
    }

    @Test(
        .needs(.namespaces),
        arguments: [
            ("capture -i nosuch0", "nosuch0"), ("capture -i lo tcp prt 5", "tcp prt 5"),
            ("capture -i lo -w /nonexistent/x.pcapng", "/nonexistent/x.pcapng"),
        ])
    func whatCannotBeCapturedIsNamed(arguments: String, name: String) throws {
        let run = try script("\"$NETPROBE\" \(arguments)", in: TemporaryFolder())
        #expect(run.status == 2)
        #expect(run.errors.contains(name), "\(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }

    @Test(.needs(.namespaces), arguments: ["INT", "TERM", "HUP"])
    func nothingCapturedIsLostOnASignal(signal: String) throws {
        let run = try script(
            burst + """
                "$NETPROBE" capture -i lo -w out.pcapng udp & pid=$!
                ready out.pcapng; burst 500 100; kill -\(signal) $pid; wait $pid; status=$?
                "$NETPROBE" show --count out.pcapng; exit $status
                """, in: TemporaryFolder())
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("500"), "\(run.output) \(run.errors)")
        #expect(run.errors.contains("500 packets captured"), "\(run.errors)")
        #expect(
            run.errors.contains(
                "1000 received by filter (loopback counts a packet twice, leaving and arriving), 0 dropped by kernel"),
            "\(run.errors)")
    }

    @Test(.needs(.namespaces)) func aFullDiskIsToldAndEverythingBeforeItIsReadable() throws {
        let run = try script(
            burst + """
                mkdir small; mount -t tmpfs -o size=64k none small || exit 98
                "$NETPROBE" capture -i lo -w small/out.pcapng udp & pid=$!
                ready small/out.pcapng; burst 2000 1000; sleep 0.2; kill -INT $pid; wait $pid; status=$?
                "$NETPROBE" show --count small/out.pcapng || exit 97
                exit $status
                """, in: TemporaryFolder(), mounts: true)
        #expect(run.status == 2, "\(run.errors)")
        #expect(run.errors.contains("small/out.pcapng"), "\(run.errors)")
        #expect(run.errors.contains("space"), "\(run.errors)")
        let count = Int(run.output.split(whereSeparator: { !$0.isNumber }).first ?? "") ?? 0
        #expect(count > 20 && count < 100, "\(run.output)")
    }

    @Test(.needs(.namespaces)) func standardOutputIsPcapngAndClassicIsByName() throws {
        let run = try script(
            burst + """
                (sleep 0.3; burst 5 10) & "$NETPROBE" capture -i lo -c 5 -w - udp > piped
                od -An -tx1 -N4 piped
                (sleep 0.3; burst 5 10) & "$NETPROBE" capture -i lo -c 5 -w classic.pcap udp
                od -An -tx1 -N4 classic.pcap
                (sleep 0.3; burst 5 10) & "$NETPROBE" capture -i lo --duration 1 -s 60 udp
                """, in: TemporaryFolder())
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.hasPrefix(" 0a 0d 0d 0a\n 4d 3c b2 a1\n"), "\(run.output)")
        #expect(run.output.contains("UDP len 10"))
        #expect(run.errors.split(separator: "\n").count == 3)
    }

    @Test func doctorSaysWhatWorks() throws {
        let run = try Netprobe.run("doctor")
        #expect(run.output.split(separator: "\n").filter { $0.hasPrefix("yes ") || $0.hasPrefix("no ") }.count == 3)
        #expect(
            run.status
                == (run.output.hasPrefix("yes") || run.output.contains("\nyes  the machine's own loopback") ? 0 : 1))
        if Need.namespaces.isMet { #expect(run.output.hasPrefix("yes  a private namespace")) }
        let user = try Netprobe.runAsOrdinaryUser("doctor")
        #expect(user.output.contains("no   the machine's own loopback"))
        #expect(user.output.contains("setcap cap_net_raw"))
    }
}
