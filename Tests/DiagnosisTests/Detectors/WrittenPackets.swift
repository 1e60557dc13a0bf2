import Addressing
import Conversations
import Diagnosis
import Packets
import Rendering
import TestSupport

/// Packets written down one by one, for detectors: what a link of a few hosts shows.
struct WrittenPackets {
    private var packets: [(milliseconds: Double, bytes: [UInt8])] = []

    /// Sent at `milliseconds`; hosts have the hardware address 02:00:00:00:00:NN of their address's last byte.
    mutating func add(_ milliseconds: Double, _ bytes: [UInt8]) { packets.append((milliseconds, bytes)) }

    static func host(_ last: UInt8) -> IPv4Address { IPv4Address(rawValue: 0x0a00_0000 + UInt32(last)) }
    static func card(_ last: UInt8) -> MACAddress { MACAddress(rawValue: 0x0200_0000_0000 + UInt64(last)) }

    /// An ARP question (1) or answer (2).
    mutating func arp(
        _ milliseconds: Double, _ operation: UInt16, from sender: UInt8, card: UInt8? = nil, to target: UInt8,
        isProbe: Bool = false
    ) {
        let message = ARPMessage(
            operation: operation, senderMAC: Self.card(card ?? sender), senderIPv4: isProbe ? .any : Self.host(sender),
            targetMAC: operation == 2 ? Self.card(target) : MACAddress(rawValue: 0), targetIPv4: Self.host(target))
        add(milliseconds, Self.ethernet(.arp) + message.encoded())
    }

    /// An IPv4 packet.
    static func ip(
        _ source: IPv4Address, _ destination: IPv4Address, _ number: IPProtocol, ttl: UInt8 = 64, _ payload: [UInt8]
    ) -> [UInt8] {
        let header = IPv4Header(
            totalLength: UInt16(20 + payload.count), protocolNumber: number, source: source, destination: destination,
            timeToLive: ttl)
        return ethernet(.ipv4) + header.encoded() + payload
    }

    /// An ICMP message: type, code, the four bytes that follow the checksum, and the rest.
    static func icmp(_ type: UInt8, _ code: UInt8 = 0, _ word: UInt32, _ rest: [UInt8] = []) -> [UInt8] {
        [type, code, 0, 0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } + rest
    }

    /// An echo request (8) or reply (0).
    mutating func echo(
        _ milliseconds: Double, _ type: UInt8, _ source: UInt8, _ destination: UInt8, number: UInt16, ttl: UInt8 = 64
    ) {
        add(
            milliseconds,
            Self.ip(
                Self.host(source), Self.host(destination), .icmp, ttl: ttl,
                Self.icmp(type, 0, 77 << 16 | UInt32(number))))
    }

    /// An ICMP error about a packet of this capture.
    mutating func error(
        _ milliseconds: Double, from sender: UInt8, _ type: UInt8, _ code: UInt8, word: UInt32 = 0, about number: Int
    ) {
        let quoted = Array(packets[number - 1].bytes.dropFirst(14).prefix(28))
        add(milliseconds, Self.ip(Self.host(sender), Self.host(1), .icmp, Self.icmp(type, code, word, quoted)))
    }

    mutating func udp(
        _ milliseconds: Double, _ source: Endpoint, _ destination: Endpoint, ttl: UInt8 = 64, _ payload: [UInt8]
    ) {
        guard case .v4(let from) = source.address, case .v4(let to) = destination.address else { return }
        let header = UDPHeader(
            sourcePort: source.port, destinationPort: destination.port, length: UInt16(8 + payload.count))
        add(milliseconds, Self.ip(from, to, .udp, ttl: ttl, header.encoded() + payload))
    }

    /// An ICMPv6 message between addresses that end in these bytes; 0 is the unspecified address.
    mutating func icmpv6(_ milliseconds: Double, _ source: UInt16, _ destination: IPv6Address, _ message: [UInt8]) {
        let sender = source == 0 ? IPv6Address.any : Self.link(source)
        add(milliseconds, Self.ethernet(.ipv6) + TestPacket.ipv6(.icmpv6, message, from: sender, to: destination))
    }

    /// fe80::NN
    static func link(_ last: UInt16) -> IPv6Address {
        IPv6Address(high: 0xfe80 << 48, low: UInt64(last))
    }

    static func ethernet(_ type: EtherType) -> [UInt8] {
        TestPacket.ethernet(type, from: card(1), to: .broadcast)
    }

    /// What the detectors say, a line a finding.
    var told: [String] {
        stories.flatMap { story in story.findings.map { SentenceText.text($0.sentence) } }
    }

    var stories: [TopicStory] { diagnosis.topics }

    /// Everything that is told: conversations, topics, what matters most.
    var diagnosis: (stories: [Story], topics: [TopicStory], foremost: Foremost) {
        var diagnosis = CaptureDiagnosis()
        var stories: [Story] = []
        var analyzer = TransportAnalyzer(seed: 1)
        var dissection = Dissection()
        for (index, packet) in packets.enumerated() {
            let bytes = packet.bytes.rawSpan
            Dissector().dissect(bytes, linkType: .ethernet, wireLength: packet.bytes.count, into: &dissection)
            var facts = PacketFacts()
            facts.number = index + 1
            facts.timestamp = TestClock.at(Int64(packet.milliseconds * 1000))
            (facts.capturedLength, facts.wireLength) = (packet.bytes.count, packet.bytes.count)
            facts.transport = analyzer.facts(of: bytes, dissection, number: index + 1, time: facts.timestamp)
            analyzer.noteApplications(bytes, dissection, &facts.transport, number: index + 1, time: facts.timestamp)
            diagnosis.take(bytes, dissection, facts)
            while let story = diagnosis.next() { stories.append(story) }
        }
        diagnosis.finish()
        while let story = diagnosis.next() { stories.append(story) }
        let topics = diagnosis.topics()
        return (stories, topics, diagnosis.foremost)
    }

    /// Which packets stand behind the findings of a kind.
    func evidence(_ kind: Finding.Kind) -> [[Int]] {
        stories.flatMap(\.findings).filter { $0.kind == kind }.map(\.evidence.packets.first)
    }
}

extension IPv6Address {
    /// As they stand in a message.
    var octets: [UInt8] {
        [high, low].flatMap { half in
            (0..<8).map { UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * $0)) }
        }
    }
}
