/// All that netprobe knows of a protocol, in one value: what it is called, what carries it, how its header is read and
/// shown. Each protocol's folder exports one, in the file `…Protocol.swift`, and `Protocols.all` lists them.
///
/// Adding a protocol is its folder, one line of that list, one case of `LayerKind`, and its test: the tables of ports,
/// numbers and fields are compiled from the list.
public struct ProtocolDescription: Sendable {
    /// Opens the header at the cursor, adds its layer, moves the cursor behind it, and says what comes next.
    typealias Dissect =
        @Sendable (_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff

    /// Whether the message that begins with these bytes asks something of the other end (true) or answers it (false);
    /// nil for one that does neither, or is cut off before it says so.
    typealias Asks = @Sendable (_ message: RawSpan) -> Bool?

    /// The parts of a layer's bytes that mean something together only, but lie apart; empty where there are none.
    typealias Pieces = @Sendable (_ record: RawSpan, _ layer: LayerRange) -> [Range<Int>]

    /// The kind of the layers that it adds.
    public let kind: LayerKind
    /// Wireshark's short name, `tcp`: a field of its own, present wherever the layer is.
    public let name: String
    /// Wireshark's full name, `Transmission Control Protocol`.
    public let title: String
    /// What its layers are for.
    public let role: ProtocolRole
    /// By what its carriers name it.
    let attachments: [Attachment]
    let dissect: Dissect
    /// Goes on where the cursor's resumption stands, when a packet inside is done and the carrier has more of them; nil
    /// for the many that carry one packet.
    let resume: Dissect?
    /// Makes the list of fields: few commands need any, so it is not made before somebody asks.
    private let fieldList: @Sendable () -> [FieldDefinition]
    /// The parts that the tree shows those of the fields in that are of a part; nil where there are none.
    public let parts: ShownParts?
    /// How its messages are told apart over TCP; nil where they are not.
    let framing: MessageFraming?
    /// What of its layers is to be put together, so that fields can be read from it; nil for nothing.
    let pieces: Pieces?
    /// Whether a message asks or answers; nil where messages do not say so.
    let asks: Asks?
    let traits: ProtocolTraits
    let line: LineForm
    let link: LinkForm
    /// What stands behind the full name; nil for nothing.
    public let titleWords: TitleWriter?
    /// How the RFC draws the header, for the bytes of one; nil where there is no drawing.
    public let box: (@Sendable (_ header: RawSpan) -> HeaderLayout?)?

    init(
        _ kind: LayerKind, _ name: String, _ title: String, role: ProtocolRole, attachments: [Attachment] = [],
        traits: ProtocolTraits = [], dissect: @escaping Dissect, resume: Dissect? = nil,
        framing: MessageFraming? = nil, pieces: Pieces? = nil, asks: Asks? = nil,
        fields: @autoclosure @escaping @Sendable () -> [FieldDefinition] = [], parts: ShownParts? = nil,
        line: LineForm = .name, link: LinkForm = .none, titleWords: TitleWriter? = nil,
        box: (@Sendable (_ header: RawSpan) -> HeaderLayout?)? = nil
    ) {
        self.kind = kind
        self.name = name
        self.title = title
        self.role = role
        self.attachments = attachments
        self.traits = traits
        self.dissect = dissect
        self.resume = resume
        self.framing = framing
        self.pieces = pieces
        self.asks = asks
        fieldList = fields
        self.parts = parts
        self.line = line
        self.link = link
        self.titleWords = titleWords
        self.box = box
    }

    /// Something that is no header: the record itself, or a remark about it.
    init(
        notAHeader kind: LayerKind, _ name: String, _ title: String, role: ProtocolRole, traits: ProtocolTraits = [],
        fields: @autoclosure @escaping @Sendable () -> [FieldDefinition] = [], titleWords: TitleWriter? = nil
    ) {
        self.init(
            kind, name, title, role: role, traits: traits, dissect: { _, _, _ in .data }, fields: fields(),
            titleWords: titleWords)
    }

    /// The fields, in the order in which the tree shows them.
    public var fields: [FieldDefinition] { fieldList() }
}

/// What a layer is for.
public enum ProtocolRole: UInt8, Sendable {
    /// The record itself, with the capture's own facts about it.
    case record
    /// Frames over one link, what a capture puts before them, tags and labels: all below the network layer.
    case link
    /// Packets from host to host, and what belongs to that: errors, groups, extension headers.
    case network
    /// From program to program: mostly a protocol with ports.
    case transport
    /// A packet or frame inside of a packet.
    case tunnel
    /// What programs say to each other.
    case application
    /// A remark about the packet that is no layer of it: data, malformed, cut short.
    case remark
}

/// Where a protocol is treated differently from most of its role.
struct ProtocolTraits: OptionSet, Sendable {
    let rawValue: UInt8

    /// Wireshark counts only the header as the protocol's bytes, and not what it carries.
    static let endsWithHeader = ProtocolTraits(rawValue: 1)
    /// The segments before may tell that a segment carries this, or not: `CarriedApplication`.
    static let followsConnection = ProtocolTraits(rawValue: 2)
    /// What is left behind the header is the protocol's own, no data that nobody claims. So it is with applications.
    static let claimsRest = ProtocolTraits(rawValue: 4)
    /// What is left behind an application's message is data.
    static let leavesRest = ProtocolTraits(rawValue: 8)
    /// An EtherType names what it carries; Wireshark counts that step as a protocol too.
    static let namesEtherType = ProtocolTraits(rawValue: 16)
}
