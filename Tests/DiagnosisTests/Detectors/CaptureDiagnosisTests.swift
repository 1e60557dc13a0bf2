import Addressing
import Diagnosis
import Packets
import Rendering
import TestSupport
import Testing

/// What is said of a capture as a whole.
@Suite struct CaptureDiagnosisTests {
    private static let client = IPAddress.v4(WrittenPackets.host(1))
    private static let server = IPAddress.v4(WrittenPackets.host(2))

    private static func scan(_ count: UInt16) -> WrittenPackets {
        var capture = WrittenPackets()
        for port in 1...count {
            let ends = (Endpoint(client, Port(40_000 + port)), Endpoint(server, Port(port)))
            capture.add(Double(port), TestPacket.tcp(ends.0, ends.1, .syn, seq: 7))
            capture.add(Double(port) + 0.1, TestPacket.tcp(ends.1, ends.0, [.rst, .ack], seq: 0, ack: 8))
        }
        return capture
    }

    @Test func aPortScanIsOneLine() {
        let told = Self.scan(1000).diagnosis
        #expect(told.stories.count == 3)
        #expect(
            told.topics.flatMap(\.findings).map { SentenceText.text($0.sentence) } == [
                """
                997 more attempts of 10.0.0.1 at 10.0.0.2 came to nothing: 997 refused, at ports from 4 to 1000. A \
                port scan looks like this.
                """
            ])
    }

    @Test func aFewAttemptsAreToldOneByOne() {
        let told = Self.scan(3).diagnosis
        #expect(told.stories.count == 3)
        #expect(told.topics.isEmpty)
    }

    /// Failures come before what was mended, and of each kind one stands for all.
    @Test func whatMattersMost() {
        var capture = Self.scan(3)
        capture.arp(100, 1, from: 1, to: 9)
        capture.echo(200, 8, 1, 9, number: 1)
        let foremost = capture.diagnosis.foremost.all
        #expect(foremost.map(\.finding.kind) == [.refused, .echoUnanswered, .addressUnanswered])
        #expect(foremost.map(\.others) == [2, 0, 0])
        #expect(foremost.map(\.subject) == ["tcp.stream 0", "ICMP echo", "ARP"])
    }
}
