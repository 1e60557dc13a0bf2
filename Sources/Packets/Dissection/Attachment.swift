import Addressing

/// By what a carrier names what it carries: numbers of a header's field, ports, forms of frames, or the look of the
/// bytes. A protocol declares in its description where it is attached, and no protocol names the one above it.
struct Attachment: Sendable {
    enum Point: Hashable, Sendable {
        /// The first header of a record, or of a whole frame inside of something.
        case linkType(LinkType)
        case etherType(EtherType)
        case ipProtocol(IPProtocol)
        /// The first four bits of a packet of which nothing else is said.
        case ipVersion(UInt8)
        case udpPort(UInt16)
        case tcpPort(UInt16)
        /// A PPP protocol number (IANA "PPP DLL Protocol Numbers").
        case pppProtocol(UInt16)
        /// What GRE names by another number than its EtherType, or differently with and without a sequence number.
        case greProtocol(UInt16, hasSequence: Bool)
        /// A network layer protocol identifier (ISO/IEC TR 9577).
        case networkLayerID(UInt8)
        /// An IEEE 802.2 service access point.
        case servicePoint(UInt8)
        /// A pseudowire's associated channel (IANA "MPLS Generalized Associated Channel (G-ACh) Types").
        case channelType(UInt16)
        case frame(FrameForm)
        /// Where no port says what a transport carries: the bytes.
        case content(Transport, Certainty)
    }

    /// How much the look of a payload says.
    enum Certainty: Hashable, Sendable {
        /// What a connection begins with is that protocol's, whatever the ports say. Asked where messages are put
        /// together.
        case opening
        /// It is that protocol whatever the ports say.
        case certain
        /// It may be chance, and a port of another protocol says more.
        case guess
    }

    /// Whether the bytes at the cursor are the protocol's.
    /// - Parameter isOpening: the segment opens its connection and says by that which port is the server's.
    typealias Acceptance = @Sendable (_ record: RawSpan, _ cursor: LayerCursor, _ isOpening: Bool) -> Bool

    let points: [Point]
    /// Where the number is not enough; nil where it is.
    var accepts: Acceptance?
    /// Reads what is attached here, where that is not the protocol's own `dissect`.
    var entry: ProtocolDescription.Dissect?
}

/// A form of frame that a carrier or the bytes announce without a number.
@usableFromInline
enum FrameForm: UInt8, CaseIterable, Sendable {
    /// An IEEE 802.2 LLC header.
    case logicalLink
    /// A PPP frame without HDLC's two bytes before its protocol.
    case ppp
    /// What looked like an Ethernet frame is one in Cisco's ISL.
    case interSwitchLink
    /// The same in Cisco's FabricPath.
    case fabricPath
    /// A control word begins what an MPLS label carries (RFC 4928 section 3).
    case pseudowire
    /// An associated channel's header begins it (RFC 5586).
    case associatedChannel
    /// The body of a message that says it describes a session.
    case sessionDescription
}

extension Attachment {
    typealias Dissect = ProtocolDescription.Dissect

    static func linkType(_ types: LinkType..., via entry: Dissect? = nil) -> Attachment {
        Attachment(points: types.map { .linkType($0) }, entry: entry)
    }

    static func etherType(_ types: EtherType..., via entry: Dissect? = nil) -> Attachment {
        Attachment(points: types.map { .etherType($0) }, entry: entry)
    }

    static func ipProtocol(_ numbers: IPProtocol..., via entry: Dissect? = nil) -> Attachment {
        Attachment(points: numbers.map { .ipProtocol($0) }, entry: entry)
    }

    static func ipVersion(_ versions: [UInt8]) -> Attachment { Attachment(points: versions.map { .ipVersion($0) }) }

    static func udpPort(_ ports: UInt16..., via entry: Dissect? = nil, accepts: Acceptance? = nil) -> Attachment {
        Attachment(points: ports.map { .udpPort($0) }, accepts: accepts, entry: entry)
    }

    static func tcpPort(_ ports: UInt16..., via entry: Dissect? = nil, accepts: Acceptance? = nil) -> Attachment {
        Attachment(points: ports.map { .tcpPort($0) }, accepts: accepts, entry: entry)
    }

    static func pppProtocol(_ numbers: UInt16..., via entry: Dissect? = nil) -> Attachment {
        Attachment(points: numbers.map { .pppProtocol($0) }, entry: entry)
    }

    static func greProtocol(_ numbers: UInt16..., via entry: Dissect? = nil) -> Attachment {
        greProtocols(numbers, via: entry)
    }

    static func greProtocols(_ numbers: [UInt16], via entry: Dissect? = nil) -> Attachment {
        let points = numbers.flatMap { number -> [Point] in
            [.greProtocol(number, hasSequence: false), .greProtocol(number, hasSequence: true)]
        }
        return Attachment(points: points, entry: entry)
    }

    static func greProtocol(_ number: UInt16, hasSequence: Bool) -> Attachment {
        Attachment(points: [.greProtocol(number, hasSequence: hasSequence)])
    }

    static func networkLayerID(_ numbers: UInt8...) -> Attachment {
        Attachment(points: numbers.map { .networkLayerID($0) })
    }

    static func servicePoint(_ points: UInt8...) -> Attachment {
        Attachment(points: points.map { .servicePoint($0) })
    }

    static func channelType(_ types: UInt16...) -> Attachment { Attachment(points: types.map { .channelType($0) }) }

    static func frame(_ form: FrameForm) -> Attachment { Attachment(points: [.frame(form)]) }

    /// What no port names, but its bytes.
    static func content(
        over transport: Transport, _ certainty: Certainty = .guess, looksLike accepts: @escaping Acceptance
    ) -> Attachment {
        Attachment(points: [.content(transport, certainty)], accepts: accepts)
    }
}
