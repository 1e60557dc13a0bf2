import Addressing
import Capture
import Conversations
import Packets

/// Makes real packets for tests: Ethernet, IP and transport headers encoded, with checksums.
public enum TestPacket {
    public static func tcp(
        _ source: Endpoint, _ destination: Endpoint, _ flags: TCPFlags, seq: UInt32, ack: UInt32 = 0,
        payload: [UInt8] = [],
        window: UInt16 = 65_495, options: [TCPOptions.Option] = [], checksum: Checksum = .correct
    ) -> [UInt8] {
        var header = TCPHeader(
            sourcePort: source.port, destinationPort: destination.port, sequence: SequenceNumber(seq),
            acknowledgment: SequenceNumber(ack),
            flags: flags, window: window, options: options)
        header.checksum = value(checksum, source, destination, .tcp, header.encoded() + payload)
        return ip(source, destination, .tcp, header.encoded() + payload)
    }

    public static func udp(_ source: Endpoint, _ destination: Endpoint, payload: [UInt8], checksum: Checksum = .correct)
        -> [UInt8]
    {
        var header = UDPHeader(
            sourcePort: source.port, destinationPort: destination.port, length: UInt16(8 + payload.count))
        header.checksum = value(checksum, source, destination, .udp, header.encoded() + payload)
        return ip(source, destination, .udp, header.encoded() + payload)
    }

    /// What the checksum field holds.
    public enum Checksum: Sendable { case correct, partial, wrong }

    private static func value(
        _ kind: Checksum, _ source: Endpoint, _ destination: Endpoint, _ number: IPProtocol, _ bytes: [UInt8]
    ) -> UInt16 {
        var sum = InternetChecksum()
        sum.addPseudoHeader(
            source: source.address, destination: destination.address, protocol: number, length: bytes.count)
        if kind == .partial { return sum.folded }
        sum.add(bytes.rawSpan)
        return kind == .correct ? sum.value : sum.value ^ 0x1234
    }

    /// An ICMP destination unreachable (RFC 792) from a host or router about an IPv4 packet that was sent; it quotes
    /// the header and eight bytes.
    public static func unreachable(
        code: UInt8, from sender: IPv4Address, to receiver: IPv4Address, about packet: [UInt8]
    ) -> [UInt8] {
        let message: [UInt8] = [3, code, 0, 0, 0, 0, 0, 0] + packet.dropFirst(14).prefix(28)
        return ethernet(.ipv4) + ipv4(.icmp, message, from: sender, to: receiver)
    }

    private static func ip(_ source: Endpoint, _ destination: Endpoint, _ number: IPProtocol, _ payload: [UInt8])
        -> [UInt8]
    {
        switch (source.address, destination.address) {
        case (.v4(let from), .v4(let to)):
            return ethernet(.ipv4) + ipv4(number, payload, from: from, to: to)
        case (.v6(let from), .v6(let to)):
            return ethernet(.ipv6) + ipv6(number, payload, from: from, to: to)
        default:
            return []
        }
    }

    /// The ICMP error (IPv4) with which the receiver of a packet answers it, quoting its IP header and what follows,
    /// seen as a packet of its own.
    public static func icmpError(about packet: [UInt8], type: UInt8, code: UInt8, number: Int, microseconds: Int64)
        -> ICMPRefusal?
    {
        let quoted = Array(packet.dropFirst(14))
        var sum = InternetChecksum()
        sum.add(([type, code, 0, 0, 0, 0, 0, 0] + quoted).rawSpan)
        let message = [type, code, UInt8(sum.value >> 8), UInt8(sum.value & 0xff), 0, 0, 0, 0] + quoted
        func address(_ start: Int) -> IPv4Address {
            IPv4Address(rawValue: packet[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) })
        }
        let bytes = ethernet(.ipv4) + ipv4(.icmp, message, from: address(30), to: address(26))
        var dissection = Dissection()
        Dissector().dissect(bytes.rawSpan, linkType: .ethernet, wireLength: bytes.count, into: &dissection)
        return ICMPRefusal(bytes.rawSpan, dissection, number: number, time: TestClock.at(microseconds))
    }

    /// Cuts an IP packet in an Ethernet frame into fragments (RFC 791 section 3.2, RFC 8200 section 4.5).
    /// - Parameters:
    ///   - size: bytes of the datagram in each fragment but the last; multiples of 8 are allowed on the wire.
    ///   - identification: the number of the datagram.
    public static func fragments(_ frame: [UInt8], size: Int, identification: UInt16 = 1) -> [[UInt8]] {
        let link = Array(frame.prefix(14))
        let isIPv4 = frame[14] >> 4 == 4
        let header = Array(frame[14..<(isIPv4 ? 34 : 54)])
        let datagram = Array(frame.dropFirst(14 + header.count))
        return stride(from: 0, to: datagram.count, by: size).map { offset in
            let data = Array(datagram[offset..<min(offset + size, datagram.count)])
            let more = offset + size < datagram.count
            var part = header
            if !isIPv4 {
                let length = UInt16(truncatingIfNeeded: data.count + IPv6FragmentHeader.length)
                part.replaceSubrange(4..<6, with: [UInt8(length >> 8), UInt8(length & 0xff)])
                part[6] = IPProtocol.ipv6Fragment.rawValue
                let place = IPv6Fragment(
                    nextHeader: IPProtocol(rawValue: header[6]), fragmentOffset: offset, moreFragments: more,
                    identification: UInt32(identification))
                return link + part + place.encoded() + data
            }
            let length = UInt16(truncatingIfNeeded: 20 + data.count)
            let place = UInt16(truncatingIfNeeded: offset / 8) | (more ? 0x2000 : 0)
            let words = [length, identification, place]
            part.replaceSubrange(2..<8, with: words.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] })
            part.replaceSubrange(10..<12, with: [0, 0])
            var sum = InternetChecksum()
            sum.add(part.rawSpan)
            part.replaceSubrange(10..<12, with: [UInt8(sum.value >> 8), UInt8(sum.value & 0xff)])
            return link + part + data
        }
    }

    // MARK: Headers

    /// An Ethernet header; without addresses it looks as on the loopback device.
    public static func ethernet(
        _ type: EtherType, from source: MACAddress = MACAddress(rawValue: 0),
        to destination: MACAddress = MACAddress(rawValue: 0)
    ) -> [UInt8] {
        EthernetHeader(destination: destination, source: source, etherType: type).encoded()
    }

    /// An IPv4 header without options, and what it carries.
    public static func ipv4(
        _ number: IPProtocol, _ payload: [UInt8], from source: IPv4Address, to destination: IPv4Address
    ) -> [UInt8] {
        IPv4Header(
            totalLength: UInt16(truncatingIfNeeded: 20 + payload.count), protocolNumber: number, source: source,
            destination: destination
        ).encoded() + payload
    }

    /// An IPv6 header without extensions, and what it carries.
    public static func ipv6(
        _ number: IPProtocol, _ payload: [UInt8], from source: IPv6Address, to destination: IPv6Address
    ) -> [UInt8] {
        IPv6Header(
            payloadLength: UInt16(truncatingIfNeeded: payload.count), nextHeader: number, source: source,
            destination: destination
        ).encoded() + payload
    }

    /// Hexadecimal digits as bytes; whatever else stands between them is passed over.
    public static func hex(_ text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    // MARK: Dissection

    /// What a capture says of an Ethernet frame that was captured whole.
    public static func header(_ bytes: [UInt8], number: Int, time: Timestamp?) -> RecordHeader {
        RecordHeader(
            number: number, timestamp: time, capturedLength: bytes.count, wireLength: bytes.count, linkType: .ethernet)
    }

    /// Dissects a packet that was captured whole.
    public static func observed(_ bytes: [UInt8], number: Int, microseconds: Int64) -> ObservedPacket? {
        var dissection = Dissection()
        Dissector().dissect(bytes.rawSpan, linkType: .ethernet, wireLength: bytes.count, into: &dissection)
        var facts = PacketFacts()
        facts.number = number
        facts.timestamp = TestClock.at(microseconds)
        facts.capturedLength = bytes.count
        facts.wireLength = bytes.count
        return ObservedPacket(bytes.rawSpan, dissection, facts)
    }
}

/// Moments of a test, counted from a fixed one.
public enum TestClock {
    public static func at(_ microseconds: Int64) -> Timestamp {
        Timestamp(seconds: 1_763_708_400, nanoseconds: 0).advanced(byNanoseconds: microseconds * 1000)
    }
}

extension TestPacket {
    /// An echo of "hello" between two hosts, from SYN to the last ACK: nine segments without options.
    public static func hello(_ client: Endpoint, _ server: Endpoint) -> [[UInt8]] {
        let text = Array("hello".utf8)
        return [
            tcp(client, server, .syn, seq: 1), tcp(server, client, [.syn, .ack], seq: 8, ack: 2),
            tcp(client, server, .ack, seq: 2, ack: 9),
            tcp(client, server, [.psh, .ack], seq: 2, ack: 9, payload: text),
            tcp(server, client, [.psh, .ack], seq: 9, ack: 7, payload: text),
            tcp(client, server, .ack, seq: 7, ack: 14),
            tcp(client, server, [.fin, .ack], seq: 7, ack: 14),
            tcp(server, client, [.fin, .ack], seq: 14, ack: 8),
            tcp(client, server, .ack, seq: 8, ack: 15),
        ]
    }
}

/// The TCP echo of the course, packet by packet: 12 bytes there and back, the client closes first.
public enum EchoExchange {
    public static let client = Endpoint(.v4(.loopback), 43210)
    public static let server = Endpoint(.v4(.loopback), 65432)
    public static let clientISN: UInt32 = 0xffff_fff8  // wraps inside the message
    public static let serverISN: UInt32 = 1000

    public static let offer: [TCPOptions.Option] = [
        .maximumSegmentSize(65495), .sackPermitted, .timestamps(value: 1, echo: 0), .noOperation, .windowScale(7),
    ]

    public static var packets: [ObservedPacket] {
        let hello = Array("Hello, world".utf8)
        let c = clientISN
        let s = serverISN
        let raw: [(Int64, [UInt8])] = [
            (130, TestPacket.tcp(client, server, .syn, seq: c, options: offer, checksum: .partial)),
            (
                140,
                TestPacket.tcp(server, client, [.syn, .ack], seq: s, ack: c &+ 1, options: offer, checksum: .partial)
            ),
            (150, TestPacket.tcp(client, server, .ack, seq: c &+ 1, ack: s &+ 1, window: 512, checksum: .partial)),
            (
                210,
                TestPacket.tcp(
                    client, server, [.psh, .ack], seq: c &+ 1, ack: s &+ 1, payload: hello, window: 512,
                    checksum: .partial)
            ),
            (215, TestPacket.tcp(server, client, .ack, seq: s &+ 1, ack: c &+ 13, window: 512, checksum: .partial)),
            (
                260,
                TestPacket.tcp(
                    server, client, [.psh, .ack], seq: s &+ 1, ack: c &+ 13, payload: hello, window: 512,
                    checksum: .partial)
            ),
            (265, TestPacket.tcp(client, server, .ack, seq: c &+ 13, ack: s &+ 13, window: 512, checksum: .partial)),
            (
                300,
                TestPacket.tcp(
                    client, server, [.fin, .ack], seq: c &+ 13, ack: s &+ 13, window: 512, checksum: .partial)
            ),
            (
                330,
                TestPacket.tcp(
                    server, client, [.fin, .ack], seq: s &+ 13, ack: c &+ 14, window: 512, checksum: .partial)
            ),
            (335, TestPacket.tcp(client, server, .ack, seq: c &+ 14, ack: s &+ 14, window: 512, checksum: .partial)),
        ]
        return raw.enumerated().compactMap { index, packet in
            TestPacket.observed(packet.1, number: index + 1, microseconds: packet.0)
        }
    }
}
