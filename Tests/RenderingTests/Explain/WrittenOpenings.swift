import Addressing
import Packets
import TestSupport

extension WrittenCapture {
    /// How connections come about, or do not.
    static let openings: [(name: String, make: @Sendable () -> WrittenCapture)] = [
        (
            "refused",
            {
                var s = WrittenCapture()
                s.client(0, .syn, seq: 0)
                s.server(0.1, [.rst, .ack], seq: 0, ack: 1)
                return s
            }
        ),
        (
            "unanswered",
            {
                var s = WrittenCapture()
                for time in [0, 1000, 3000, 7000] as [Double] { s.client(time, .syn, seq: 0) }
                return s
            }
        ),
        (
            "late-answer",
            {
                var s = WrittenCapture()
                s.client(0, .syn, seq: 0)
                s.client(1000, .syn, seq: 0)
                s.server(1010, [.syn, .ack], seq: 0, ack: 1)
                s.client(1020, .ack, seq: 1, ack: 1)
                return s
            }
        ),
        (
            "scanned",
            {
                var s = WrittenCapture()
                s.client(0, .syn, seq: 0)
                s.server(10, [.syn, .ack], seq: 0, ack: 1)
                s.client(20, .rst, seq: 1)
                return s
            }
        ),
        (
            "host-unreachable",
            {
                var s = WrittenCapture()
                s.client(0, .syn, seq: 0)
                s.add(5, unreachable(s.packets[0].bytes, code: 1))
                s.client(1000, .syn, seq: 0)
                s.add(1005, unreachable(s.packets[2].bytes, code: 1))
                return s
            }
        ),
        (
            "opened-at-once",
            {
                var s = WrittenCapture()
                s.client(0, .syn, seq: 0)
                s.server(1, .syn, seq: 0)
                s.client(2, [.syn, .ack], seq: 0, ack: 1)
                s.server(3, [.syn, .ack], seq: 0, ack: 1)
                s.client(4, .ack, seq: 1, ack: 1)
                s.farewell(50, client: 1)
                return s
            }
        ),
        (
            "begins-with-syn-ack",
            {
                var s = WrittenCapture()
                s.server(10, [.syn, .ack], seq: 0, ack: 1)
                s.client(20, .ack, seq: 1, ack: 1)
                s.farewell(50, client: 1)
                return s
            }
        ),
        (
            "syn-ack-not-heeded",
            {
                var s = WrittenCapture()
                s.client(0, .syn, seq: 0)
                s.server(1, [.syn, .ack], seq: 0, ack: 1)
                s.client(1000, .syn, seq: 0)
                s.server(1001, [.syn, .ack], seq: 0, ack: 1)
                s.client(1002, .ack, seq: 1, ack: 1)
                return s
            }
        ),
        (
            "fast-open",
            {
                var s = WrittenCapture()
                s.client(0, .syn, seq: 0, payload: [1, 2, 3])
                s.server(1, [.syn, .ack], seq: 0, ack: 4)
                s.server(2, [.psh, .ack], seq: 1, ack: 4, payload: [4, 5])
                s.client(3, .ack, seq: 4, ack: 3)
                return s
            }
        ),
        (
            "no-mss",
            {
                var s = WrittenCapture()
                s.add(0, TestPacket.tcp(client, server, .syn, seq: 7))
                s.add(
                    1,
                    TestPacket.tcp(server, client, [.syn, .ack], seq: 9, ack: 8, options: [.maximumSegmentSize(1460)]))
                s.add(1, TestPacket.tcp(client, server, .ack, seq: 8, ack: 10))
                s.add(1, TestPacket.tcp(client, server, [.psh, .ack], seq: 8, ack: 10, payload: [1]))
                s.add(1, TestPacket.tcp(client, server, [.psh, .ack], seq: 9, ack: 10, payload: [2]))
                return s
            }
        ),
        (
            "short-quote",
            {
                var s = WrittenCapture()
                s.client(0, .syn, seq: 0)
                s.add(5, unreachable(Array(s.packets[0].bytes[..<42]), code: 1))
                return s
            }
        ),
    ]
}
