/// One layer of a packet, handed to a field that reads its value from it.
public struct LayerContext: ~Escapable {
    /// The whole record.
    public let record: RawSpan
    public let layer: LayerRange
    public let facts: PacketFacts
    /// The layer's header and payload, as captured.
    public let bytes: RawSpan
    /// The header alone, as far as it was captured and makes sense.
    public let header: RawSpan
    /// Where the one part begins that fields of parts are asked about, counted from the layer's first byte; nil for all
    /// of them.
    let part: Int?

    @_lifetime(copy record)
    public init(record: RawSpan, layer: LayerRange, facts: PacketFacts, part: Int? = nil) {
        self.part = part
        self.record = record
        self.layer = layer
        self.facts = facts
        let start = min(max(0, Int(layer.start)), record.byteCount)
        let end = min(max(start, Int(layer.end)), record.byteCount)
        bytes = record.extracting(start..<end)
        header = record.extracting(start..<min(max(start, Int(layer.headerEnd)), end))
    }
}

/// A part of a layer that has fields of its own, such as an option.
public struct LayerPart: Sendable {
    public let title: String
    /// Its bytes, counted from the layer's first.
    public let range: Range<Int>
}

/// A field: declared once, in its protocol's folder, under Wireshark's name. The tree, JSON, `-T fields`, display
/// filters and `netprobe fields` all come from this.
public struct FieldDefinition: Sendable {
    /// Adds the field's values in this layer, in order; none where the packet does not have it.
    public typealias Reader = @Sendable (borrowing LayerContext, inout [FieldValue]) -> Void

    /// Wireshark's name: `tcp.srcport`.
    public let name: String
    public let type: FieldType
    /// What it is, in a few words: the label in the tree.
    public let meaning: String
    /// Where in the header it lies, if that is always the same.
    public let place: FieldPlace?
    /// The name of a value, where values have names: 6 is TCP.
    public let valueName: (@Sendable (UInt64) -> String?)?
    /// What has to be known about the packet before this can be read.
    public let needs: FieldNeeds
    public let read: Reader
    /// Only for filters and `-e`: the tree shows the same under another name.
    public private(set) var isHidden = false

    /// The same field, left out of the tree.
    var hidden: FieldDefinition {
        var field = self
        field.isHidden = true
        return field
    }

    /// It is read from each of the layer's parts: the tree shows it inside of them.
    public private(set) var isOfPart = false

    var ofPart: FieldDefinition {
        var field = self
        field.isOfPart = true
        return field
    }

    public init(
        _ name: String, _ type: FieldType, _ meaning: String, place: FieldPlace? = nil,
        valueName: (@Sendable (UInt64) -> String?)? = nil, needs: FieldNeeds = [], read: @escaping Reader
    ) {
        self.place = place
        self.name = name
        self.type = type
        self.meaning = meaning
        self.valueName = valueName
        self.needs = needs
        self.read = read
    }
}

/// The fields of one protocol, in the order in which the tree shows them.
public struct ProtocolFields: Sendable {
    public let kind: LayerKind
    /// Wireshark's short name: `tcp`. Itself a field: present wherever the layer is.
    public let name: String
    /// The full name: `Transmission Control Protocol`.
    public let title: String
    public let fields: [FieldDefinition]
    /// Finds the parts that those of the fields are read from that are of a part; nil where there are none.
    public let parts: PartReader?

    public typealias PartReader = @Sendable (borrowing LayerContext) -> [LayerPart]

    public init(
        _ kind: LayerKind, _ name: String, _ title: String, _ fields: [FieldDefinition], parts: PartReader? = nil
    ) {
        self.parts = parts
        self.kind = kind
        self.name = name
        self.title = title
        self.fields = fields
    }
}

extension FieldDefinition {
    /// A field with at most one value, read through its protocol's view. A layer whose view does not open has no
    /// values.
    static func of<View: HeaderView & ~Escapable>(
        _ view: View.Type, _ name: String, _ type: FieldType, _ meaning: String,
        valueName: (@Sendable (UInt64) -> String?)? = nil,
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
        valueName: (@Sendable (UInt64) -> String?)? = nil,
        _ read: @escaping @Sendable (borrowing View) -> FieldValue?
    ) -> FieldDefinition {
        .of(view, name, type, meaning, valueName: valueName) { opened, _ in read(opened) }
    }
}
