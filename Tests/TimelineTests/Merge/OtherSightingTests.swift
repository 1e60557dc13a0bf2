import Addressing
import Packets
import TestSupport
import Testing

@testable import Timeline

/// What is neither TCP nor UDP is paired by its content.
@Suite struct OtherSightingTests {
    private func sightings(_ packets: [[UInt8]]) -> [OtherSighting] {
        var found: [OtherSighting] = []
        TestTraffic(packets).read(needs: []) { found.append(OtherSighting($0, $1, number: $2.number)) }
        return found
    }

    private func error(about text: String, hops: UInt8 = 64) -> [UInt8] {
        let (client, server) = (IPv4Address(10, 0, 0, 1), IPv4Address(10, 0, 0, 2))
        let datagram = TestPacket.udp(
            Endpoint(.v4(client), 4000), Endpoint(.v4(server), 7000), payload: Array(text.utf8))
        var bytes = TestPacket.unreachable(code: 3, from: server, to: client, about: datagram)
        bytes[22] = hops
        return bytes
    }

    @Test func routersChangeNothingThatCounts() {
        let found = OtherSighting.pairs(
            sightings([error(about: "one"), error(about: "longer")]), sightings([error(about: "one", hops: 61)]))
        #expect(found.both == 1)
        #expect(found.onlyFirst == [2])
        #expect(found.onlySecond.isEmpty)
    }

    @Test func equalOnesAreCounted() {
        let (three, one) = (sightings(Array(repeating: error(about: "x"), count: 3)), sightings([error(about: "x")]))
        #expect(OtherSighting.pairs(three, one).both == 1)
        #expect(OtherSighting.pairs(three, one).onlyFirst == [2, 3])
        #expect(OtherSighting.pairs(one, three).onlySecond == [2, 3])
        #expect(OtherSighting.pairs([], []).both == 0)
    }

    @Test func shortAndStrangeFramesDoNotTrap() {
        let whole = error(about: "one")
        for count in 0...whole.count { _ = sightings([Array(whole.prefix(count))]) }
    }
}
