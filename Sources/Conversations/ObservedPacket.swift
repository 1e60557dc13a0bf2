import Addressing
import Packets

/// One TCP segment or UDP datagram as it was seen, owned: what a handshake card, a ladder and an account are made from.
public struct ObservedPacket: Hashable, Sendable {
    /// The record's number in the capture, from 1.
    public let number: Int
    public let time: Timestamp
    public let transport: Transport
    public let source: Endpoint
    public let destination: Endpoint
    /// nil for UDP.
    public let tcp: TCPHeader?
    /// Payload bytes on the wire.
    public let payloadLength: Int
    /// Bytes on the wire, link header included.
    public let wireLength: Int
    /// The IP packet's length on the wire, header included.
    public let networkLength: Int
    public let checksum: ChecksumStatus

    public init(
        number: Int, time: Timestamp, transport: Transport, source: Endpoint, destination: Endpoint, tcp: TCPHeader?,
        payloadLength: Int, wireLength: Int, networkLength: Int, checksum: ChecksumStatus
    ) {
        self.number = number
        self.time = time
        self.transport = transport
        self.source = source
        self.destination = destination
        self.tcp = tcp
        self.payloadLength = payloadLength
        self.wireLength = wireLength
        self.networkLength = networkLength
        self.checksum = checksum
    }

    /// Takes a dissected record's values; nil where it has no TCP or UDP layer of its own, or no time.
    public init?(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: PacketFacts) {
        guard let ends = TransportEnds(record, dissection), let time = facts.timestamp else { return nil }
        number = facts.number
        self.time = time
        transport = ends.transport
        source = ends.sourceEndpoint
        destination = ends.destinationEndpoint
        if ends.transport == .tcp {
            guard let segment = try? TCPSegment(record.extracting(ends.layer.range)) else { return nil }
            tcp = TCPHeader(segment)
        } else {
            tcp = nil
        }
        payloadLength = ends.layer.claimedPayloadLength
        wireLength = facts.wireLength
        networkLength = Int(ends.network.claimedEnd - ends.network.start)
        checksum = TransportChecksum.status(record, ends)
    }

    /// Sequence space that the segment takes: its payload, and one each for SYN and FIN (RFC 9293 section 3.4).
    public var sequenceLength: UInt32 {
        let flags = tcp?.flags ?? []
        return UInt32(truncatingIfNeeded: payloadLength) &+ (flags.contains(.syn) ? 1 : 0) &+ (flags.contains(.fin) ? 1 : 0)
    }
}
