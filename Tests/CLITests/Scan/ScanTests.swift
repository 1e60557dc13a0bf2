import Foundation
import TestSupport
import Testing

/// `netprobe scan`, the real executable against real listeners and firewalls, each in a network namespace of the test's
/// own.
@Suite(.serialized) struct ScanTests {
    /// Runs a shell script in a namespace with loopback up. NETPROBE names the executable; `listen PORT…` starts
    /// listeners on IPv4 and IPv6 that greet with $GREETING and returns once they are up; `rules` takes the lines of an
    /// input chain.
    func script(_ text: String, greeting: String = "") throws -> Netprobe.Run {
        let prelude = #"""
            set -u; PATH=$PATH:/usr/sbin:/sbin; ip link set lo up
            cat > listen.py <<'PYTHON'
            import os, selectors, socket, sys
            sel = selectors.DefaultSelector()
            for port in sys.argv[1:]:
                for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
                    s = socket.socket(family)
                    if family == socket.AF_INET6: s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    s.bind((address, int(port))); s.listen(128); sel.register(s, selectors.EVENT_READ, "listener")
            open("listening", "w").write("1")
            greeting = os.environ.get("GREETING", "").encode().decode("unicode_escape").encode("latin-1")
            while True:
                for key, _ in sel.select():
                    if key.data == "listener":
                        c, _ = key.fileobj.accept()
                        try: c.sendall(greeting)
                        except OSError: pass
                        sel.register(c, selectors.EVENT_READ, "connection")
                    else:
                        try: ended = not key.fileobj.recv(4096)
                        except OSError: ended = True
                        if ended: sel.unregister(key.fileobj); key.fileobj.close()
            PYTHON
            listen() { python3 listen.py "$@" & listener=$!; for i in $(seq 500); do [ -s listening ] && return; \#
            sleep 0.02; done; exit 99; }
            rules() { { echo "table inet t {"; echo "chain i {"; echo "type filter hook input priority 0;"; cat; \#
            echo "}"; echo "}"; } | nft -f - || exit 98; }
            trap 'kill -KILL ${listener:-} 2>/dev/null' EXIT

            """#
        let folder = try TemporaryFolder()
        // The test runner's children have SIGTERM blocked.
        return try withExtendedLifetime(folder) {
            try Netprobe.execute(
                ["unshare", "-Urn", "bash", "-c", prelude + text],
                environment: ["NETPROBE": Netprobe.path, "GREETING": greeting], folder: folder.url)
        }
    }

    private static let firewall = """
        rules <<'END'
        meta nfproto ipv4 tcp dport 1 reject with icmp type net-unreachable
        meta nfproto ipv4 tcp dport 2 reject with icmp type host-unreachable
        meta nfproto ipv4 tcp dport 3 reject with icmp type prot-unreachable
        meta nfproto ipv4 tcp dport 4 reject with icmp type port-unreachable
        meta nfproto ipv4 tcp dport 5 reject with icmp type net-prohibited
        meta nfproto ipv4 tcp dport 6 reject with icmp type host-prohibited
        meta nfproto ipv4 tcp dport 7 reject with icmp type admin-prohibited
        meta nfproto ipv6 tcp dport 1 reject with icmpv6 type no-route
        meta nfproto ipv6 tcp dport 2 reject with icmpv6 type admin-prohibited
        meta nfproto ipv6 tcp dport 3 reject with icmpv6 type addr-unreachable
        meta nfproto ipv6 tcp dport 4 reject with icmpv6 type port-unreachable
        meta nfproto ipv6 tcp dport 5 reject with icmpv6 type policy-fail
        meta nfproto ipv6 tcp dport 6 reject with icmpv6 type reject-route
        tcp dport 8 reject with tcp reset
        tcp dport 9 drop
        END

        """

    /// `1 filtered net-unreach` a port, from NDJSON.
    private func findings(_ output: String) throws -> [String] {
        try output.split(separator: "\n").compactMap { line in
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            guard object["type"] as? String == "port" else { return nil }
            let icmp = (object["icmp"] as? [String: Any]).map { " icmp \($0["type"] ?? "")/\($0["code"] ?? "")" } ?? ""
            return "\(object["port"] ?? "") \(object["state"] ?? "") \(object["reason"] ?? "")\(icmp)"
        }
    }

    @Test(.needs(.namespaces)) func everyAnswerHasItsStateAndReason() throws {
        let run = try script(Self.firewall + #"listen 10; "$NETPROBE" scan -n -Pn -p 1-11 127.0.0.1 --ndjson"#)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            try findings(run.output) == [
                "1 filtered net-unreach icmp 3/0", "2 filtered host-unreach icmp 3/1",
                "3 filtered proto-unreach icmp 3/2", "4 closed conn-refused icmp 3/3",
                "5 filtered net-prohibited icmp 3/9", "6 filtered host-prohibited icmp 3/10",
                "7 filtered admin-prohibited icmp 3/13",
                "8 closed conn-refused", "9 filtered no-response", "10 open syn-ack", "11 closed conn-refused",
            ])
        let run6 = try script(Self.firewall + #"listen 10; "$NETPROBE" scan -n -Pn -p 1-11 ::1 --ndjson"#)
        #expect(run6.status == 0, "\(run6.errors)")
        #expect(
            try findings(run6.output) == [
                "1 filtered net-unreach icmp 1/0", "2 filtered admin-prohibited icmp 1/1",
                "3 filtered host-unreach icmp 1/3", "4 closed conn-refused icmp 1/4",
                "5 filtered admin-prohibited icmp 1/5", "6 filtered reject-route icmp 1/6", "7 closed conn-refused",
                "8 closed conn-refused", "9 filtered no-response", "10 open syn-ack", "11 closed conn-refused",
            ])
    }

    /// Random mixes of open, closed, reset, dropped and rejected ports over both families, and scans through loss. nmap
    /// is not needed for the tests; where it is installed it must agree. `make soak` does the same for longer.
    @Test(.needs(.namespaces)) func mixesAndLossAgainstNmap() throws {
        let soak = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../Soak/scans.py"
        ).standardized.path
        let run = try Netprobe.execute(["python3", soak, Netprobe.path, "10", "2"])
        #expect(run.status == 0 && run.output.hasSuffix(": all agree\n"), "\(run.output) \(run.errors)")
    }

    @Test(.needs(.namespaces)) func linesReadAsNmaps() throws {
        let run = try script(Self.firewall + #"listen 22; "$NETPROBE" scan -n -p 4,7,22,23 --reason 127.0.0.1"#)
        let lines = run.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(lines.first == "Scan report for 127.0.0.1")
        #expect(lines.contains { $0.hasPrefix("22/tcp open ssh syn-ack ") })
        #expect(lines.contains { $0.hasPrefix("23/tcp closed telnet conn-refused ") })
        #expect(lines.contains { $0.hasPrefix("4/tcp closed unknown conn-refused (icmp port-unreachable) ") })
        #expect(lines.contains { $0.hasPrefix("7/tcp filtered echo admin-prohibited ") })
        #expect(lines.last?.hasPrefix("netprobe done: 1 IP address (1 host up) scanned in ") == true)
        #expect(run.status == 0)
    }

    @Test(.needs(.namespaces)) func allLoopbackPortsAndFilesInEveryFormat() throws {
        let run = try script(
            """
            listen 22 4711 65535
            "$NETPROBE" scan localhost -n -Pn -sT -p- -oX out.xml -oG out.gnmap -oN out.nmap > /dev/null || exit $?
            "$NETPROBE" scan localhost -p - -oX - | python3 -c 'import sys, xml.etree.ElementTree as E
            root = E.parse(sys.stdin).getroot(); print(root.tag, root.get("scanner"), \
            [p.get("portid") for p in root.iter("port")], root.find("host/ports/extraports").get("count"))'
            grep -v "^#" out.gnmap; grep -c "^# netprobe" out.gnmap out.nmap; grep tcp out.nmap
            if command -v xmllint >/dev/null && [ -r /usr/share/nmap/nmap.dtd ]; \
            then xmllint --noout --dtdvalid /usr/share/nmap/nmap.dtd out.xml; fi
            if command -v ndiff >/dev/null; then ndiff out.xml out.xml >/dev/null || echo "ndiff cannot read it"; fi
            """)
        #expect(run.status == 0 && run.errors == "", "\(run.errors)")
        let lines = run.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "nmaprun nmap ['22', '4711', '65535'] 65532")
        #expect(lines.contains("Host: 127.0.0.1 (localhost)\tStatus: Up"))
        #expect(
            lines.contains(
                """
                Host: 127.0.0.1 (localhost)\tPorts: 22/open/tcp//ssh///, 4711/open/tcp//trinity-dist///, \
                65535/open/tcp//unknown///\tIgnored State: closed (65532)
                """
            ))
        #expect(lines.contains("out.gnmap:2") && lines.contains("out.nmap:2"))
        #expect(lines.contains("65535/tcp open  unknown"))
        #expect(!run.output.contains("ndiff"))
    }

    @Test(.needs(.namespaces)) func droppedPortsCostLittleAndHideNothing() throws {
        let run = try script(
            """
            rules <<< 'tcp dport { 22, 4711, 7777, 9999 } accept
            tcp dport 1-10000 drop'
            listen 22 4711 7777 9999
            "$NETPROBE" scan 127.0.0.1 -n -p 1-10000 --open --ndjson
            """)
        #expect(
            try findings(run.output) == [
                "22 open syn-ack", "4711 open syn-ack", "7777 open syn-ack", "9999 open syn-ack",
            ])
        #expect(run.output.contains(#""filtered":9996"#))
    }

    @Test(.needs(.namespaces)) func aSocketThatMetItselfIsClosed() throws {
        // So few ephemeral ports that they meet themselves again and again.
        let run = try script(
            """
            echo "40000 40019" > /proc/sys/net/ipv4/ip_local_port_range
            for i in $(seq 20); do "$NETPROBE" scan 127.0.0.1 -n -p 40000-40019 --ndjson | \
            grep -c '"state":"closed"'; done | sort -u
            """)
        #expect(run.output == "20\n", "\(run.output) \(run.errors)")
    }

    @Test(.needs(.namespaces)) func connectionsEndWithFINAndOnRequestWithRST() throws {
        for (option, expected) in [("", "resets 0"), ("--reset", "resets 1")] {
            let run = try script(
                """
                nft -f - <<'END' || exit 98
                table inet t {
                chain o {
                type filter hook output priority 0;
                tcp dport 2222 tcp flags & (rst) == rst counter
                }
                }
                END
                listen 2222
                "$NETPROBE" scan 127.0.0.1 -n -p 2222 --banner \(option) || exit $?
                sleep 0.2
                echo "resets $(nft list ruleset | grep -o 'packets [0-9]*' | cut -d' ' -f2)"
                ss -Htn state syn-recv | wc -l
                """, greeting: "hello there\\r\\n")
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.hasSuffix("\(expected)\n0\n"), "\(run.output)")
            #expect(run.output.contains("|_banner: hello there\n"))
        }
    }

    @Test(.needs(.namespaces)) func whatServicesSayIsMadePrintable() throws {
        let greeting = "\\x1b[31mred\\x00\\xff\"<&>\\\\end\\r\\n"
        let run = try script(
            #"""
            listen 2222 2223; "$NETPROBE" scan 127.0.0.1 -n -p 2222-2223 --banner -oX out.xml; \#
            python3 -c 'import xml.etree.ElementTree as E; \#
            print(repr([s.get("output") for s in E.parse("out.xml").iter("script")][0]))'; \#
            "$NETPROBE" scan 127.0.0.1 -n -p 2222 --banner --ndjson
            """#,
            greeting: greeting)
        #expect(run.status == 0, "\(run.errors)")
        #expect(!run.output.contains("\u{1B}"))
        #expect(run.output.contains(#"|_banner: \x1b[31mred\x00\xff"<&>\\end"#), "\(run.output)")
        #expect(run.output.contains(##"'\\x1b[31mred\\x00\\xff"<&>\\\\end'"##), "\(run.output)")
        #expect(run.output.contains(#""banner":"\u001b[31mred\u0000�\"<&>\\end\r\n""#), "\(run.output)")
    }

    @Test(.needs(.namespaces)) func controlCPrintsWhatIsKnown() throws {
        for (port, status) in [("22", 0), ("23", 2)] {
            let run = try script(
                """
                rules <<< 'tcp dport 100-30000 drop'
                listen \(port)
                "$NETPROBE" scan 127.0.0.1 -n -p 22,100-30000 --rate 500 -oX out.xml > out & pid=$!
                sleep 1; kill -INT $pid; wait $pid; status=$?
                cat out; python3 -c 'import xml.etree.ElementTree as E; \
                print(E.parse("out.xml").find("runstats/finished").get("exit"))'; exit $status
                """)
            #expect(run.status == status, "\(run.output) \(run.errors)")
            #expect(run.output.contains("22/tcp") && run.output.contains("Not known: "), "\(run.output)")
            #expect(run.output.hasSuffix("error\n"))
            #expect(
                run.errors.hasPrefix("netprobe: interrupted: ") && run.errors.split(separator: "\n").count == 1,
                "\(run.errors)")
        }
    }

    @Test func aSlipDoesNotScanACampus() throws {
        for (target, text) in [
            ("10.0.0.0/23", "512 addresses"), ("10.0.0.0/8", "16777216 addresses"),
            ("8.8.8.0/30", "8.8.8.0 to 8.8.8.3 are public"), ("2600::/100", "addresses"),
        ] {
            let run = try Netprobe.run("scan", target, "-p", "1", "-n")
            #expect(run.status == 2 && run.output == "", "\(target): \(run.output)")
            #expect(run.errors.contains(text) && run.errors.contains("--yes"), "\(run.errors)")
            #expect(run.errors.split(separator: "\n").count == 1)
        }
    }

    @Test(.needs(.namespaces)) func moreThan256AddressesWithYesAndFairToEach() throws {
        let run = try script(
            #"""
            listen 7; "$NETPROBE" scan 127.0.2.0/23 -n -p 7,9 --yes --ndjson | tail -1; \#
            "$NETPROBE" scan 127.0.0.1-127.0.0.3 127.0.1.4,6 -n -p 7 -oG - | grep -c Ports
            """#
        )
        #expect(
            run.output.hasPrefix(#"{"type":"scan","hosts":512,"up":512,"open":512,"#), "\(run.output) \(run.errors)")
        #expect(run.output.hasSuffix("\n5\n"), "\(run.output)")
    }

    @Test(.needs(.namespaces)) func whatCannotBeScannedIsToldAndTheRestIsScanned() throws {
        let run = try script(
            #"""
            listen 7
            printf '127.0.0.2 127.0.0.3 # one line\n\n  # nothing\n127.0.0.300\n' > targets
            "$NETPROBE" scan nosuch.invalid 127.0.0.1 -iL targets fe80::1%nosuch0 -n -p 7 --open; echo "status $?"
            echo 127.0.0.4 | "$NETPROBE" scan -iL - -n -p 7; echo "status $?"
            "$NETPROBE" scan nosuch.invalid -n -p 7; echo "status $?"
            "$NETPROBE" scan -iL /nonexistent -n -p 7; echo "status $?"
            "$NETPROBE" scan 127.0.0.1 -n -p 7 -oX /nonexistent/x.xml; echo "status $?"
            "$NETPROBE" scan ::1 -4 -n -p 7; echo "status $?"
            """#)
        let lines = run.output.split(separator: "\n").map(String.init)
        #expect(
            lines.filter { $0.hasPrefix("Scan report for") } == [2, 3, 1, 4].map { "Scan report for 127.0.0.\($0)" },
            "\(run.output)")
        #expect(
            lines.filter { $0.hasPrefix("status") } == [
                "status 2", "status 0", "status 2", "status 2", "status 2", "status 2",
            ])
        let errors = run.errors.split(separator: "\n").map(String.init)
        #expect(errors.count == 7, "\(run.errors)")
        for text in ["'nosuch.invalid'", "127.0.0.300", "nosuch0", "/nonexistent'", "/nonexistent/x.xml", "-4"] {
            #expect(errors.contains { $0.contains(text) }, "\(text) in \(run.errors)")
        }
    }

    @Test(.needs(.namespaces)) func statusSaysWhetherAnythingIsOpen() throws {
        let run = try script(
            #"""
            listen 7; "$NETPROBE" scan 127.0.0.1 -p 7 >/dev/null; echo $?; \#
            "$NETPROBE" scan 127.0.0.1 -p 8 --open; echo $?; "$NETPROBE" scan 10.1.2.3 -p 8 --reason -n; \#
            echo $?
            """#
        )
        #expect(run.output.hasPrefix("0\nnetprobe done: 1 IP address (1 host up)"), "\(run.output)")
        #expect(run.output.contains("seconds\n1\n") && run.output.contains("8/tcp filtered unknown net-unreach\n"))
        #expect(run.output.hasSuffix("\n1\n") && run.errors == "")
    }

    @Test(arguments: [
        ([], "Name a target"), (["127.0.0.1", "-p", "70000"], "-p:"),
        (["127.0.0.1", "-p", "1", "--top-ports", "5"], "exclude"), (["127.0.0.1", "--rate", "0"], "--rate"),
        (["127.0.0.1", "--retries", "-1"], "--retries"), (["127.0.0.1", "--timeout", "nan"], "--timeout"),
        (["127.0.0.1", "-oX", "-", "--ndjson"], "standard output"),
        (["127.0.0.1", "-p", "x\u{1B}[31m"], #"\x1b[31m"#), (["127.0.0.1", "--parallel", "0"], "--parallel"),
        (["127.0.0.1", "-4", "-6"], "exclude"),
    ])
    func wrongUsageIsTold(arguments: [String], message: String) throws {
        let run = try Netprobe.execute([Netprobe.path, "scan"] + arguments)
        #expect(run.status == 64, "\(run.output)")
        #expect(run.output == "" && run.errors.contains(message), "\(run.errors)")
    }

    @Test func anOrdinaryUserCanScan() throws {
        let run = try Netprobe.runAsOrdinaryUser("scan", "127.0.0.1", "-n", "-p", "1,2")
        #expect(run.status == 1 && run.errors == "", "\(run.errors)")
        #expect(run.output.contains("1/tcp closed tcpmux"))
    }

    @Test func helpExplains() throws {
        let run = try Netprobe.run("scan", "--help")
        for text in ["-iL", "-oX", "-Pn", "--top-ports", "Exit status", "--yes", "netprobe scan 127.0.0.1 -p-"] {
            #expect(run.output.contains(text), "\(text)")
        }
    }
}
