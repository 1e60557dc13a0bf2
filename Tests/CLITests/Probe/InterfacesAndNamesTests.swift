import Foundation
import TestSupport
import Testing

@Suite(.needs(.namespaces), .serialized) struct InterfacesAndNamesTests {
    /// Down, without address, with many, point-to-point, at the end of a veth, with a long name, with labels.
    private let odd = """
        ip link add br0 type bridge; ip link set br0 up; ip addr add 10.1.2.3/24 brd + dev br0; \
        ip addr add 10.1.2.4/24 label br0:1 dev br0
        ip addr add 10.0.0.1 peer 10.0.0.2/32 dev br0
        ip link add veth0 type veth peer name veth1; ip link set veth0 up; ip link set veth1 master br0; \
        ip link set veth1 up
        ip link add averyverylong15 type bridge; ip addr add 100.64.1.1/10 dev averyverylong15
        ip tuntap add tun0 mode tun; ip addr add 10.9.0.1 peer 10.9.0.2 dev tun0; ip link set tun0 up
        ip link add many type bridge; ip link set many up
        for i in $(seq 1 50); do ip addr add 172.20.$i.1/24 dev many; ip addr add fd00::$i/64 dev many nodad; done
        ip link add link br0 name br0.100 type vlan id 100 2>/dev/null && ip addr add 192.0.2.1/24 dev br0.100 && \
        ip link set br0.100 up
        ip route add default via 10.1.2.254 metric 100; ip route add default via 10.1.2.253 metric 50
        unshare -n sleep 20 & sleep 0.3; ip link add vx type veth peer name vy netns $!
        # Until the addresses that the kernel makes itself are there.
        for i in $(seq 100); do ip -6 addr | grep -q tentative || break; sleep 0.05; done

        """

    @Test func briefIsWhatIpSays() throws {
        let run = try ProbeScript.run(
            odd + """
                for family in "" -4 -6; do "$NETPROBE" ifaces --br $family > ours; ip -br $family addr > theirs; \
                diff ours theirs || exit 9; done
                """)
        #expect(run.status == 0, "\(run.output)\(run.errors)")
    }

    @Test func interfacesAreExplained() throws {
        let run = try ProbeScript.run(
            odd + "ip link add $'b\\x1b[31m' type bridge; \"$NETPROBE\" ifaces --all; \"$NETPROBE\" ifaces --json")
        #expect(run.status == 0, "\(run.errors)")
        for text in [
            "inet  10.1.2.3/24  broadcast 10.1.2.255", "inet  10.1.2.4/24  label br0:1",
            "inet  10.0.0.1 peer 10.0.0.2/32", "carrier-grade NAT (100.64.0.0/10, RFC 6598)",
            "private (172.16.0.0/12, RFC 1918)", "point-to-point",
            "IPv4 default gateway: 10.1.2.253 on br0 (metric 50), then 10.1.2.254 on br0 (metric 100)",
            "IPv4 to the Internet: from 10.1.2.3 on br0", "b\\x1b[31m",
        ] { #expect(run.output.contains(text), "\(text) in \(run.output)") }
        #expect(!run.output.contains("\u{1b}"))
        let found = try ProbeScript.object(run)
        let interfaces = try #require(found["interfaces"] as? [[String: Any]])
        let many = try #require(interfaces.first { $0["name"] as? String == "many" })
        #expect((many["addresses"] as? [Any])?.count ?? 0 >= 100)
    }

    @Test func noAddressIsNo() throws {
        let run = try ProbeScript.run("ip link set lo down; ip addr flush dev lo; \"$NETPROBE\" ifaces --all")
        #expect(run.status == 1)
        #expect(run.output.contains("no address"))
    }

    /// A name server whose answers are hostile, one that is silent, and a hosts file with odd lines.
    private let server = """
        import socket, struct
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.1', 53)); open('up', 'w').write('1')
        def name(text): return b''.join(bytes([len(p)]) + p for p in text) + b'\\0'
        while True:
            q, peer = s.recvfrom(2048)
            end = q.index(b'\\0', 12) + 5
            asked, kind = q[12:end], struct.unpack('!H', q[end - 4:end - 2])[0]
            if b'silent' in asked: continue
            answers = b''
            if b'evil' in asked and kind == 1: answers = b'\\xc0\\x0c' + struct.pack('!HHIH', 1, 1, 60, \
        4) + bytes([192, 0, 2, 7])
            if b'evil' in asked and kind == 28: answers = b'\\xc0\\x0c' + struct.pack('!HHIH', 28, 1, 60, \
        16) + socket.inet_pton(socket.AF_INET6, '2001:db8::7')
            if kind == 12:
                target = name([b'\\x1b[31mred\\x07', b'evil'])
                answers = b'\\xc0\\x0c' + struct.pack('!HHIH', 12, 1, 60, len(target)) + target
            code = 0 if answers or b'nodata' in asked else 3
            s.sendto(q[:2] + struct.pack('!HHHHH', 0x8180 | code, 1, 1 if answers else 0, 0, 0) + asked + answers, peer)
        """

    private func resolve(_ script: String) throws -> Netprobe.Run {
        try ProbeScript.run(
            """
            mount --bind resolv.conf /etc/resolv.conf && mount --bind hosts /etc/hosts && \
            mount --bind nsswitch.conf /etc/nsswitch.conf || exit 97
            python3 server.py & ready up
            \(script)
            """, mounts: true,
            files: [
                "server.py": server, "resolv.conf": "nameserver 127.0.0.1\n", "nsswitch.conf": "hosts: files dns\n",
                "hosts": "127.0.0.1 localhost\n127.0.1.1 box.example box\n10.0.0.5 od\u{1b}[31md alias\u{7}\n",
            ])
    }

    @Test func bothCallsSideBySide() throws {
        let run = try resolve("\"$NETPROBE\" resolve evil.example; echo $?; \"$NETPROBE\" resolve box; echo $?")
        #expect(run.output.contains("192.0.2.7"))
        #expect(run.output.contains("2001:db8::7"), "\(run.output)")
        #expect(run.output.contains("gethostbyname knows IPv4 only: 1 IPv6 address"))
        #expect(run.output.contains("127.0.1.1: Debian and Ubuntu give"))
        #expect(run.output.contains("/etc/hosts line 2: 127.0.1.1 box.example box"))
        #expect(!run.output.contains("\u{1b}") && !run.output.contains("\u{7}"))
        #expect(run.output.components(separatedBy: "\n0\n").count == 3)
    }

    @Test func aShortNumberIsNoName() throws {
        let run = try resolve("\"$NETPROBE\" resolve 127.1; echo $?")
        #expect(
            run.output.contains("127.1 is taken for a number, not for a name (inet_aton)")
                && run.output.contains("So it is 127.0.0.1"), "\(run.output)")
        #expect(run.output.hasSuffix("\n0\n"))
    }

    @Test func hostileNamesAreEscaped() throws {
        let run = try resolve(
            "\"$NETPROBE\" resolve 10.0.0.5; \"$NETPROBE\" resolve 192.0.2.7; \"$NETPROBE\" resolve 10.0.0.5 --json")
        #expect(!run.output.contains("\u{1b}") && !run.output.contains("\u{7}"))
        #expect(run.output.contains("\\x1b[31md"), "\(run.output)")
    }

    @Test func theExitStatusTellsNoFromNobody() throws {
        let run = try resolve(
            """
            "$NETPROBE" resolve nosuch.example; echo $?
            "$NETPROBE" resolve nodata.example; echo $?
            start=$(date +%s%N); "$NETPROBE" resolve silent.example --timeout 0.5; echo $?
            [ $(( ($(date +%s%N) - start) / 1000000 )) -lt 3000 ] && echo soon
            """)
        #expect(run.output.contains("HOST_NOT_FOUND"))
        #expect(run.output.contains("NO_DATA") || run.output.contains("EAI_NODATA"), "\(run.output)")
        #expect(run.output.contains("no answer within 500.00 ms"), "\(run.output)")
        let statuses = run.output.split(separator: "\n").map(String.init).filter { $0.count == 1 }
        #expect(statuses == ["1", "1", "2"], "\(run.output)")
        #expect(run.output.hasSuffix("soon\n"))
    }
}
