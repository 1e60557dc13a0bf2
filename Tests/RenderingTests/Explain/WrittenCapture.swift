import Addressing
import Capture
import Conversations
import Diagnosis
import Packets
import Rendering
import TestSupport
import Testing

/// A capture written down packet by packet, with what the commands make of it.
struct WrittenCapture {
    static let client = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0001)), 40000)
    static let server = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0002)), 7007)
    static let clientISN: UInt32 = 0xffff_fa00  // wraps in the second segment of data
    static let serverISN: UInt32 = 5000
    static let segment = [UInt8](repeating: 0x61, count: 1000)

    private var traffic = TestTraffic()
    private let offer: [TCPOptions.Option] = [.maximumSegmentSize(1460), .sackPermitted, .noOperation, .windowScale(7)]

    mutating func add(_ milliseconds: Double, _ bytes: [UInt8]) {
        traffic.add(at: TestClock.at(Int64(milliseconds * 1000)), bytes)
    }

    /// Puts a packet behind another, at the same time and with a number of its own: the others keep theirs.
    mutating func insert(_ bytes: [UInt8], number: Int, behind other: Int) {
        traffic.insert(bytes, number: number, behind: other)
    }

    /// What was written so far.
    var packets: [CapturedRecord] { traffic.records }

    /// A segment from the client; numbers are relative.
    mutating func client(
        _ milliseconds: Double, _ flags: TCPFlags, seq: UInt32, ack: UInt32 = 0, payload: [UInt8] = [],
        window: UInt16 = 500
    ) {
        let options = flags.contains(.syn) ? offer : []
        add(
            milliseconds,
            TestPacket.tcp(
                Self.client, Self.server, flags, seq: Self.clientISN &+ seq,
                ack: flags.contains(.ack) ? Self.serverISN &+ ack : 0, payload: payload,
                window: window, options: options))
    }

    mutating func server(
        _ milliseconds: Double, _ flags: TCPFlags, seq: UInt32, ack: UInt32 = 0, payload: [UInt8] = [],
        window: UInt16 = 500
    ) {
        let options = flags.contains(.syn) ? offer : []
        add(
            milliseconds,
            TestPacket.tcp(
                Self.server, Self.client, flags, seq: Self.serverISN &+ seq,
                ack: flags.contains(.ack) ? Self.clientISN &+ ack : 0, payload: payload,
                window: window, options: options))
    }

    mutating func handshake() {
        client(0, .syn, seq: 0)
        server(10, [.syn, .ack], seq: 0, ack: 1)
        client(20, .ack, seq: 1, ack: 1)
    }

    mutating func farewell(_ start: Double, client sent: UInt32, server answered: UInt32 = 1) {
        client(start, [.fin, .ack], seq: sent, ack: answered)
        server(start + 10, [.fin, .ack], seq: answered, ack: sent + 1)
        client(start + 20, .ack, seq: sent + 1, ack: answered + 1)
    }

    /// Hands out every packet as the commands get it from a file.
    func read(_ body: (RawSpan, borrowing Dissection, borrowing PacketFacts) -> Void) {
        traffic.read(body)
    }

    var stories: [Story] {
        var book = StoryBook()
        read { book.take($0, $1, $2) }
        return book.stories
    }

    func explained(columns: Int? = nil) -> String {
        rendered { out in for story in stories { StoryText(columns: columns).write(story, to: &out) } }
    }
}

extension WrittenCapture {
    static let all: [(name: String, make: @Sendable () -> WrittenCapture)] = [
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
            "middle",
            {
                var s = WrittenCapture()
                s.server(0, [.psh, .ack], seq: 70_000, ack: 100, payload: segment)
                s.client(1, .ack, seq: 100, ack: 71_000)
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

    /// An ICMP "unreachable" of the server that quotes a packet of the client's.
    private static func unreachable(_ packet: [UInt8], code: UInt8 = 3) -> [UInt8] {
        let quote = Array(packet[14...])
        guard case .v4(let from) = server.address, case .v4(let to) = client.address else { return [] }
        let message: [UInt8] = [3, code, 0, 0, 0, 0, 0, 0] + quote
        let header = IPv4Header(
            totalLength: UInt16(20 + message.count), protocolNumber: IPProtocol(rawValue: 1), source: from,
            destination: to)
        return Array(packet[..<14]) + header.encoded() + message
    }
}
