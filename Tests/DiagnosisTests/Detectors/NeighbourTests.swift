import Addressing
import Diagnosis
import Packets
import Testing

/// ARP and IPv6's neighbour discovery.
@Suite struct NeighbourTests {
    @Test func aQuestionAndItsAnswer() {
        var link = WrittenPackets()
        link.arp(0, 1, from: 1, to: 2)
        link.arp(0.5, 2, from: 2, to: 1)
        link.arp(900, 1, from: 1, to: 2)
        #expect(link.told == ["10.0.0.1 asked twice who has 10.0.0.2: 02:00:00:00:00:02 answered after 500 µs."])
        #expect(link.evidence(.addressAnswered) == [[1, 2]])
    }

    @Test func nobodyAnswers() {
        var link = WrittenPackets()
        for time in [0, 1000, 2000] as [Double] { link.arp(time, 1, from: 1, to: 9) }
        #expect(
            link.told == [
                """
                10.0.0.1 asked 3 times who has 10.0.0.9, and no answer is in the capture: no such host is on this \
                link, it \
                is off, or it did not hear the question.
                """
            ])
        #expect(link.evidence(.addressUnanswered) == [[1, 2, 3]])
    }

    @Test func twoAnswersAreAConflict() {
        var link = WrittenPackets()
        link.arp(0, 1, from: 1, to: 5)
        link.arp(1, 2, from: 5, to: 1)
        link.arp(2, 2, from: 5, card: 6, to: 1)
        link.arp(3, 2, from: 5, to: 1)
        #expect(link.evidence(.addressConflict) == [[2, 3]])
        #expect(link.told.contains { $0.hasPrefix("10.0.0.5 was at 02:00:00:00:00:05 (packet 2) and then at") })
    }

    @Test func whoLooksWhetherAnAddressIsFreeIsNoOneYet() {
        var free = WrittenPackets()
        for time in [0, 1000] as [Double] { free.arp(time, 1, from: 3, to: 8, isProbe: true) }
        free.arp(3000, 1, from: 8, card: 3, to: 8)
        #expect(
            free.told == [
                "02:00:00:00:00:03 asked twice whether 10.0.0.8 is free: nobody objected.",
                "02:00:00:00:00:03 told everybody that it has 10.0.0.8, without being asked.",
            ])
        var taken = WrittenPackets()
        taken.arp(0, 1, from: 3, to: 8, isProbe: true)
        let answer = ARPMessage(
            operation: 2, senderMAC: WrittenPackets.card(8), senderIPv4: WrittenPackets.host(8),
            targetMAC: WrittenPackets.card(3), targetIPv4: .any)
        taken.add(1, WrittenPackets.ethernet(.arp) + answer.encoded())
        #expect(taken.evidence(.addressInUse) == [[1, 2]])
    }

    /// However many are asked for, a few are told one by one.
    @Test func aScanOfTheLinkIsShort() {
        var link = WrittenPackets()
        for target in 2...200 as ClosedRange<UInt8> { link.arp(Double(target), 1, from: 1, to: target) }
        #expect(link.told.count == 9)
        #expect(link.told.last == "191 more questions without an answer.")
    }

    @Test func neighboursOverIPv6() {
        var link = WrittenPackets()
        let target = WrittenPackets.link(2)
        let solicitation = WrittenPackets.icmp(135, 0, 0, target.octets + [1, 1, 2, 0, 0, 0, 0, 1])
        let advertisement = WrittenPackets.icmp(136, 0, 0x6000_0000, target.octets + [2, 1, 2, 0, 0, 0, 0, 2])
        link.icmpv6(0, 1, target, solicitation)
        link.icmpv6(1, 2, WrittenPackets.link(1), advertisement)
        #expect(link.told == ["fe80::1 asked who has fe80::2: 02:00:00:00:00:02 answered after 1.00 ms."])
    }

    @Test func anAddressThatIsTakenOverIPv6() {
        var link = WrittenPackets()
        let target = WrittenPackets.link(2)
        link.icmpv6(0, 0, target, WrittenPackets.icmp(135, 0, 0, target.octets))
        link.icmpv6(
            1, 2, WrittenPackets.link(9),
            WrittenPackets.icmp(136, 0, 0x2000_0000, target.octets + [2, 1, 2, 0, 0, 0, 0, 2]))
        #expect(link.evidence(.addressInUse) == [[1, 2]])
    }

    @Test func routersSayWhatTheLinkIs() {
        let prefix: [UInt8] =
            [3, 4, 64, 0xc0] + [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0] + [0x20, 1, 0x0d, 0xb8]
            + [UInt8](repeating: 0, count: 12)
        let message = WrittenPackets.icmp(
            134, 0, 64 << 24 | 0x40 << 16 | 1800,
            [UInt8](repeating: 0, count: 8) + prefix + [5, 1, 0, 0, 0, 0, 5, 0xdc])
        var link = WrittenPackets()
        link.icmpv6(0, 1, WrittenPackets.link(2), WrittenPackets.icmp(133, 0, 0))
        link.icmpv6(5, 0xfe, WrittenPackets.link(1), message)
        link.icmpv6(10_005, 0xfe, WrittenPackets.link(1), message)
        #expect(
            link.told == [
                """
                The router fe80::fe announced, twice: the network 2001:db8::/64, in which hosts make their own \
                addresses, \
                other settings by DHCPv6, an MTU of 1500 bytes, that it is a default router for 30 minutes.
                """
            ])
        var alone = WrittenPackets()
        alone.icmpv6(0, 1, WrittenPackets.link(2), WrittenPackets.icmp(133, 0, 0))
        #expect(alone.evidence(.routerUnanswered) == [[1]])
    }
}
