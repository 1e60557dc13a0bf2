import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct ConnectSocketsMyIPTests {
    private let echo = """
        import socket, sys
        s = socket.socket(socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind((sys.argv[1], int(sys.argv[2]))); s.listen(7)
        open('up', 'w').write('1')
        while True:
            c, a = s.accept()
            with c:
                while d := c.recv(1024): c.sendall(d + b'\\x1b[31m')
        """

    @Test(.needs(.namespaces)) func everyAddressIsToldAndWhatComesBackIsEscaped() throws {
        let run = try ProbeScript.run(
            """
            mount --bind hosts /etc/hosts || exit 97
            python3 echo.py 127.0.0.1 7000 & ready up
            "$NETPROBE" connect both 7000 --send hello --read --handshake; echo $?
            "$NETPROBE" connect both 7001; echo $?
            "$NETPROBE" connect both 7000 --json --send x --read; echo $?
            """, mounts: true, files: ["echo.py": echo, "hosts": "::1 both\n127.0.0.1 both\n"])
        #expect(run.output.contains("both: 2 addresses to try"))
        #expect(run.output.contains("[::1]:7000      ECONNREFUSED after"), "\(run.output)")
        #expect(run.output.contains("127.0.0.1:7000  connected after"))
        #expect(run.output.contains("connected to 127.0.0.1:7000 from 127.0.0.1:"))
        #expect(run.output.contains("hello\\x1b[31m\n"))
        #expect(run.output.contains("the client's initial sequence number"), "\(run.errors)")
        #expect(run.output.contains("Agreed: window scaling yes"))
        #expect(!run.output.contains("\u{1b}"))
        #expect(run.output.contains("\n1\n") && run.output.hasSuffix("\n0\n"))
    }

    /// The server talks first and nobody reads it: all the same the connection ends with FIN on both sides.
    @Test(.needs(.namespaces)) func theEndIsAFINAndTheCardFitsIntoTheJSON() throws {
        let run = try ProbeScript.run(
            """
            python3 talk.py & ready up
            "$NETPROBE" connect 127.0.0.1 7000 --handshake | grep -c RST
            "$NETPROBE" connect 127.0.0.1 7000 --handshake --json
            """,
            files: [
                "talk.py": """
                import socket
                s = socket.socket(); s.bind(('127.0.0.1', 7000)); s.listen(7); open('up', 'w').write('1')
                while True:
                    c, a = s.accept()
                    with c:
                        c.sendall(b'welcome\\r\\n')
                        while c.recv(1024): pass
                """
            ])
        #expect(run.output.hasPrefix("0\n"), "\(run.output) \(run.errors)")
        let object = try ProbeScript.object(run)
        let card = try #require(object["handshake"] as? [String: Any], "\(run.output) \(run.errors)")
        #expect(card["complete"] as? Bool == true)
        #expect(card["client_isn"] is Int && card["server_isn"] is Int && card["rtt_ns"] is Int)
        #expect(card["first_to_close"] as? String == object["local"] as? String, "\(run.output)")
    }

    @Test(.needs(.namespaces)) func silenceEndsWithTheTimeout() throws {
        // A blackhole of its own: nothing answers, nobody refuses.
        let run = try ProbeScript.run(
            """
            ip link add br0 type bridge; ip link set br0 up; ip addr add 10.7.0.1/24 dev br0
            nft 'add table t; add chain t o { type filter hook output priority 0; }; \
            add rule t o ip daddr 10.7.0.9 drop'
            "$NETPROBE" connect 10.7.0.9 80 --timeout 0.6; echo $?
            "$NETPROBE" connect nosuch.invalid 80 --timeout 2; echo $?
            """)
        #expect(run.output.contains("no answer after 6"), "\(run.output)")
        #expect(run.output.hasSuffix("1\n2\n"), "\(run.output)")
        #expect(run.errors.split(separator: "\n").count == 1)
    }

    @Test(.needs(.namespaces, .program("ss"))) func socketsAreThoseOfSS() throws {
        let run = try ProbeScript.run(
            """
            python3 - <<'E' & ready up
            import socket, time
            keep = []
            for family, kind, address, backlog in [(2, 1, '127.0.0.1', 3), (2, 1, '0.0.0.0', 9), (10, 1, '::', 5), \
            (10, 1, '::1', 1), (2, 2, '127.0.0.1', 0), (10, 2, '::', 0)]:
                s = socket.socket(family, kind); s.bind((address, 0)); keep.append(s)
                if kind == 1: s.listen(backlog)
            only = socket.socket(10, 1); only.setsockopt(41, 26, 1); only.bind(('::', 0)); only.listen(2); \
            keep.append(only)
            c = socket.create_connection(keep[0].getsockname()); keep.append(c)
            u = socket.socket(2, 2); u.connect(('127.0.0.1', 9)); keep.append(u)
            open('up', 'w').write('1'); time.sleep(20)
            E
            "$NETPROBE" sockets --json > all; "$NETPROBE" sockets -tulnp > text
            COLUMNS=80 "$NETPROBE" sockets -tulnp > narrow
            ss -Htulnp > ss; ss -Htun state established > active
            python3 - <<'E'
            import json, re
            ours = set(); pids = {}
            for s in json.load(open('all'))['sockets']:
                if s['passive']:
                    address = s['local_address'] if s['transport'] == 'tcp' and s['family'] == 'ipv4' or s['family'] \
            == 'ipv4' else s['local_address']
                    ours.add((s['transport'], address, s['local_port'], s['receive_queue'], s['backlog'] or 0, \
            s['owners'][0]['pid']))
            theirs = set()
            for line in open('ss'):
                kind, state, rq, sq, local, peer, users = line.split(None, 6)
                address, port = local.rsplit(':', 1)
                address = address.strip('[]').replace('*', '::')
                theirs.add((kind, address, int(port), int(rq), int(sq), int(re.search(r'pid=(\\d+)', users).group(1))))
            assert ours == theirs, (ours ^ theirs)
            text = open('text').read()
            assert '(and IPv4)' in text and '(IPv6 only)' in text and 'this machine only' in text and 'everywhere' in \
            text, text
            assert '1 of 3' in text, text
            narrow = open('narrow').read()
            assert max(map(len, narrow.splitlines())) <= 80, narrow
            assert set(narrow.replace(';', ' ').split()) == set(text.replace(';', ' ').split()), narrow
            active = [s for s in json.load(open('all'))['sockets'] if not s['passive']]
            assert len(active) == len(open('active').readlines()), active
            print('same')
            E
            """)
        #expect(run.output == "same\n", "\(run.output)\(run.errors)")
    }

    @Test(.needs(.namespaces)) func noSocketsIsNo() throws {
        let run = try ProbeScript.run("\"$NETPROBE\" sockets")
        #expect(run.status == 1)
        #expect(run.errors.contains("no such sockets"))
    }

    /// STUN and HTTP in one helper: `stun PORT KIND`, where the answer is true, of a NAT, late, damaged or an error.
    private let providers = """
        import http.server, socket, struct, sys, threading, time
        def stun(port, kind, address='127.0.0.1'):
            s = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET, socket.SOCK_DGRAM); \
        s.bind((address, port))
            seen = 0
            while True:
                q, peer = s.recvfrom(2048); seen += 1
                if kind == 'late' and seen < 3: continue
                if kind == 'silent': continue
                cookie = q[4:8]; ip = socket.inet_pton(s.family, peer[0]); p = peer[1]
                if kind == 'nat': ip, p = bytes([203, 0, 113, 9]), 4242
                mask = cookie + q[8:20]
                value = struct.pack('!BBH', 0, 2 if s.family == socket.AF_INET6 else 1, \
        p ^ 0x2112) + bytes(a ^ b for a, b in zip(ip, mask))
                if kind == 'error': body, type = struct.pack('!HHHBB', 9, 8, 0, 5, 0) + b'\\x1b[3m', 0x111
                else: body, type = struct.pack('!HH', 0x20, len(value)) + value, 0x101
                s.sendto(struct.pack('!HH', type, len(body)) + q[4:20] + body, peer)
        class H(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def do_GET(self):
                body = {'/nat': b'203.0.113.9\\n', '/evil': b'\\x1b[31mred'}.get(self.path, \
        self.client_address[0].encode())
                if self.path == '/slow': time.sleep(20)
                self.send_response(200); self.send_header('Content-Length', str(len(body))); self.end_headers(); \
        self.wfile.write(body)
            def log_message(self, *a): pass
        for port, kind in ((3001, 'true'), (3002, 'nat'), (3003, 'late'), (3004, 'silent'), (3005, 'error')):
            threading.Thread(target=stun, args=(port, kind), daemon=True).start()
        threading.Thread(target=stun, args=(3001, 'true', '::1'), daemon=True).start()
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 3080), H)
        time.sleep(0.2); open('up', 'w').write('1'); server.serve_forever()
        """

    private func myip(_ arguments: String) throws -> Netprobe.Run {
        try ProbeScript.run(
            "python3 providers.py & ready up; \"$NETPROBE\" myip \(arguments)", files: ["providers.py": providers])
    }

    @Test(.needs(.namespaces)) func aNATIsSeenAndAgreementEnds() throws {
        let start = Date()
        let run = try myip(
            """
            --public --timeout 20 --stun 127.0.0.1:3002 --http http://127.0.0.1:3080/nat --http \
            http://127.0.0.1:3080/slow --stun 127.0.0.1:3004
            """
        )
        #expect(Date().timeIntervalSince(start) < 10)
        #expect(run.status == 0)
        #expect(run.output.contains("IPv4  203.0.113.9  2 providers agree; a NAT stands between"), "\(run.output)")
        #expect(run.output.contains("stun:127.0.0.1:3002  203.0.113.9:4242  from 127.0.0.1:"))
    }

    @Test(.needs(.namespaces)) func disagreementAndFailuresAreShown() throws {
        let run = try myip(
            """
            --public --timeout 1 --stun 127.0.0.1:3001 --stun 127.0.0.1:3002 --stun 127.0.0.1:3004 --stun \
            127.0.0.1:3005 --stun 127.0.0.1:3999 --http http://127.0.0.1:3080/evil
            """
        )
        #expect(run.status == 0)
        #expect(
            run.output.contains("one provider says so; no NAT between")
                || run.output.contains("one provider says so; a NAT stands between"), "\(run.output)")
        #expect(run.output.contains("others say "))
        #expect(run.output.contains("stun:127.0.0.1:3004  failed: no answer within the time allowed"))
        #expect(run.output.contains("failed: STUN error 500 \\x1b[3m"), "\(run.output)")
        #expect(run.output.contains("stun:127.0.0.1:3999  failed: ECONNREFUSED"))
        #expect(run.output.contains("failed: the answer is not an address: \\x1b[31mred"))
    }

    @Test(.needs(.namespaces)) func questionsAreRepeatedAndIPv6IsAsked() throws {
        // The third question leaves after 1.5 s (RFC 8489 section 6.2.1).
        let late = try myip("--public --timeout 5 --stun 127.0.0.1:3003")
        #expect(late.status == 0)
        #expect(late.output.contains("IPv4  127.0.0.1  one provider says so; no NAT"), "\(late.output)")
        let six = try myip("--public --timeout 2 --stun '[::1]:3001' --json")
        #expect(six.status == 0)
        #expect(six.output.contains("\"ipv6\":{\"address\":\"::1\",\"agreeing\":1,\"nat\":false"), "\(six.output)")
    }

    @Test(.needs(.namespaces)) func offlineEndsInTimeWithEveryFailure() throws {
        // Without any network, and with a resolver that never answers.
        let run = try ProbeScript.run(
            """
            mount --bind resolv.conf /etc/resolv.conf || exit 97
            python3 -c 'import socket, time
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 53)); \
            open("up", "w").write("1"); time.sleep(30)' & ready up
            start=$(date +%s%N); "$NETPROBE" myip --timeout 1 > out; echo $?; grep -c 'failed: no answer within' out; \
            grep -c '^      IPv[46]  ' out
            [ $(( ($(date +%s%N) - start) / 1000000 )) -lt 3000 ] && echo soon
            "$NETPROBE" myip --local > /dev/null; echo $?
            """, mounts: true, files: ["resolv.conf": "nameserver 127.0.0.1\n"])
        #expect(run.output == "1\n1\n12\nsoon\n1\n", "\(run.output)\(run.errors)")
    }

    @Test(.needs(.namespaces, .program("turnserver"))) func turnserverAnswersToo() throws {
        let run = try ProbeScript.run(
            """
            turnserver -n --listening-ip 127.0.0.1 -p 3478 --no-tls --no-dtls --no-auth -S --log-file stdout > log \
            2>&1 &
            for i in $(seq 50); do "$NETPROBE" myip --public --stun 127.0.0.1 --timeout 0.3 > out && break; \
            sleep 0.1; done; cat out
            """)
        #expect(
            run.output.contains("IPv4  127.0.0.1  one provider says so; no NAT between"), "\(run.output)\(run.errors)")
    }

    /// A client behind a router with a real NAT, coturn beyond it, over both families: IPv6 has none.
    @Test(.needs(.namespaces, .program("turnserver"))) func aRealNATIsSeenByTurnserver() throws {
        let run = try ProbeScript.run(
            """
            unshare -n sleep 30 & router=$!; unshare -n sleep 30 & far=$!; sleep 0.3
            ip link add v1 type veth peer name v2 netns $router
            nsenter -t $router -n ip link add v3 type veth peer name v4 netns $far
            ip addr add 10.1.0.1/24 dev v1; ip -6 addr add fd00:1::1/64 dev v1 nodad; ip link set v1 up
            ip route add default via 10.1.0.2; ip -6 route add default via fd00:1::2
            nsenter -t $router -n sh -c 'ip addr add 10.1.0.2/24 dev v2; ip addr add 203.0.113.2/24 dev v3; \
            ip -6 addr add fd00:1::2/64 dev v2 nodad; ip -6 addr add fd00:2::2/64 dev v3 nodad
              ip link set v2 up; ip link set v3 up; echo 1 > /proc/sys/net/ipv4/ip_forward; \
            echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
              nft "add table ip t; add chain ip t p { type nat hook postrouting priority 100; }; \
            add rule ip t p oifname v3 masquerade"'
            nsenter -t $far -n sh -c 'ip link set lo up; ip addr add 203.0.113.9/24 dev v4; \
            ip -6 addr add fd00:2::9/64 dev v4 nodad; ip link set v4 up; ip -6 route add default via fd00:2::2'
            nsenter -t $far -n turnserver -n --listening-ip 203.0.113.9 --listening-ip fd00:2::9 -p 3478 --no-tls \
            --no-dtls --no-auth -S --log-file stdout > log 2>&1 &
            for i in $(seq 50); do "$NETPROBE" myip --public --stun 203.0.113.9 --stun '[fd00:2::9]:3478' --timeout \
            0.5 > out && ! grep -q unknown out && break; sleep 0.1; done; cat out
            """, mounts: true)
        #expect(
            run.output.contains("IPv4  203.0.113.2  one provider says so; a NAT stands between"),
            "\(run.output)\(run.errors)")
        #expect(
            run.output.contains("IPv6  fd00:1::1  one provider says so; no NAT between"), "\(run.output)\(run.errors)")
    }

    @Test(arguments: [
        "--http https://x/", "--http ftp://x", "--stun :5", "--local --public", "--local --stun x", "--timeout 0",
    ])
    func wrongUsage(arguments: String) throws {
        let run = try Netprobe.execute([Netprobe.path, "myip"] + arguments.split(separator: " ").map(String.init))
        #expect(run.status == 64)
    }
}
