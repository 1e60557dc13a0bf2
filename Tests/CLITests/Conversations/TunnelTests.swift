import Addressing
import Packets
import TestSupport
import Testing

/// Conversations inside of tunnels are opened by the number that `flows` lists.
@Suite struct TunnelTests {
    private static let client = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0001)), 40000)
    private static let server = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0002)), 7007)
    private static let other = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0003)), 41000)
    private static let resolver = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0009)), 5300)
    private static let ends = (
        Endpoint(.v4(IPv4Address(rawValue: 0xc0a8_0001)), 50000), Endpoint(.v4(IPv4Address(rawValue: 0xc0a8_0002)), 0)
    )

    enum Tunnel: CaseIterable {
        case vxlan, gtp

        func carry(_ frame: [UInt8]) -> [UInt8] {
            let (near, far) = TunnelTests.ends
            switch self {
            // RFC 7348 section 5: flags, the network's number, a frame.
            case .vxlan:
                return TestPacket.udp(near, Endpoint(far.address, 4789), payload: [8, 0, 0, 0, 0, 0, 7, 0] + frame)
            // 3GPP TS 29.281: version 1, G-PDU, length, tunnel, an IP packet.
            case .gtp:
                let packet = frame.dropFirst(14)
                return TestPacket.udp(
                    near, Endpoint(far.address, 2152),
                    payload: [0x30, 255, UInt8(packet.count >> 8), UInt8(packet.count & 255), 0, 0, 0, 1] + packet)
            }
        }
    }

    private func capture(_ tunnel: Tunnel, in folder: TemporaryFolder) throws -> String {
        let (client, server, other) = (Self.client, Self.server, Self.other)
        let lost = TestPacket.tcp(other, server, .syn, seq: 7)
        let packets = [
            TestPacket.tcp(client, server, .syn, seq: 100),
            TestPacket.tcp(server, client, [.syn, .ack], seq: 500, ack: 101),
            lost,
            TestPacket.unreachable(
                code: 1, from: IPv4Address(rawValue: 0x0a00_00fe), to: IPv4Address(rawValue: 0x0a00_0003), about: lost),
            TestPacket.tcp(client, server, .ack, seq: 101, ack: 501),
            TestPacket.tcp(client, server, [.psh, .ack], seq: 101, ack: 501, payload: Array("hello".utf8)),
            TestPacket.tcp(server, client, .ack, seq: 501, ack: 106),
            TestPacket.udp(client, Self.resolver, payload: Array("question".utf8)),
            TestPacket.udp(Self.resolver, client, payload: Array("answer".utf8)),
        ]
        return try TestCapture.pcap(packets.map(tunnel.carry), in: folder)
    }

    @Test(arguments: Tunnel.allCases) func everyCommandOpensThem(tunnel: Tunnel) throws {
        let folder = try TemporaryFolder()
        let file = try capture(tunnel, in: folder)
        func output(_ arguments: String...) throws -> String {
            let run = try Netprobe.execute([Netprobe.path] + arguments)
            #expect(run.status == 0, "\(arguments): \(run.errors)")
            return run.output
        }
        let flows = try output("flows", file)
        #expect(flows.contains("192.168.0.1:50000"))
        #expect(flows.contains("10.0.0.1:40000 ") && flows.contains("10.0.0.3:41000 "), "\(flows)")
        #expect(
            try output("follow", file, "0") == "tcp.stream 0: client 10.0.0.1:40000 → server 10.0.0.2:7007\n→ hello\n")
        #expect(try output("follow", file, "udp:1").contains("→ question\n← answer\n"))
        #expect(try output("follow", file, "udp:0", "--raw").contains("hello"))
        #expect(
            try output("explain", "--stream", "0", file).contains(
                "packet 6: The client sent 5 bytes. Packet 7 acknowledged it"))
        #expect(
            try output("explain", "--stream", "1", file).contains(
                "packet 4: An ICMP error about the client's SYN (packet 3) came from 10.0.0.254"))
        #expect(try output("ladder", "--stream", "0", file).contains("PSH+ACK seq 1 ack 1 len 5"))
        let whole = try output("ladder", file)
        #expect(whole.contains("10.0.0.1:40000") && whole.contains("192.168.0.1:50000"))
        let cards = try output("handshakes", file)
        #expect(
            cards.contains("tcp.stream 0: 10.0.0.1:40000 → 10.0.0.2:7007") && cards.contains("host unreachable"),
            "\(cards)")
        let stats = try output("stats", "--stream", "0", file)
        #expect(stats.contains("tcp.stream 0"), "\(stats)")
        #expect(stats.contains("2 requests, 1 answered"), "\(stats)")
        #expect(try output("report", file, "-o", "-").contains("tcp.stream 1"))
    }
}
