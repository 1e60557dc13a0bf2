import Addressing
import Packets
import TestSupport

extension WrittenCapture {
    /// What becomes of data: lost, late, doubled, held up.
    static let transfers: [(name: String, make: @Sendable () -> WrittenCapture)] = [
        (
            "timeout",
            {
                var s = WrittenCapture()
                s.handshake()
                s.client(30, [.psh, .ack], seq: 1, ack: 1, payload: segment)
                s.client(260, [.psh, .ack], seq: 1, ack: 1, payload: segment)
                s.server(270, .ack, seq: 1, ack: 1001)
                s.farewell(300, client: 1001)
                return s
            }
        ),
        (
            "fast-retransmission",
            {
                var s = WrittenCapture()
                s.handshake()
                for index in 0..<5 as Range<UInt32> {
                    s.client(30 + Double(index), .ack, seq: 1 + 1000 * index, ack: 1, payload: segment)
                }
                s.server(40, .ack, seq: 1, ack: 1001)
                for time in [41, 42, 43] as [Double] { s.server(time, .ack, seq: 1, ack: 1001) }
                s.client(44, .ack, seq: 1001, ack: 1, payload: segment)
                s.server(54, .ack, seq: 1, ack: 5001)
                s.farewell(60, client: 5001)
                return s
            }
        ),
        (
            "out-of-order",
            {
                var s = WrittenCapture()
                s.handshake()
                s.client(30, .ack, seq: 1, ack: 1, payload: segment)
                s.client(31, .ack, seq: 2001, ack: 1, payload: segment)
                s.client(32, .ack, seq: 1001, ack: 1, payload: segment)
                s.server(42, .ack, seq: 1, ack: 3001)
                return s
            }
        ),
        (
            "closed-window",
            {
                var s = WrittenCapture()
                s.handshake()
                s.client(30, .ack, seq: 1, ack: 1, payload: segment)
                s.server(40, .ack, seq: 1, ack: 1001, window: 0)
                s.client(240, .ack, seq: 1001, ack: 1, payload: [0x61])
                s.server(250, .ack, seq: 1, ack: 1001, window: 0)
                s.server(900, .ack, seq: 1, ack: 1001, window: 500)
                s.client(901, .ack, seq: 1001, ack: 1, payload: segment)
                s.server(911, .ack, seq: 1, ack: 2001)
                return s
            }
        ),
        (
            "closed-window-linux",
            {
                var s = WrittenCapture()
                s.handshake()
                s.client(30, .ack, seq: 1, ack: 1, payload: segment)
                s.server(40, .ack, seq: 1, ack: 1001, window: 0)
                s.client(240, .ack, seq: 1000, ack: 1)
                s.server(250, .ack, seq: 1, ack: 1001, window: 0)
                s.server(900, [.rst, .ack], seq: 1, ack: 1001, window: 500)
                return s
            }
        ),
        (
            "gap",
            {
                var s = WrittenCapture()
                s.handshake()
                s.client(30, .ack, seq: 1, ack: 1, payload: segment)
                s.client(31, .ack, seq: 3001, ack: 1, payload: segment)
                s.server(41, .ack, seq: 1, ack: 4001)
                s.server(42, [.psh, .ack], seq: 1, ack: 6001, payload: [1])
                return s
            }
        ),
        (
            "spurious",
            {
                var s = WrittenCapture()
                s.handshake()
                s.client(30, [.psh, .ack], seq: 1, ack: 1, payload: segment)
                s.server(40, .ack, seq: 1, ack: 1001)
                s.client(250, [.psh, .ack], seq: 1, ack: 1, payload: segment)
                s.server(260, .ack, seq: 1, ack: 1001)
                return s
            }
        ),
        (
            "many-losses",
            {
                var s = WrittenCapture()
                s.handshake()
                for index in 0..<20 as Range<UInt32> {
                    let time = 100 + Double(index) * 1000
                    s.client(time, [.psh, .ack], seq: 1 + 1000 * index, ack: 1 + index, payload: segment)
                    s.client(time + 300, [.psh, .ack], seq: 1 + 1000 * index, ack: 1 + index, payload: segment)
                    s.server(time + 310, [.psh, .ack], seq: 1 + index, ack: 1001 + 1000 * index, payload: [0x6f])
                }
                return s
            }
        ),
        (
            "pipelined",
            {
                var s = WrittenCapture()
                s.handshake()
                s.client(30, [.psh, .ack], seq: 1, ack: 1, payload: [1, 2])
                s.server(40, [.psh, .ack], seq: 1, ack: 1, payload: [3, 4])
                s.client(50, [.psh, .ack], seq: 3, ack: 1, payload: [5, 6])
                s.server(60, .ack, seq: 3, ack: 5)
                s.client(70, .ack, seq: 5, ack: 3)
                return s
            }
        ),
        (
            "partly-repeated",
            {
                var s = WrittenCapture()
                s.handshake()
                s.client(30, [.psh, .ack], seq: 1, ack: 1, payload: [1, 2, 3, 4, 5, 6])
                s.client(250, [.psh, .ack], seq: 4, ack: 1, payload: [4, 5, 6, 7, 8, 9])
                return s
            }
        ),
        (
            "filled-in-part",
            {
                var s = WrittenCapture()
                s.handshake()
                s.client(30, .ack, seq: 1, ack: 1, payload: [UInt8](segment[..<100]))
                s.client(31, .ack, seq: 301, ack: 1, payload: [UInt8](segment[..<100]))
                s.server(41, .ack, seq: 1, ack: 101)
                // Old bytes, a gap of 200 bytes, old bytes, and 50 new ones.
                s.client(250, .ack, seq: 1, ack: 1, payload: [UInt8](segment[..<450]))
                s.server(260, .ack, seq: 1, ack: 451)
                return s
            }
        ),
        (
            "acknowledged-after-partly-new",
            {
                var s = WrittenCapture()
                s.handshake()
                s.client(30, [.psh, .ack], seq: 1, ack: 1, payload: [1, 2, 3, 4, 5, 6])
                s.client(250, [.psh, .ack], seq: 4, ack: 1, payload: [4, 5, 6, 7, 8, 9])
                s.server(260, .ack, seq: 1, ack: 10)
                s.farewell(300, client: 10)
                return s
            }
        ),
    ]
}
