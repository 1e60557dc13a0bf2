import Addressing
import Packets
import TestSupport

/// A packet, dissected, with what is known about it: what filters are tried on.
struct FilterSample {
    var bytes: [UInt8]
    var linkType = LinkType.ethernet
    var facts = PacketFacts()
    var notes = PacketNotes.none

    init(_ bytes: [UInt8], linkType: LinkType = .ethernet) {
        self.bytes = bytes
        self.linkType = linkType
        facts.number = 7
        facts.timestamp = Timestamp(seconds: 1_555_946_598, nanoseconds: 753_357_000)
        facts.capturedLength = bytes.count
        facts.wireLength = bytes.count
        facts.sincePrevious = 15_605_000
        facts.transport.tcpLayer = 34
        facts.transport.tcpStream = 3
        facts.transport.sequence = 1
        facts.transport.has = [.stream, .sequence]
    }

    func passes(_ text: String) throws -> Bool {
        var filter = try DisplayFilter(text)
        var dissection = Dissection()
        Dissector().dissect(bytes.rawSpan, linkType: linkType, wireLength: facts.wireLength, into: &dissection)
        return filter.matches(bytes.rawSpan, dissection, facts, notes)
    }

    static func bytes(_ hex: String) -> [UInt8] { TestPacket.hex(hex) }

    /// Ethernet, IPv4, TCP: 192.168.0.119:64698 > 169.60.153.61:80, PSH+ACK, "GET /a HTTP".
    static let tcp = FilterSample(
        bytes(
            """
            140c768ffe28 d0509956ddf9 0800
            4500 0033 3732 4000 80 06 0000 c0a80077 a93c993d
            fcba 0050 4a3f0897 72bc8d66 5018 0402 0589 0000
            474554202f612048545450
            """))
    /// Ethernet, IPv6, UDP: [2001:db8::1]:1234 > [2001:db8::2]:5678, two bytes.
    static let udp6 = FilterSample(
        bytes(
            """
            333300000001 020000000001 86dd
            60000000 000a 11 40 20010db8000000000000000000000001 20010db8000000000000000000000002
            04d2 162e 000a 0000 abcd
            """))
    /// An ICMP error that quotes a UDP datagram: two IPv4 layers.
    static let icmp = FilterSample(
        bytes(
            """
            020000000001 020000000002 0800
            4500 0038 0001 0000 40 01 0000 0a000001 0a000002
            0303 0000 00000000
            4500 001c 0002 0000 3f 11 0000 0a000002 0b000001
            1234 0035 0008 0000
            """))
}
