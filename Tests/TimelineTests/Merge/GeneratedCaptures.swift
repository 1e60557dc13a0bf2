import Addressing
import Conversations
import Packets
import TestSupport

@testable import Timeline

/// Two captures of one conversation, made up: who sent what when, how long it took, what was lost, how the second clock
/// goes.
struct GeneratedCaptures {
    /// What the second clock shows more at the beginning, in nanoseconds, and its drift.
    var offset: Int64 = 0
    var drift = 0.0
    var losses: Set<Int> = []
    var doubles: Set<Int> = []
    /// Those that arrive with a bit flipped in their payload, or their last byte.
    var damages: Set<Int> = []
    /// Address translation on the way: the second place sees this client.
    var translated: Endpoint?
    var hops = 3
    private(set) var first: [(time: Int64, bytes: [UInt8])] = []
    private(set) var second: [(time: Int64, bytes: [UInt8])] = []
    private(set) var sent = 0

    static let client = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0001)), 40000)
    static let server = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0002)), 7000)

    /// A segment leaves at `time` (nanoseconds of the first clock) and takes `delay`.
    mutating func send(
        _ time: Int64, delay: Int64, fromClient: Bool, seq: UInt32, ack: UInt32, payload: [UInt8] = [],
        flags: TCPFlags = .ack, id: UInt16
    ) {
        sent += 1
        let outer = translated ?? Self.client
        func packet(_ client: Endpoint, hops: UInt8) -> [UInt8] {
            var bytes =
                fromClient
                ? TestPacket.tcp(client, Self.server, flags, seq: seq, ack: ack, payload: payload)
                : TestPacket.tcp(Self.server, client, flags, seq: seq, ack: ack, payload: payload)
            (bytes[18], bytes[19]) = (UInt8(id >> 8), UInt8(id & 255))
            bytes[22] = hops
            return bytes
        }
        func arrived(_ bytes: [UInt8]) -> [UInt8] {
            var bytes = bytes
            if damages.contains(sent) { bytes[bytes.count - 1] ^= 0x10 }
            return bytes
        }
        let arrival = time + delay
        let copies = losses.contains(sent) ? 0 : doubles.contains(sent) ? 2 : 1
        if fromClient {
            first.append((time, packet(Self.client, hops: 64)))
            for copy in 0..<copies {
                second.append((onSecond(arrival + Int64(copy) * 1000), arrived(packet(outer, hops: UInt8(64 - hops)))))
            }
        } else {
            second.append((onSecond(time), packet(outer, hops: 64)))
            for copy in 0..<copies {
                first.append((arrival + Int64(copy) * 1000, arrived(packet(Self.client, hops: UInt8(64 - hops)))))
            }
        }
    }

    /// Segments that leave the client as `sent` and arrive as `came`, each a range of the stream that begins at `seq`.
    /// The first leaves at `time`, each other a microsecond after the one before.
    mutating func sendRanges(_ time: Int64, delay: Int64, seq: UInt32, sent: [Range<Int>], came: [Range<Int>]) {
        let stream = (0..<65_536).map { UInt8(truncatingIfNeeded: $0 &* 131) }
        func packet(_ client: Endpoint, _ range: Range<Int>, hops: UInt8, id: Int) -> [UInt8] {
            var bytes = TestPacket.tcp(
                client, Self.server, .ack, seq: seq &+ UInt32(range.lowerBound), ack: 1, payload: Array(stream[range]))
            (bytes[18], bytes[19]) = (UInt8(truncatingIfNeeded: id >> 8), UInt8(truncatingIfNeeded: id))
            bytes[22] = hops
            return bytes
        }
        for (index, range) in sent.enumerated() {
            first.append((time + Int64(index) * 1000, packet(Self.client, range, hops: 64, id: 900 + index)))
        }
        for (index, range) in came.enumerated() {
            let arrived = packet(translated ?? Self.client, range, hops: UInt8(64 - hops), id: 700 + index)
            second.append((onSecond(time + delay + Int64(index) * 1000), arrived))
        }
    }

    func onSecond(_ time: Int64) -> Int64 { time + offset + Int64((Double(time) * drift).rounded()) }

    /// A request and its answer every `gap`, with delays of `least` and up to `spread` more.
    mutating func exchange(count: Int, gap: Int64, least: Int64, spread: Int64, seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        func random(_ limit: Int64) -> Int64 {
            limit == 0 ? 0 : .random(in: 0..<limit, using: &generator)
        }
        var (client, server) = (UInt32(1000), UInt32(5000))
        for number in 0..<count {
            let time = Int64(number) * gap
            let there = least + random(spread)
            send(
                time, delay: there, fromClient: true, seq: client, ack: server,
                payload: [UInt8](repeating: UInt8(number & 255), count: 10), id: UInt16(number & 0xffff))
            client &+= 10
            send(
                time + there + 50_000, delay: least + random(spread), fromClient: false, seq: server, ack: client,
                payload: [1, 2, 3], id: UInt16(number & 0xffff))
            server &+= 3
        }
    }

    /// The two captures' packets, in the order of their times.
    var collectors: [SightingCollector] {
        [first, second].map { packets in
            var collector = SightingCollector(seed: 1)
            var traffic = TestTraffic()
            for packet in packets.sorted(by: { $0.time < $1.time }) {
                traffic.add(at: TestClock.at(0).advanced(byNanoseconds: packet.time), packet.bytes)
            }
            traffic.read(needs: []) { collector.take($0, $1, $2) }
            return collector
        }
    }

    func pairing(_ known: PacketPairing.Known = PacketPairing.Known()) -> PacketPairing? {
        let both = collectors
        return PacketPairing(both[0].sightings, both[1].sightings, knowing: known)
    }
}
