import Addressing
import Diagnosis
import Packets
import Testing

/// Pings, traces and packets that are too big.
@Suite struct ICMPStoryTests {
    @Test func aRunOfPings() {
        var capture = WrittenPackets()
        for number in 1...4 as ClosedRange<UInt16> {
            let time = Double(number) * 1000
            capture.echo(time, 8, 1, 2, number: number)
            if number != 3 { capture.echo(time + Double(number), 0, 2, 1, number: number) }
        }
        #expect(
            capture.told == [
                """
                10.0.0.1 pinged 10.0.0.2 4 times: 3 of them were answered, after 1.00 ms to 4.00 ms, 2.33 ms on \
                average, \
                one was not: packet 5.
                """
            ])
        #expect(capture.stories.map(\.topic.name) == ["echo"])
        #expect(capture.stories.first?.findings.first?.severity == .warning)
    }

    @Test func pingsInVain() {
        var silent = WrittenPackets()
        silent.echo(0, 8, 1, 9, number: 1)
        #expect(
            silent.told.first?.hasPrefix(
                """
                10.0.0.1 pinged 10.0.0.9 once: no answer is in the capture, and no ICMP error
                """) == true)
        var refused = WrittenPackets()
        refused.echo(0, 8, 1, 9, number: 1)
        refused.error(1, from: 254, 3, 1, about: 1)
        #expect(
            refused.told == [
                "10.0.0.1 pinged 10.0.0.9 once: no answer came; 10.0.0.254 said (packet 2): the host does not answer."
            ])
    }

    @Test func aTraceHopByHop() {
        var capture = WrittenPackets()
        let source = Endpoint(.v4(WrittenPackets.host(1)), 50_000)
        for ttl in 1...3 as ClosedRange<UInt8> {
            capture.udp(
                Double(ttl) * 100, source, Endpoint(.v4(WrittenPackets.host(9)), Port(33_433 + UInt16(ttl))), ttl: ttl,
                [1, 2, 3, 4])
        }
        capture.error(101, from: 254, 11, 0, about: 1)
        capture.error(303, from: 9, 3, 3, about: 3)
        #expect(
            capture.told.first == """
                10.0.0.1 traced the way to 10.0.0.9 by UDP, hop by hop: 1 10.0.0.254 after 1.00 ms, 2 nobody \
                answered, 3 \
                10.0.0.9 after 3.00 ms. It was reached.
                """)
    }

    /// What traceroute asks on purpose in vain is no lost ping.
    @Test func aTraceByEcho() {
        var capture = WrittenPackets()
        capture.echo(0, 8, 1, 9, number: 1, ttl: 1)
        capture.error(1, from: 254, 11, 0, about: 1)
        capture.echo(10, 8, 1, 9, number: 2, ttl: 2)
        capture.echo(12, 0, 9, 1, number: 2)
        #expect(
            capture.told == [
                """
                10.0.0.1 traced the way to 10.0.0.9 by ICMP echo, hop by hop: 1 10.0.0.254 after 1.00 ms, 2 10.0.0.9 \
                after \
                2.00 ms. It was reached.
                """
            ])
    }

    @Test func hopsThatRanOutOnALongWay() {
        var capture = WrittenPackets()
        capture.udp(
            0, Endpoint(.v4(WrittenPackets.host(1)), 50_000), Endpoint(.v4(WrittenPackets.host(9)), 7), [1, 2, 3, 4])
        capture.error(1, from: 254, 11, 0, about: 1)
        #expect(capture.evidence(.hopsExceeded) == [[2]])
    }

    @Test func aPacketThatIsTooBig() {
        func capture(then length: Int?) -> WrittenPackets {
            var capture = WrittenPackets()
            let ends = (Endpoint(.v4(WrittenPackets.host(1)), 50_000), Endpoint(.v4(WrittenPackets.host(9)), 7))
            capture.udp(0, ends.0, ends.1, [UInt8](repeating: 1, count: 1472))
            capture.error(1, from: 254, 3, 4, word: 1400, about: 1)
            if let length { capture.udp(2, ends.0, ends.1, [UInt8](repeating: 1, count: length)) }
            return capture
        }
        let said =
            """
            The router 10.0.0.254 said that packets from 10.0.0.1 to 10.0.0.9 may have at most 1400 bytes; one \
            of 1500 bytes had come.
            """
        #expect(capture(then: nil).told == ["\(said) Nothing went that way afterwards."])
        #expect(capture(then: 1372).told == ["\(said) What went that way afterwards was small enough."])
        #expect(capture(then: 1472).told.first?.contains("packets of up to 1500 bytes (packet 3)") == true)
    }
}
