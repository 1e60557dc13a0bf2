import Addressing
import Testing

@testable import Packets

/// Properties that hold for any bytes: nothing traps, ranges nest and lie in the record, and a line has no control
/// characters.
@Suite struct HostileApplicationTests {
    private struct Sample {
        let payload: [UInt8]
        let transport: Transport
        let ports: (UInt16, UInt16)
    }

    private var samples: [Sample] {
        let name: [UInt8] = [3, 119, 119, 119, 7, 101, 120, 97, 109, 112, 108, 101, 3, 99, 111, 109, 0]
        let records: [UInt8] =
            [0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 6, 3, 99, 100, 110, 0xc0, 16]
            + [0xc0, 12, 0, 33, 0x80, 1, 0, 0, 0, 60, 0, 9, 0, 1, 0, 2, 0, 80, 1, 97, 0]
            + [0, 0, 41, 16, 0, 0, 0, 0x80, 0, 0, 12, 0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]
        let dns: [UInt8] = [0x12, 0x34, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 1] + name + [0, 1, 0, 1] + records
        let dhcp: [UInt8] =
            [2, 1, 6, 0] + [UInt8](repeating: 1, count: 232) + [
                99, 130, 83, 99, 53, 1, 2, 3, 4, 10, 0, 0, 1, 12, 3, 97, 98, 99, 255,
            ]
        let stun: [UInt8] =
            [1, 1, 0, 24, 0x21, 0x12, 0xa4, 0x42] + [UInt8](repeating: 3, count: 12)
            + [0, 0x20, 0, 8, 0, 1, 1, 2, 3, 4, 5, 6, 0x80, 0x22, 0, 3, 97, 98, 99, 0, 0, 9, 0, 0]
        let http = Array("GET /a HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\nabc".utf8)
        let hello: [UInt8] =
            [22, 3, 1, 0, 63, 1, 0, 0, 59, 3, 3] + [UInt8](repeating: 7, count: 32)
            + [0, 0, 2, 0x13, 1, 1, 0, 0, 16, 0, 0, 0, 6, 0, 4, 0, 0, 1, 97, 0, 16, 0, 2, 0, 0]
        return [
            Sample(payload: dns, transport: .udp, ports: (53, 40_000)),
            Sample(payload: dns, transport: .udp, ports: (5353, 5353)),
            Sample(payload: dns, transport: .udp, ports: (40_000, 5355)),
            Sample(payload: dns, transport: .udp, ports: (40_000, 41_000)),
            Sample(payload: [0, UInt8(dns.count)] + dns, transport: .tcp, ports: (53, 40_000)),
            Sample(payload: dhcp, transport: .udp, ports: (67, 68)),
            Sample(payload: [UInt8](repeating: 0x24, count: 48), transport: .udp, ports: (123, 123)),
            Sample(payload: stun, transport: .udp, ports: (3478, 40_000)),
            Sample(payload: stun, transport: .tcp, ports: (40_001, 40_000)),
            Sample(payload: http, transport: .tcp, ports: (40_000, 80)),
            Sample(payload: http, transport: .tcp, ports: (40_000, 41_000)),
            Sample(payload: hello, transport: .tcp, ports: (40_000, 443)),
            Sample(payload: hello, transport: .tcp, ports: (40_000, 41_000)),
        ]
    }

    @Test func everyPrefix() {
        for (index, sample) in samples.enumerated() {
            for length in 0...sample.payload.count {
                // On the wire it was that long, and: the capture kept that much.
                let short = Application(
                    Array(sample.payload.prefix(length)), over: sample.transport, from: sample.ports.0,
                    to: sample.ports.1)
                #expect(short.readEverything(), "sample \(index), \(length) bytes")
                let cut = Application(
                    sample.payload, over: sample.transport, from: sample.ports.0, to: sample.ports.1, cut: 28 + length)
                #expect(cut.readEverything(), "sample \(index), cut at \(length)")
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4])
    func mutations(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for (index, sample) in samples.enumerated() {
            for round in 0..<400 {
                var bytes = sample.payload
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    let position = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: bytes[position] = 0xff
                    case 1: bytes[position] = 0
                    case 2: bytes[position] = UInt8.random(in: 0...255, using: &random)
                    default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: position)
                    }
                }
                let packet = Application(bytes, over: sample.transport, from: sample.ports.0, to: sample.ports.1)
                #expect(packet.readEverything(), "seed \(seed), sample \(index), round \(round): \(bytes)")
            }
        }
    }
}
