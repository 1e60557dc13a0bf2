import Addressing
import Packets
import TestSupport
import Testing

/// Datagrams in fragments, and packets of which nothing else is told.
@Suite struct FragmentTests {
    /// A fragment of a datagram from 10.0.0.1 to 10.0.0.2.
    private static func fragment(
        _ identification: UInt16, at offset: Int, _ length: Int, more: Bool
    ) -> [UInt8] {
        var bytes = WrittenPackets.ip(
            WrittenPackets.host(1), WrittenPackets.host(2), IPProtocol(rawValue: 253),
            [UInt8](repeating: 1, count: length))
        let header = 14
        bytes[header + 4] = UInt8(identification >> 8)
        bytes[header + 5] = UInt8(identification & 255)
        let place = UInt16(offset / 8) | (more ? 0x2000 : 0)
        bytes[header + 6] = UInt8(place >> 8)
        bytes[header + 7] = UInt8(place & 255)
        return bytes
    }

    @Test func aWholeDatagram() {
        var capture = WrittenPackets()
        capture.add(0, Self.fragment(7, at: 800, 200, more: false))
        capture.add(1, Self.fragment(7, at: 0, 800, more: true))
        #expect(capture.told == ["10.0.0.1 sent 10.0.0.2 a datagram of 1000 bytes in 2 fragments."])
    }

    @Test func aPartIsMissing() {
        var capture = WrittenPackets()
        capture.add(0, Self.fragment(7, at: 0, 800, more: true))
        capture.add(1, Self.fragment(7, at: 1600, 200, more: false))
        capture.error(30_000, from: 2, 11, 1, about: 1)
        #expect(
            capture.told == [
                """
                10.0.0.1 sent 10.0.0.2 a datagram of 1800 bytes of which the capture has 2 fragments with 1000 bytes: \
                bytes 800–1599 are missing. A receiver that lacks them drops all of it. 10.0.0.2 says in packet 3 that \
                the rest did not come in time.
                """
            ])
    }

    @Test func theEndIsMissing() {
        var capture = WrittenPackets()
        capture.add(0, Self.fragment(9, at: 0, 800, more: true))
        #expect(
            capture.told == [
                """
                10.0.0.1 sent 10.0.0.2 a datagram, whose length is not known, of which the capture has 1 fragment \
                with 800 bytes: the end is missing. A receiver that lacks them drops all of it.
                """
            ])
    }

    /// The same number again is another datagram.
    @Test func numbersComeAgain() {
        var capture = WrittenPackets()
        for time in [0, 10] as [Double] {
            capture.add(time, Self.fragment(7, at: 0, 800, more: true))
            capture.add(time + 1, Self.fragment(7, at: 800, 200, more: false))
        }
        #expect(capture.told.count == 2)
    }

    @Test func whatNobodyTellsIsCounted() {
        var capture = WrittenPackets()
        for time in 0..<3 {
            capture.add(
                Double(time),
                WrittenPackets.ip(WrittenPackets.host(1), WrittenPackets.host(2), IPProtocol(rawValue: 89), [1, 2, 3]))
        }
        let topics = capture.diagnosis.topics
        #expect(topics.map(\.topic.name) == ["others"])
        #expect(topics.first?.findings.first?.evidence.packets.count == 3)
    }
}
