import Addressing

/// What a header says about what it carries. A protocol never names the one above it: it returns one of these, and
/// `ProtocolTables` knows who is attached there.
@usableFromInline
enum Handoff {
    case etherType(EtherType)
    case ipProtocol(IPProtocol)
    /// The first nibble of the payload is the IP version.
    case ipVersion
    /// A PPP protocol number (RFC 1661 section 2).
    case pppProtocol(UInt16)
    /// A network layer protocol identifier (ISO/IEC TR 9577), as in frame relay.
    case networkLayerID(UInt8)
    /// An IEEE 802.2 service access point.
    case serviceAccessPoint(UInt8)
    /// A whole frame or packet of a link type: what capture preambles and many tunnels carry.
    case linkType(LinkType)
    /// A frame of a form that no number names.
    case frame(FrameForm)
    /// Another header of the same protocol: a label stack, one tag behind the other.
    case same
    /// A transport's payload, to be found by port.
    case ports(Transport, source: Port, destination: Port)
    /// The same where the segment says which side of TCP is the server: its port decides.
    case server(Port, client: Port)
    /// The type of a pseudowire's associated channel.
    case channelType(UInt16)
    /// A GRE protocol type: an EtherType with some numbers of its own. ERSPAN's first version shows in the missing
    /// sequence.
    case greProtocol(UInt16, hasSequence: Bool)
    /// The application's data.
    case data
    /// What is left belongs to the header's own protocol, which has fields for it.
    case claimed
    /// Nothing further: the reason is in the dissection.
    case stop(DissectionStop)
}

extension Handoff {
    /// An IP packet, told by the version in its first four bits; data where that is neither.
    static func packet(_ record: RawSpan, _ cursor: LayerCursor) -> Handoff {
        guard cursor.has(1) else { return .data }
        switch record.uint8(at: cursor.start) >> 4 {
        case 4: return .linkType(.ipv4)
        case 6: return .linkType(.ipv6)
        default: return .data
        }
    }
}
