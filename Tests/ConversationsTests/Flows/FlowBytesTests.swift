import Addressing
import Packets
import TestSupport
import Testing
@testable import Conversations

/// `flows` copies of a packet only what it needs; that changes nothing of what it counts.
@Suite struct FlowBytesTests {
    @Test func theFirstBytesOfPlainTCPAreEnough() {
        let a = Endpoint(.v4(.loopback), 1000), b = Endpoint(.v4(.loopback), 80), c = Endpoint(.v6(.loopback), 1000), d = Endpoint(.v6(.loopback), 80)
        let payload = [UInt8](repeating: 7, count: 300)
        var tagged = TestPacket.tcp(a, b, [.psh, .ack], seq: 400, ack: 1, payload: payload)
        tagged.insert(contentsOf: [0x81, 0, 0, 5], at: 12)
        var wrongLength = TestPacket.tcp(a, b, [.psh, .ack], seq: 900, ack: 1, payload: payload)
        wrongLength[16] = 0xff
        let records = [
            TestPacket.tcp(a, b, .syn, seq: 1), TestPacket.tcp(b, a, [.syn, .ack], seq: 1, ack: 2), TestPacket.tcp(a, b, [.psh, .ack], seq: 2, ack: 2, payload: payload),
            TestPacket.tcp(c, d, [.psh, .ack], seq: 2, ack: 2, payload: payload), TestPacket.udp(c, d, payload: payload), TestPacket.udp(a, b, payload: payload),
            tagged, wrongLength,
        ]
        let needed = records.map { FlowTracker.bytesNeeded(of: $0.rawSpan, linkType: .ethernet, wireLength: $0.count) }
        #expect(needed == [54, 54, 74, 74, records[4].count, records[5].count, records[6].count, records[7].count])
        var whole = FlowTracker(seed: 1), short = FlowTracker(seed: 1)
        for (index, bytes) in records.enumerated() {
            let time = TestClock.at(Int64(index))
            whole.take(bytes.rawSpan, linkType: .ethernet, wireLength: bytes.count, number: index + 1, time: time)
            let first = Array(bytes.prefix(needed[index]))
            short.take(first.rawSpan, linkType: .ethernet, wireLength: bytes.count, number: index + 1, time: time)
        }
        #expect(whole.count == short.count && whole.count == 4)
        for number in 0..<min(whole.count, short.count) {
            #expect(whole[number].key == short[number].key)
            #expect("\(whole[number].record)" == "\(short[number].record)")
        }
    }
}
