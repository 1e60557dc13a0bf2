import Addressing
import Conversations
import Packets

/// One packet as one capture saw it, with what tells it from others wherever it is seen.
public struct Sighting: Hashable, Sendable {
    /// The packet as it was seen.
    public let packet: ObservedPacket
    /// What neither routers nor address translation change.
    public let content: PacketContent
    /// IPv4's identification, which tells a segment from the same one sent again; nil over IPv6, and where it is 0, as
    /// Linux has it in datagrams that must not be fragmented (RFC 6864 section 4.1).
    public let identification: UInt16?
    /// Time to live or hop limit: lower at the capture that is farther from the sender, by the routers between.
    public let hopsLeft: UInt8

    /// Takes a dissected record's values; nil where it has no TCP or UDP layer of its own, or no time.
    ///
    /// - Parameters:
    ///   - depth: how many payload bytes are compared: no more than both captures have kept.
    ///   - keepingWords: whether it is kept in a few words what the packet carries.
    public init?(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: PacketFacts, depth: Int,
        keepingWords: Bool = false
    ) {
        guard var packet = ObservedPacket(record, dissection, facts), let ends = TransportEnds(record, dissection)
        else { return nil }
        if keepingWords { packet.words = PayloadWords(record, dissection, of: ends.layer) }
        self.packet = packet
        if ends.network.kind == .ipv4 {
            guard let network = try? IPv4Packet(record.extracting(ends.network.range)) else { return nil }
            identification = network.identification == 0 ? nil : network.identification
            hopsLeft = network.timeToLive
        } else {
            guard let network = try? IPv6Packet(record.extracting(ends.network.range)) else { return nil }
            identification = nil
            hopsLeft = network.hopLimit
        }
        content = PacketContent(packet, record.extracting(ends.layer.payload), depth: depth)
    }

    /// The least number of payload bytes that a capture kept of a packet that it cut; nil where this one is whole.
    public static func keptPayload(_ record: RawSpan, _ dissection: borrowing Dissection) -> Int? {
        guard let ends = TransportEnds(record, dissection), ends.layer.end < ends.layer.claimedEnd else { return nil }
        return max(0, Int(ends.layer.end) - Int(ends.layer.headerEnd))
    }
}

/// The part of a segment or datagram that arrives as it was sent: addresses, ports, time to live and checksums may be
/// rewritten on the way, TCP's numbers and the payload are not.
public struct PacketContent: Hashable, Sendable {
    private let transport: Transport
    private let sequence: UInt32
    private let acknowledgment: UInt32
    private let flags: UInt16
    private let length: Int
    /// RFC 7323: the sender's clock and its echo.
    private let clock: UInt64
    private let payload: UInt64

    /// The most payload bytes that are worth comparing.
    public static let greatestDepth = 256

    init(_ packet: ObservedPacket, _ bytes: RawSpan, depth: Int) {
        transport = packet.transport
        sequence = packet.tcp?.sequence.rawValue ?? 0
        // Routers set the bits of explicit congestion notification (RFC 3168), and what stands in the field without ACK
        // is not said.
        let said = packet.tcp?.flags.subtracting([.ece, .cwr, .ae]) ?? []
        flags = said.rawValue
        acknowledgment = said.contains(.ack) ? packet.tcp?.acknowledgment.rawValue ?? 0 : 0
        length = packet.payloadLength
        var clock: UInt64 = 0
        for option in packet.tcp?.options ?? [] {
            if case .timestamps(let value, let echo) = option { clock = UInt64(value) << 32 | UInt64(echo) }
        }
        self.clock = clock
        payload = Self.hash(bytes, count: min(depth, bytes.byteCount, length))
    }

    /// FNV-1a.
    private static func hash(_ bytes: RawSpan, count: Int) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for offset in 0..<max(0, count) { hash = (hash ^ UInt64(bytes.uint8(at: offset))) &* 0x0000_0100_0000_01b3 }
        return hash
    }
}
