import Foundation
import TestSupport
import Testing

/// The real ping-udp against Python servers that do a known amount of harm.
@Suite(.needs(.namespaces), .serialized) struct PingUDPTests {
    /// Loses, doubles, swaps and damages by sequence number; writes what it did to `counts`.
    private let harm = """
        import json, socket, struct, sys
        lost, twice, swapped, damaged = (int(x) for x in sys.argv[2:6])
        family = socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET
        s = socket.socket(family, socket.SOCK_DGRAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        s.bind((sys.argv[1], 65432))
        open('up', 'w').write('1')
        done = dict(lost=0, duplicated=0, reordered=0, corrupted=0)
        held = None
        while True:
            data, peer = s.recvfrom(65535)
            number = struct.unpack('!I', data[:4])[0]
            if lost and number % lost == 0:
                done['lost'] += 1
            elif swapped and number % swapped == 0 and held is None:
                held = data
                continue
            elif damaged and number % damaged == 0:
                done['corrupted'] += 1
                place = number % len(data)
                s.sendto(data[:place] + bytes([data[place] ^ 1 << number % 8]) + data[place + 1:], peer)
                if held is not None: done['reordered'] += 1
            else:
                s.sendto(data, peer)
                if twice and number % twice == 0:
                    done['duplicated'] += 1
                    s.sendto(data, peer)
                if held is not None: done['reordered'] += 1
            if held is not None and not (lost and number % lost == 0):
                s.sendto(held, peer)
                held = None
            open('counts', 'w').write(json.dumps(done))
        """

    private func check(_ arguments: String, harm: String, address: String = "127.0.0.1") throws {
        let run = try ProbeScript.run(
            """
            python3 harm.py \(address) \(harm) & ready up
            "$NETPROBE" ping-udp \(address) \(arguments) --ndjson -q || exit 98
            sleep 0.1; cat counts
            """, files: ["harm.py": self.harm])
        #expect(run.status == 0, "\(run.errors)")
        let lines = run.output.split(separator: "\n")
        let objects = try lines.suffix(2).map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(objects.count == 2)
        guard objects.count == 2 else { return }
        for name in ["lost", "duplicated", "reordered", "corrupted"] {
            #expect(objects[0][name] as? Int == objects[1][name] as? Int, "\(name): \(run.output)")
        }
    }

    @Test func everyHarmIsCountedExactly() throws { try check("-c 600 -i 0.001", harm: "7 11 17 13") }
    @Test func alsoOverIPv6AndWithLargeRequests() throws {
        try check("-c 300 -i 0.002 -s 1400", harm: "9 5 0 4", address: "::1")
    }
    @Test func alsoInAFlood() throws { try check("-f -c 2000 -s 24", harm: "100 7 0 13") }

    @Test func refusedAndSilentAreTwoThings() throws {
        let refused = try ProbeScript.run("\"$NETPROBE\" ping-udp 127.0.0.1 -c 2 -i 0.01")
        #expect(refused.status == 1)
        #expect(refused.output.contains("From 127.0.0.1: seq=1 port unreachable"))
        #expect(
            refused.errors.contains("nobody listens on udp/65432: start one with `netprobe serve udp-echo`"),
            "\(refused.errors)")
        let silent = try ProbeScript.run(
            """
            python3 -c 'import socket, time
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 65432)); \
            open("up", "w").write("1"); time.sleep(20)' & ready up
            "$NETPROBE" ping-udp 127.0.0.1 -c 2 -i 0.01 -W 0.2 -O
            """)
        #expect(silent.status == 1)
        #expect(silent.output.contains("no answer yet for seq=1"))
        #expect(silent.output.contains("2 sent, 0 received, 2 lost (100 %)"))
        #expect(!silent.output.contains("unreachable"))
        #expect(silent.errors.contains("no answer at all"))
    }

    @Test func aFloodDoesNotHammerWhoRefuses() throws {
        let run = try ProbeScript.run("\"$NETPROBE\" ping-udp 127.0.0.1 -f -w 0.5 --ndjson -q")
        #expect(run.status == 1)
        let figures = try ProbeScript.object(run)
        let sent = try #require(figures["sent"] as? Int, "\(run.output)")
        // Every 10 ms.
        #expect((1...51).contains(sent), "\(run.output)")
        #expect(figures["undeliverable"] as? Int == sent)
    }

    @Test func sizesAreExplained() throws {
        let run = try ProbeScript.run(
            """
            python3 -c 'import socket
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 65432)); \
            open("up", "w").write("1")
            while True:
                data, peer = s.recvfrom(4096); s.sendto(data, peer)' & ready up
            "$NETPROBE" ping-udp 127.0.0.1 -c 1 -s 65508 > /dev/null; echo $?
            "$NETPROBE" ping-udp 127.0.0.1 -c 1 -s 65507; echo $?
            """)
        #expect(
            run.errors.contains("EMSGSIZE: 65508 bytes do not fit into one datagram; the most is 65507"),
            "\(run.errors)")
        #expect(run.output.hasPrefix("2\n"))
        #expect(run.output.contains("CORRUPTED: cut after 4096 of 65507 bytes"), "\(run.output)")
        #expect(run.output.hasSuffix("0\n"))
    }

    @Test func linkLocalAddressesNeedAndTakeTheirInterface() throws {
        let run = try ProbeScript.run(
            """
            ip link add br0 type bridge; ip link set br0 up; ip -6 addr add fe80::77/64 dev br0 nodad; \
            ip addr add 10.7.0.1/24 dev br0
            python3 -c 'import socket
            s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); s.bind(("::", 65432)); open("up", "w").write("1")
            while True:
                data, peer = s.recvfrom(4096); s.sendto(data, peer)' & ready up
            "$NETPROBE" ping-udp fe80::77%br0 -c 1 -q || exit 1
            "$NETPROBE" ping-udp fe80::77 -I br0 -c 1 -q || exit 2
            "$NETPROBE" ping-udp 127.0.0.1 -I 127.0.0.1 -c 1 -q || exit 3
            "$NETPROBE" ping-udp fe80::77 -c 1 -q
            """)
        #expect(run.status == 2, "\(run.errors)")
        #expect(run.errors.contains("a link-local address needs its interface"), "\(run.errors)")
        #expect(run.output.components(separatedBy: "1 received").count == 4, "\(run.output)")
    }

    @Test func signalsAndDeadlines() throws {
        let run = try ProbeScript.run(
            """
            python3 harm.py 127.0.0.1 0 0 0 0 & ready up
            "$NETPROBE" ping-udp 127.0.0.1 -i 0.01 -q > out & pid=$!
            sleep 0.5; kill -QUIT $pid; sleep 0.3; kill -INT $pid; wait $pid; echo $?
            grep -c ' sent, ' out
            "$NETPROBE" ping-udp 127.0.0.1 -i 0.05 -w 0.4 -q > /dev/null; echo $?
            """, files: ["harm.py": harm])
        #expect(run.output == "0\n2\n0\n", "\(run.output) \(run.errors)")
    }

    @Test func pathMTUByWhatRoutersSay() throws {
        // Two hosts and a router between; the second link takes 1300 bytes.
        let run = try ProbeScript.run(
            """
            unshare -n sleep 30 & router=$!; unshare -n sleep 30 & far=$!; sleep 0.3
            ip link add v1 type veth peer name v2 netns $router
            nsenter -t $router -n ip link add v3 type veth peer name v4 netns $far
            ip addr add 10.1.0.1/24 dev v1; ip link set v1 up; ip route add default via 10.1.0.2
            nsenter -t $router -n sh -c 'ip addr add 10.1.0.2/24 dev v2; ip addr add 10.2.0.2/24 dev v3; \
            ip link set v2 up; ip link set v3 up mtu 1300; echo 1 > /proc/sys/net/ipv4/ip_forward'
            nsenter -t $far -n sh -c 'ip addr add 10.2.0.1/24 dev v4; ip link set v4 up mtu 1300; \
            ip route add default via 10.2.0.2'
            nsenter -t $far -n python3 -c 'import socket
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("10.2.0.1", 65432)); \
            open("up", "w").write("1")
            while True:
                data, peer = s.recvfrom(65535); s.sendto(data, peer)' & ready up
            "$NETPROBE" ping-udp 10.2.0.1 --mtu || exit 1
            ip route flush cache
            # From now on the router keeps silent: the path is a black hole for what is too long.
            nsenter -t $router -n nft 'add table t; add chain t o { type filter hook output priority 0; }; \
            add rule t o icmp type destination-unreachable drop'
            "$NETPROBE" ping-udp 10.2.0.1 --mtu --ndjson
            """, mounts: true)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.output.contains(
                "path MTU to 10.2.0.1 (10.2.0.1): 1300 bytes = 20 IP header + 8 UDP header + 1272 payload"),
            "\(run.output)")
        #expect(run.output.contains("10.1.0.2 says: 1300 fit through here"), "\(run.output)")
        let found = try ProbeScript.object(run)
        #expect(found["mtu"] as? Int == 1300, "\(run.output)")
        #expect(found["black_hole"] as? Bool == true, "\(run.output)")
    }
}
