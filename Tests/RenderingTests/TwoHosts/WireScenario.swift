import Addressing
import Conversations
import Packets
import Sockets
import TestSupport
import Timeline

/// A conversation between two hosts, made up packet by packet: when each left and when its copies arrived, in
/// milliseconds.
struct WireScenario {
    static let client = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0001)), 40000)
    static let server = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0002)), 7000)

    private var records: [(milliseconds: Int64, interface: Int, bytes: [UInt8])] = []
    private var identification: UInt16 = 0
    var calls: [SocketCall] = []

    /// A super-segment that leaves the client whole, and arrives as the segments that its card made of it.
    mutating func cut(_ left: Int64, arrives: [Int64], seq: UInt32, ack: UInt32, pieces: [Int]) {
        func segment(_ start: Int, _ count: Int) -> [UInt8] {
            TestPacket.tcp(
                Self.client, Self.server, .ack, seq: seq + UInt32(start), ack: ack,
                payload: [UInt8](repeating: 0x78, count: count), window: 500)
        }
        records.append((left, 0, segment(0, pieces.reduce(0, +))))
        var start = 0
        for (time, count) in zip(arrives, pieces) {
            records.append((time, 1, segment(start, count)))
            start += count
        }
    }

    /// A segment with the next identification, so that it can be told from the same one sent again.
    mutating func tcp(
        _ left: Int64, arrives: [Int64], fromClient: Bool, _ flags: TCPFlags, seq: UInt32, ack: UInt32 = 0,
        bytes: Int = 0,
        options: [TCPOptions.Option] = []
    ) {
        let payload = [UInt8](repeating: 0x78, count: bytes)
        let (from, to) = fromClient ? (Self.client, Self.server) : (Self.server, Self.client)
        add(
            TestPacket.tcp(from, to, flags, seq: seq, ack: ack, payload: payload, window: 500, options: options), left,
            arrives, fromClient)
    }

    mutating func udp(_ left: Int64, arrives: [Int64], fromClient: Bool, _ text: String) {
        let (from, to) = fromClient ? (Self.client, Self.server) : (Self.server, Self.client)
        add(TestPacket.udp(from, to, payload: Array(text.utf8)), left, arrives, fromClient)
    }

    /// The ICMP error with which the server's host, or a router between, answers a datagram of the client's.
    mutating func refusal(_ left: Int64?, arrives: Int64?, about text: String) {
        guard case .v4(let client) = Self.client.address, case .v4(let server) = Self.server.address else { return }
        let datagram = TestPacket.udp(Self.client, Self.server, payload: Array(text.utf8))
        let bytes = TestPacket.unreachable(code: 3, from: server, to: client, about: datagram)
        if let left { records.append((left, 1, bytes)) }
        if let arrives { records.append((arrives, 0, bytes)) }
    }

    private mutating func add(_ packet: [UInt8], _ left: Int64, _ arrives: [Int64], _ fromClient: Bool) {
        var bytes = packet
        identification += 1
        (bytes[18], bytes[19]) = (UInt8(identification >> 8), UInt8(identification & 255))
        records.append((left, fromClient ? 0 : 1, bytes))
        for time in arrives { records.append((time, fromClient ? 1 : 0, bytes)) }
    }

    /// - Parameters:
    ///   - notes: what the wire says of packets, by their numbers in the order of time.
    ///   - isOneRecording: whether both hosts' packets were numbered together, and timed by one clock.
    func scene(
        notes: [Int: [String]] = [:], showing shown: Set<Int>? = nil, isOneRecording: Bool = true
    ) -> Scene? {
        var places = [SightingCollector(seed: 1), SightingCollector(seed: 1)]
        var traffic = TestTraffic()
        let ordered = records.enumerated().sorted {
            ($0.element.milliseconds, $0.offset) < ($1.element.milliseconds, $1.offset)
        }.map(\.element)
        for record in ordered {
            traffic.add(
                at: TestClock.at(record.milliseconds * 1000), record.bytes, interface: record.interface)
        }
        traffic.read(needs: []) { places[Int($2.interface ?? 0)].take($0, $1, $2) }
        let known = PacketPairing.Known(
            clock: isOneRecording ? .same : nil, homes: [Self.client.address: .first, Self.server.address: .second],
            ranThroughout: true)
        return BothEnds(
            places, knowing: known, calls: calls, wireNotes: notes, isOneRecording: isOneRecording, showing: shown
        )?.scenes.scene(of: 0)
    }

    /// 20 ms each way; the second of five segments is lost, three duplicate ACKs ask for it, then the answer is lost,
    /// and a timer repeats it.
    static var losses: WireScenario {
        var wire = WireScenario()
        let (c, s): (UInt32, UInt32) = (1000, 5000)
        wire.tcp(0, arrives: [20], fromClient: true, .syn, seq: c, options: [.maximumSegmentSize(1460)])
        wire.tcp(
            20, arrives: [40], fromClient: false, [.syn, .ack], seq: s, ack: c + 1, options: [.maximumSegmentSize(1460)]
        )
        wire.tcp(40, arrives: [60], fromClient: true, .ack, seq: c + 1, ack: s + 1)
        for segment in 0..<5 as Range<Int64> {
            let time = 41 + segment
            wire.tcp(
                time, arrives: segment == 1 ? [] : [time + 20], fromClient: true, [.psh, .ack],
                seq: c + 1 + UInt32(segment) * 100, ack: s + 1, bytes: 100)
        }
        wire.tcp(62, arrives: [82], fromClient: false, .ack, seq: s + 1, ack: c + 101)
        for time in [63, 64, 65] as [Int64] {
            wire.tcp(time, arrives: [time + 20], fromClient: false, .ack, seq: s + 1, ack: c + 101)
        }
        wire.tcp(86, arrives: [106], fromClient: true, [.psh, .ack], seq: c + 101, ack: s + 1, bytes: 100)
        wire.tcp(107, arrives: [127], fromClient: false, .ack, seq: s + 1, ack: c + 501)
        wire.tcp(110, arrives: [], fromClient: false, [.psh, .ack], seq: s + 1, ack: c + 501, bytes: 50)
        wire.tcp(350, arrives: [370], fromClient: false, [.psh, .ack], seq: s + 1, ack: c + 501, bytes: 50)
        wire.tcp(371, arrives: [391], fromClient: true, .ack, seq: c + 501, ack: s + 51)
        return wire
    }

    /// What two programs captured, each with its own numbers: a super-segment, a lost segment, and no packet back.
    static var apart: WireScenario {
        var wire = WireScenario()
        wire.tcp(0, arrives: [20], fromClient: true, .ack, seq: 1, ack: 1, bytes: 10)
        wire.cut(1, arrives: [21, 22, 23], seq: 11, ack: 1, pieces: [1000, 1000, 500])
        wire.tcp(2, arrives: [], fromClient: true, .ack, seq: 2511, ack: 1, bytes: 7)
        wire.tcp(3, arrives: [24], fromClient: true, .ack, seq: 2518, ack: 1, bytes: 8)
        return wire
    }

    /// A datagram to a port that nobody uses, and the error about it; the second error is lost.
    static var refused: WireScenario {
        var wire = WireScenario()
        wire.udp(0, arrives: [20], fromClient: true, "hello")
        wire.refusal(21, arrives: 41, about: "hello")
        wire.udp(50, arrives: [70], fromClient: true, "again")
        wire.refusal(71, arrives: nil, about: "again")
        return wire
    }

    /// A datagram that arrives twice, one that is overtaken, one that is lost, and an answer.
    static var datagrams: WireScenario {
        var wire = WireScenario()
        wire.udp(0, arrives: [40, 41], fromClient: true, "one")
        wire.udp(10, arrives: [90], fromClient: true, "two")
        wire.udp(20, arrives: [60], fromClient: true, "three")
        wire.udp(30, arrives: [70], fromClient: true, "four")
        wire.udp(35, arrives: [], fromClient: true, "five")
        wire.udp(95, arrives: [135], fromClient: false, "answer")
        return wire
    }
}
