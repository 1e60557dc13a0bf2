import Addressing
import Packets
import TestSupport
import Testing
import Text

/// What two ends of a TCP connection send each other, a segment each, from the client's SYN on.
struct TCPExchange {
    private(set) var traffic = TestTraffic()
    private let client = Endpoint(.v4(IPv4Address(10, 0, 0, 1)), 40_000)
    private let server: Endpoint
    private var mine: UInt32 = 1001
    private var theirs: UInt32 = 5001

    init(port: Port, hasSYN: Bool = true) {
        server = Endpoint(.v4(IPv4Address(10, 0, 0, 2)), port)
        if hasSYN { traffic.add(at: nil, TestPacket.tcp(client, server, [.syn], seq: 1000)) }
    }

    /// The client sends a segment.
    mutating func send(_ text: String) { send(bytes: Array(text.utf8)) }

    mutating func send(bytes: [UInt8]) {
        traffic.add(
            at: nil, TestPacket.tcp(client, server, [.psh, .ack], seq: mine, ack: theirs, payload: bytes))
        mine &+= UInt32(bytes.count)
    }

    /// The server sends a segment.
    mutating func answer(_ text: String, flags: TCPFlags = [.psh, .ack]) {
        traffic.add(
            at: nil,
            TestPacket.tcp(server, client, flags, seq: theirs, ack: mine, payload: Array(text.utf8)))
        theirs &+= UInt32(text.utf8.count)
    }

    /// So many bytes of the client were not captured.
    mutating func lose(_ count: UInt32) { mine &+= count }

    /// The client sends bytes in segments of any size, of which some come late or again.
    func cut(_ sent: [UInt8], _ generator: inout SplitMix64) -> TCPExchange {
        var exchange = self
        var segments: [Range<Int>] = []
        var start = 0
        let largest = Int.random(in: 1...1400, using: &generator)
        while start < sent.count {
            let end = min(sent.count, start + Int.random(in: 1...largest, using: &generator))
            segments.append(start..<end)
            start = end
        }
        for index in segments.indices.dropLast() where Int.random(in: 0..<4, using: &generator) == 0 {
            segments.swapAt(index, index + 1)
        }
        for segment in segments.filter({ _ in Int.random(in: 0..<8, using: &generator) == 0 }) {
            segments.insert(segment, at: .random(in: 0...segments.count, using: &generator))
        }
        for segment in segments {
            exchange.traffic.add(
                at: nil,
                TestPacket.tcp(
                    client, server, [.psh, .ack], seq: mine &+ UInt32(segment.lowerBound), ack: theirs,
                    payload: Array(sent[segment])))
        }
        return exchange
    }

    /// A field's values in each packet, as text.
    func perPacket(_ name: String) throws -> [[String]] {
        let field = try #require(NamedField(name))
        var found: [[String]] = []
        traffic.read(needs: [.analysis, .applications, .messages], joins: true) { bytes, dissection, facts in
            var values: [FieldValue] = []
            field.read(bytes, dissection, facts, into: &values)
            found.append(
                values.map { value in
                    var text = ByteCollector()
                    FieldText.write(value, as: field.type, of: bytes, dissection, .none, to: &text)
                    return String(decoding: text.bytes, as: UTF8.self)
                })
        }
        return found
    }

    /// A field's values in all packets.
    func texts(_ name: String) throws -> [String] { try perPacket(name).flatMap(\.self) }
}
