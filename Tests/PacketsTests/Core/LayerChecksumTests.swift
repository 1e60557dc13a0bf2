import Addressing
import Testing

@testable import Packets

@Suite struct LayerChecksumTests {
    private func segment(_ checksum: UInt16) -> [UInt8] {
        var header = TCPHeader(sourcePort: 1, destinationPort: 2, sequence: SequenceNumber(3), flags: .ack, window: 4)
        header.checksum = checksum
        return header.encoded() + [1, 2, 3]
    }

    private var pseudo: InternetChecksum {
        var sum = InternetChecksum()
        sum.addPseudoHeader(source: .v4(Sample.from), destination: .v4(Sample.to), protocol: .tcp, length: 23)
        return sum
    }

    @Test func correctIncorrectPartial() {
        var sum = pseudo
        sum.add(segment(0).rawSpan)
        let good = Sample.ethernet(.ipv4) + Sample.ipv4(.tcp, segment(sum.value))
        #expect(Dissected(good).status(.tcp) == .correct)
        #expect(
            Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.tcp, segment(sum.value ^ 1))).status(.tcp) == .incorrect)
        #expect(Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.tcp, segment(pseudo.folded))).status(.tcp) == .partial)
        #expect(Dissected(good, cut: good.count - 1).status(.tcp) == .unverified)
        #expect(Dissected(good).number("tcp.checksum.status") == 1)
    }

    @Test func fragmentsAndQuotesAreUnverified() {
        var fragment = IPv4Header(totalLength: 43, protocolNumber: .tcp, source: Sample.from, destination: Sample.to)
        fragment.dontFragment = false
        fragment.moreFragments = true
        #expect(Dissected(Sample.ethernet(.ipv4) + fragment.encoded() + segment(1)).status(.tcp) == .unverified)
        let quote =
            Sample.ethernet(.ipv4) + Sample.ipv4(.icmp, [3, 1, 0, 0, 0, 0, 0, 0] + Sample.ipv4(.tcp, segment(1)))
        #expect(Dissected(quote).status(.tcp) == .unverified)
    }

    @Test func ipHeader() {
        #expect(Dissected(Sample.frame).status(.ipv4) == .correct)
        var wrong = Sample.frame
        wrong[14 + 10] ^= 1
        #expect(Dissected(wrong).status(.ipv4) == .incorrect)
        wrong[14 + 10] = 0
        wrong[14 + 11] = 0
        #expect(Dissected(wrong).status(.ipv4) == .partial)
    }

    @Test func udpWithoutChecksumAndUDPLiteWithCoverage() {
        #expect(Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.udp, Sample.udp([1]))).status(.udp) == .absent)
        var lite: [UInt8] = [0, 1, 0, 2, 0, 8, 0, 0, 9, 9, 9]
        var sum = InternetChecksum()
        sum.addPseudoHeader(
            source: .v4(Sample.from), destination: .v4(Sample.to), protocol: .udplite, length: lite.count)
        sum.add(Array(lite.prefix(8)).rawSpan)
        lite[6] = UInt8(sum.value >> 8)
        lite[7] = UInt8(sum.value & 0xff)
        #expect(Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.udplite, lite)).status(.udplite) == .correct)
        lite[10] = 0  // beyond the coverage
        #expect(Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.udplite, lite)).status(.udplite) == .correct)
        lite[0] = 7
        #expect(Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.udplite, lite)).status(.udplite) == .incorrect)
    }

    @Test func icmpv6NeedsThePseudoHeader() {
        var message: [UInt8] = [128, 0, 0, 0, 0, 1, 0, 2]
        var sum = InternetChecksum()
        sum.addPseudoHeader(
            source: .v6(Sample.from6), destination: .v6(Sample.to6), protocol: .icmpv6, length: message.count)
        sum.add(message.rawSpan)
        message[2] = UInt8(sum.value >> 8)
        message[3] = UInt8(sum.value & 0xff)
        #expect(Dissected(Sample.ethernet(.ipv6) + Sample.ipv6(.icmpv6, message)).status(.icmpv6) == .correct)
        message[7] = 3
        #expect(Dissected(Sample.ethernet(.ipv6) + Sample.ipv6(.icmpv6, message)).status(.icmpv6) == .incorrect)
    }
}
