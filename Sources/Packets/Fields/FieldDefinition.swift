/// One layer of a packet, handed to a field that reads its value from it.
public struct LayerContext: ~Escapable {
    /// All bytes of the data source that the layer lies in: the record, mostly.
    public let record: RawSpan
    /// Where the layer lies in those bytes.
    public let layer: LayerRange
    private let lentFacts: Span<PacketFacts>
    /// The layer's header and payload, as captured.
    public let bytes: RawSpan
    /// The header alone, as far as it was captured and makes sense.
    public let header: RawSpan

    /// - Parameter facts: one packet's, lent: a layer that had them would be a large copy for each of its fields.
    @_lifetime(copy record, copy facts)
    public init(record: RawSpan, layer: LayerRange, facts: Span<PacketFacts>) {
        self.record = record
        self.layer = layer
        lentFacts = facts
        let start = min(max(0, Int(layer.start)), record.byteCount)
        let end = min(max(start, Int(layer.end)), record.byteCount)
        bytes = record.extracting(start..<end)
        header = record.extracting(start..<min(max(start, Int(layer.headerEnd)), end))
    }
}

extension LayerContext {
    /// What is known of the packet.
    public var facts: PacketFacts {
        @inline(__always)
        get { lentFacts[0] }
    }
}

extension PacketFacts {
    /// To be lent to the layers of a packet.
    public typealias Held = InlineArray<1, PacketFacts>

    /// A copy that can be lent.
    public var held: Held { [self] }
}

/// The name of a field's value, where values have names: 6 is TCP. nil for a value without one.
public typealias ValueName = @Sendable (UInt64) -> StaticString?

/// A field: declared once, in its protocol's folder, under Wireshark's name. The tree, JSON, `-T fields`, display
/// filters and `netprobe fields` all come from this.
public struct FieldDefinition: Sendable {
    /// Hands over the field's values in this layer, in order; none where the packet does not have it.
    public typealias Reader = @Sendable (borrowing LayerContext, inout FieldValues) -> Void

    /// Wireshark's name: `tcp.srcport`.
    public let name: String
    /// What its values are, and how they are written.
    public let type: FieldType
    /// What it is, in a few words: the label in the tree.
    public let meaning: String
    /// Where in the header it lies, if that is always the same.
    public let place: FieldPlace?
    /// The name of a value, where values have names.
    public let valueName: ValueName?
    /// What has to be known about the packet before this can be read.
    public let needs: FieldNeeds
    /// Reads its values from a layer.
    public let read: Reader
    /// The value is what stands at `place`, in every header that fulfils a condition, and nothing else has to be asked.
    private(set) var plain: PlainReading?
    /// How it is read from one of the layer's parts; `read` reads it from all of them.
    let partReading: PartReading?
    /// Only for filters and `-e`: the tree shows the same under another name.
    public private(set) var isHidden = false

    /// The same field, left out of the tree.
    var hidden: FieldDefinition {
        var field = self
        field.isHidden = true
        return field
    }

    /// The field further up in the list without which this one has no values: where that has none, outputs of all
    /// fields need not ask for this one.
    private(set) var leader: String?

    /// The same field, which only has values where the field of that name has some.
    func only(with leader: String) -> FieldDefinition {
        var field = self
        field.leader = leader
        return field
    }

    /// It is read from each of the layer's parts: the tree shows it inside of them.
    public private(set) var isOfPart = false

    var ofPart: FieldDefinition {
        var field = self
        field.isOfPart = true
        return field
    }

    /// A field that is read by a function of its own; most are declared with `at`, which reads what stands at a place.
    public init(
        _ name: String, _ type: FieldType, _ meaning: String, place: FieldPlace? = nil,
        valueName: ValueName? = nil, needs: FieldNeeds = [], read: @escaping Reader
    ) {
        self.init(name, type, meaning, place: place, valueName: valueName, needs: needs, partReading: nil, read: read)
    }

    private init(
        _ name: String, _ type: FieldType, _ meaning: String, place: FieldPlace?, valueName: ValueName?,
        needs: FieldNeeds, partReading: PartReading?, read: @escaping Reader
    ) {
        self.partReading = partReading
        self.place = place
        self.name = name
        self.type = type
        self.meaning = meaning
        self.valueName = valueName
        self.needs = needs
        self.read = read
    }
}

extension FieldDefinition {
    /// How a field is read that stands at a fixed place.
    struct PlainReading: Sendable {
        /// What the number counts in.
        let scale: UInt64
        /// Whether a header has the field; nil where all have it.
        let condition: (@Sendable (_ header: RawSpan) -> Bool)?
    }

    struct PartReading: Sendable {
        let kinds: PartKinds
        let read: PartReader
    }

    /// A field that is read from the parts of a layer, from each that is of one of some kinds.
    static func inParts(
        _ kinds: PartKinds, foundBy finder: @escaping PartFinder, _ name: String, _ type: FieldType, _ meaning: String,
        valueName: ValueName? = nil, needs: FieldNeeds = [], read: @escaping PartReader
    ) -> FieldDefinition {
        FieldDefinition(
            name, type, meaning, place: nil, valueName: valueName, needs: needs,
            partReading: PartReading(kinds: kinds, read: read)
        ) { context, values in
            values.readParts(kinds, of: context, foundBy: finder, read)
        }
    }

    /// A field whose value is what stands at its place.
    init(
        _ name: String, _ type: FieldType, _ meaning: String, at place: FieldPlace, valueName: ValueName?,
        plain: PlainReading
    ) {
        self.init(
            name, type, meaning, place: place, valueName: valueName,
            read: Self.reader(place, type, scale: plain.scale, where: plain.condition))
        self.plain = plain
    }

    /// Reads what stands at a place. A closure for each common type: what the declaration says once is not asked again
    /// for each packet.
    private static func reader(
        _ place: FieldPlace, _ type: FieldType, scale: UInt64,
        where condition: (@Sendable (_ header: RawSpan) -> Bool)?
    ) -> Reader {
        if let condition {
            let read = reader(place, type, scale: scale, where: nil)
            return { context, values in
                guard place.needed <= context.header.byteCount, condition(context.header) else { return }
                read(context, &values)
            }
        }
        return switch type {
        case .unsigned, .hex:
            { context, values in
                if let number = place.number(in: context.header) { values.append(.unsigned(number &* scale)) }
            }
        case .ipv4:
            { context, values in
                guard place.needed <= context.header.byteCount else { return }
                values.append(.ipv4(context.header.ipv4Address(at: place.offset)))
            }
        default:
            { context, values in
                if let value = context.value(at: place, type) { values.append(value) }
            }
        }
    }
}

/// The fields of one protocol, in the order in which the tree shows them.
public struct ProtocolFields: Sendable {
    /// The protocol.
    public let kind: LayerKind
    /// Wireshark's short name: `tcp`. Itself a field: present wherever the layer is.
    public let name: String
    /// The full name: `Transmission Control Protocol`.
    public let title: String
    /// Its fields, in the tree's order; hidden ones are among them.
    public let fields: [FieldDefinition]
    /// The parts that the tree shows those of the fields in that are of a part; nil where there are none.
    let parts: ShownParts?

    init(
        _ kind: LayerKind, _ name: String, _ title: String, _ fields: [FieldDefinition], parts: ShownParts? = nil
    ) {
        self.parts = parts
        self.kind = kind
        self.name = name
        self.title = title
        self.fields = fields
    }
}

extension FieldDefinition {
    /// The field's values in one layer, for those who ask now and then.
    func values(in context: borrowing LayerContext) -> [FieldValue] {
        var found = FieldValues()
        read(context, &found)
        return found.values
    }

    /// A field with at most one value, read through its protocol's view. A layer whose view does not open has no
    /// values.
    static func of<View: HeaderView & ~Escapable>(
        _ view: View.Type, _ name: String, _ type: FieldType, _ meaning: String,
        valueName: ValueName? = nil,
        _ read: @escaping @Sendable (borrowing View, borrowing LayerContext) -> FieldValue?
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning, valueName: valueName) { context, values in
            guard let opened = try? View(context.bytes) else { return }
            if let value = read(opened, context) { values.append(value) }
        }
    }

    /// The same for a value that needs nothing but the header.
    static func of<View: HeaderView & ~Escapable>(
        _ view: View.Type, _ name: String, _ type: FieldType, _ meaning: String,
        valueName: ValueName? = nil,
        _ read: @escaping @Sendable (borrowing View) -> FieldValue?
    ) -> FieldDefinition {
        .of(view, name, type, meaning, valueName: valueName) { opened, _ in read(opened) }
    }
}
