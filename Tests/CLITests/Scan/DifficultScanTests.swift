import TestSupport
import Testing

/// Hosts that limit their answers, services that reset, and targets that cannot be asked.
extension ScanTests {
    @Test(.needs(.namespaces)) func aRateLimitIsMetAndNoPortWrong() throws {
        let run = try script(
            """
            rules <<< 'tcp dport 1-400 limit rate 200/second burst 50 packets reject with tcp reset
            tcp dport 1-420 drop'
            listen 22 4711
            "$NETPROBE" scan 127.0.0.1 -n -p 1-420,4711
            """)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("Rate limit met: "), "\(run.output)")
        #expect(run.output.contains("Not shown: 400 closed tcp ports (conn-refused)\n"), "\(run.output)")
        #expect(run.output.contains("4711/tcp open"))
        #expect(
            run.output.split(separator: "\n").count { $0.contains("/tcp ") && $0.contains(" filtered ") } == 20,
            "\(run.output)")
    }

    @Test(.needs(.namespaces)) func aServiceThatResetsAfterAcceptingIsOpen() throws {
        let run = try script(
            """
            cat > reset.py <<'END'
            import socket, struct
            s = socket.socket(); s.bind(("127.0.0.1", 7001)); s.listen(64); open("listening", "w").write("1")
            while True:
                c, _ = s.accept(); c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)); c.close()
            END
            python3 reset.py & listener=$!; while [ ! -s listening ]; do sleep 0.02; done
            for i in $(seq 20); do "$NETPROBE" scan 127.0.0.1 -n -p 7001 --ndjson | grep -c '"state":"open"'; done | \
            sort | uniq -c
            """)
        #expect(run.output.split(separator: " ").map(String.init) == ["20", "1\n"], "\(run.output) \(run.errors)")
    }

    @Test(.needs(.namespaces)) func whatCannotBeAskedIsNotCalledFiltered() throws {
        let run = try script(
            #"""
            ip link add d0 type veth peer name d1; ip addr add 10.5.0.1/24 brd + dev d0; ip link set d0 up
            ip link set d1 up; sleep 1.5; listen 7
            for target in fe80::1 224.0.0.1 ff02::1%d0 255.255.255.255 10.5.0.255; do
            "$NETPROBE" scan -n $target -p 7; echo "status $?"; done
            own=$(ip -6 addr show dev d0 scope link | grep -o 'fe80[^/]*')
            "$NETPROBE" scan -n $own%d0 -p 7 | head -1; "$NETPROBE" scan -n $own%d0 -p 7 -oX - | grep -o 'addr="[^"]*"'
            """#)
        #expect(run.output.hasPrefix(String(repeating: "status 2\n", count: 5)), "\(run.output)")
        let words = ["%d0", "multicast", "multicast", "broadcast", "broadcast address of d0"]
        let errors = run.errors.split(separator: "\n")
        #expect(errors.count == 5 && zip(errors, words).allSatisfy { $0.contains($1) }, "\(run.errors)")
        #expect(run.output.contains("Scan report for fe80::") && run.output.hasSuffix("%d0\"\n"), "\(run.output)")
    }

    @Test(.needs(.namespaces)) func excludedHostsAreLeftOutAndAllFormatsWritten() throws {
        let run = try script(
            #"""
            listen 7; "$NETPROBE" scan -n 127.0.0.0/29 --exclude 127.0.0.1-3,127.0.0.6/31 -p 7 -oA all | grep report
            ls all*; "$NETPROBE" scan -n 127.0.0.1 --exclude 127.0.0.1; echo $?
            "$NETPROBE" scan -n -F 127.0.0.1 | grep -o '[0-9]* closed'
            """#)
        #expect(
            run.output == """
                Scan report for 127.0.0.0
                Scan report for 127.0.0.4
                Scan report for 127.0.0.5
                all.gnmap
                all.nmap
                all.xml
                2
                99 closed

                """, "\(run.output) \(run.errors)")
    }
}
