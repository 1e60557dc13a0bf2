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

    /// SYNs without an answer, each between another pair of addresses.
    private static func attempts(_ count: Int, _ pair: (UInt32) -> (UInt32, UInt32)) -> WrittenPackets {
        var capture = WrittenPackets()
        for number in 0..<UInt32(count) {
            let (from, to) = pair(number)
            capture.add(
                Double(number),
                TestPacket.tcp(
                    Endpoint(.v4(IPv4Address(rawValue: from)), 40_000), Endpoint(.v4(IPv4Address(rawValue: to)), 80),
                    .syn, seq: 7))
        }
        return capture
    }

    private static func sums(_ capture: WrittenPackets) -> [String] {
        capture.diagnosis.topics.flatMap(\.findings).map { SentenceText.text($0.sentence) }
    }

    @Test func aFloodIsOneLine() {
        let known = Self.attempts(2000) { (0x0b00_0000 + $0, 0x0a00_0002) }
        #expect(known.diagnosis.stories.count == 60)
        #expect(
            Self.sums(known) == [
                """
                1940 more attempts of 1940 addresses at 10.0.0.2 found no answer in the capture, at port 80. A flood \
                with forged addresses looks like this, or a server that is down.
                """
            ])
        #expect(
            Self.sums(Self.attempts(5000) { (0x0b00_0000 + $0, 0x0a00_0002) }) == [
                """
                4940 more attempts of more than 4096 addresses at 10.0.0.2 found no answer in the capture, at port \
                80. A flood with forged addresses looks like this, or a server that is down.
                """
            ])
    }

    @Test func aSweepOverHostsIsOneLine() {
        #expect(
            Self.sums(Self.attempts(300) { (0x0a00_0001, 0x0b00_0000 + $0) }) == [
                """
                240 more attempts of 10.0.0.1 at 240 addresses found no answer in the capture, at port 80. A scan over \
                many hosts looks like this.
                """
            ])
    }

    @Test func unrelatedAttemptsEndInOneLine() {
        let sums = Self.sums(Self.attempts(160) { (0x0c00_0000 + $0, 0x0b00_0000 + $0) })
        #expect(sums.count == 31)
        #expect(
            sums.last == """
                70 more attempts between other hosts found no answer in the capture, at port 80.
                """)
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
