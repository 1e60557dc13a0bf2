import Addressing
import Analysis
import Packets
import TestSupport
import Testing

@testable import Rendering

/// What became of a connection, in words: never more than the capture shows.
@Suite struct FlowWordsTests {
    private static let client = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0001)), 40000)
    private static let server = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0002)), 80)

    struct Sent: Sendable {
        let isClient: Bool
        let flags: TCPFlags
        let sequence: UInt32
        let acknowledgment: UInt32
    }

    private static func client(_ flags: TCPFlags, _ sequence: UInt32, _ acknowledgment: UInt32 = 0) -> Sent {
        Sent(isClient: true, flags: flags, sequence: sequence, acknowledgment: acknowledgment)
    }

    private static func server(_ flags: TCPFlags, _ sequence: UInt32, _ acknowledgment: UInt32 = 0) -> Sent {
        Sent(isClient: false, flags: flags, sequence: sequence, acknowledgment: acknowledgment)
    }

    static let words: [(String, [Sent])] = [
        ("a reset alone", [server(.rst, 7)]),
        ("a reset alone", [client(.rst, 7)]),
        ("reset by server", [server(.ack, 7, 9), server(.rst, 7)]),
        ("SYN-ACK, then reset", [server([.syn, .ack], 7, 9), server(.rst, 8)]),
        ("no answer", [client(.syn, 7)]),
        // Who acknowledges something has had an answer: only this way was captured.
        ("one way seen", [client(.syn, 7), client(.ack, 8, 100), client([.psh, .ack], 8, 100)]),
        ("never confirmed", [client(.syn, 7), server([.syn, .ack], 50, 8)]),
        ("established", [client(.syn, 7), server([.syn, .ack], 50, 8), client(.ack, 8, 51)]),
        ("refused", [client(.syn, 7), server([.rst, .ack], 0, 8)]),
        ("FIN of the server", [server([.fin, .ack], 50, 8)]),
        ("SYN, then FIN", [client(.syn, 7), client(.fin, 8)]),
        ("seen in the middle", [client(.ack, 8, 51), server(.ack, 51, 8)]),
    ]

    @Test(arguments: words)
    func wordsFollowTheEvidence(words: String, segments: [Sent]) throws {
        var counter = FlowCounter(seed: 1)
        for (index, segment) in segments.enumerated() {
            let ends = segment.isClient ? (Self.client, Self.server) : (Self.server, Self.client)
            let bytes = TestPacket.tcp(
                ends.0, ends.1, segment.flags, seq: segment.sequence, ack: segment.acknowledgment)
            counter.take(
                TestPacket.header(bytes, number: index + 1, time: TestClock.at(Int64(index))), bytes.rawSpan)
        }
        let flow = counter.flows[0]
        #expect("\(FlowView(flow.key, flow.record).outcome)" == words)
    }
}
