import Addressing
import Packets
import TestSupport

extension WrittenCapture {
    /// How connections end, wait or were seen in part; and datagrams.
    static let endings: [(name: String, make: @Sendable () -> WrittenCapture)] = [
        (
            "keep-alive-unanswered",
            {
                var s = WrittenCapture()
                s.handshake()
                s.client(30, [.psh, .ack], seq: 1, ack: 1, payload: segment)
                s.server(40, .ack, seq: 1, ack: 1001)
                for time in [10_000, 20_000] as [Double] { s.client(time, .ack, seq: 1000, ack: 1) }
                return s
            }
        ),
        (
            "keep-alive",
            {
                var s = WrittenCapture()
                s.handshake()
                s.client(30, [.psh, .ack], seq: 1, ack: 1, payload: segment)
                s.server(40, .ack, seq: 1, ack: 1001)
                for time in [10_000, 20_000] as [Double] {
                    s.client(time, .ack, seq: 1000, ack: 1)
                    s.server(time + 10, .ack, seq: 1, ack: 1001)
                }
                return s
            }
        ),
        (
            "reset-after-half-close",
            {
                var s = WrittenCapture()
                s.handshake()
                s.server(30, [.fin, .ack], seq: 1, ack: 1)
                s.client(40, .ack, seq: 1, ack: 2)
                s.client(41, [.psh, .ack], seq: 1, ack: 2, payload: segment)
                s.server(51, .ack, seq: 2, ack: 1001)
                s.server(90, [.rst, .ack], seq: 2, ack: 1001)
                return s
            }
        ),
        (
            "reset-after-close",
            {
                var s = WrittenCapture()
                s.handshake()
                s.server(30, [.fin, .ack], seq: 1, ack: 1)
                s.client(31, .ack, seq: 1, ack: 2)
                s.client(50, [.psh, .ack], seq: 1, ack: 2, payload: segment)
                s.server(60, .rst, seq: 2)
                return s
            }
        ),
        (
            "aborted",
            {
                var s = WrittenCapture()
                s.handshake()
                s.client(30, [.psh, .ack], seq: 1, ack: 1, payload: segment)
                s.server(31, [.rst, .ack], seq: 1, ack: 1)
                return s
            }
        ),
        (
            "middle",
            {
                var s = WrittenCapture()
                s.server(0, [.psh, .ack], seq: 70_000, ack: 100, payload: segment)
                s.client(1, .ack, seq: 100, ack: 71_000)
                return s
            }
        ),
        (
            "keep-alive-window-update",
            {
                var s = WrittenCapture()
                s.handshake()
                s.client(1000, .ack, seq: 0, ack: 1)
                s.server(1000.1, .ack, seq: 1, ack: 1, window: 511)
                s.client(2000, .ack, seq: 0, ack: 1)
                s.client(3000, [.rst, .ack], seq: 1, ack: 1)
                return s
            }
        ),
        (
            "joined-late",
            {
                var s = WrittenCapture()
                // The first segment seen had overtaken the one before it.
                s.client(0, .ack, seq: 2001, ack: 1, payload: segment)
                s.client(1, .ack, seq: 1001, ack: 1, payload: segment)
                s.server(11, .ack, seq: 1, ack: 3001)
                s.client(300, .ack, seq: 1001, ack: 1, payload: segment)
                s.server(310, .ack, seq: 1, ack: 3001)
                return s
            }
        ),
        (
            "datagrams",
            {
                var s = WrittenCapture()
                let dns = Endpoint(server.address, 53)
                let question: [UInt8] =
                    [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7] + Array("example".utf8) + [3] + Array("com".utf8) + [
                        0, 0, 1, 0, 1,
                    ]
                var answer = question
                answer[2] = 0x81
                answer[3] = 0x80
                answer[7] = 1
                answer += [0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 0, 0, 4, 93, 184, 215, 14]
                s.add(0, TestPacket.udp(client, dns, payload: question))
                s.add(12, TestPacket.udp(dns, client, payload: answer))
                s.add(20, TestPacket.udp(client, server, payload: [1, 2, 3]))
                let quoted = TestPacket.udp(client, server, payload: [1, 2, 3])
                s.add(20.1, unreachable(quoted))
                s.add(30, TestPacket.udp(client, Endpoint(.v4(IPv4Address(rawValue: 0xe000_00fb)), 5000), payload: [1]))
                s.add(40, TestPacket.udp(client, Endpoint(server.address, 5001), payload: [1]))
                s.add(41, TestPacket.udp(client, Endpoint(server.address, 5001), payload: [2]))
                return s
            }
        ),
    ]
}
