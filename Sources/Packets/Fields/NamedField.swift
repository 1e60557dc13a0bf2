/// A field that somebody asked for by name: `-e tcp.port`, `-Y 'tcp.port == 80'`. Looked up once, read from every
/// packet.
///
/// The name of a protocol is a field too: it is present wherever the layer is, and its value is the layer's bytes.
public struct NamedField: Sendable {
    /// The name as it was asked for.
    public let name: String
    /// What its values are; several protocols that declare one name agree on it.
    public let type: FieldType
    /// What it is, in a few words.
    public let meaning: String
    /// Whether the name is a protocol's.
    public let isProtocol: Bool
    /// What the pipeline has to find out for it.
    public let needs: FieldNeeds
    /// The name of a value, where values have names.
    public let valueName: ValueName?
    let reader: FieldReader

    /// Looks a name up.
    /// - Returns: nil for a name that no protocol declares; `FieldCatalog.nearest(to:)` knows what may have been meant.
    public init?(_ name: String) {
        let entries = FieldCatalog.entries(named: name)
        guard let first = entries.first else { return nil }
        self.name = name
        type = first.field.type
        meaning = first.field.meaning
        isProtocol = first.isProtocol
        valueName = first.field.valueName
        needs = entries.reduce(into: []) {
            $0.formUnion($1.kind.followsConnection ? $1.field.needs.union(.applications) : $1.field.needs)
            // What is said over TCP may take more than one segment.
            if $1.kind.role == .application || $1.kind.isRemark { $0.insert(.messages) }
        }
        reader = FieldReader(entries)
    }

    /// Adds the field's values in a packet, from the outermost layer in. For a few packets; whoever reads many keeps a
    /// `FieldReadout`.
    public func read(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        into values: inout [FieldValue]
    ) {
        var found = FieldValues()
        reader.read(record, dissection, facts, into: &found)
        values += found.values
    }
}

/// What reads one field: all that the hot path needs of it, in one reference.
struct FieldReader: Sendable {
    struct Source: Sendable {
        let kind: LayerKind
        let read: FieldDefinition.Reader
    }

    let sources: [Source]

    init(_ entries: [FieldCatalog.Entry]) { sources = entries.map { Source(kind: $0.kind, read: $0.field.read) } }

    /// Adds the field's values, from the outermost layer in.
    /// - Parameter stopAtFirst: whether layers after the first that has a value are left alone.
    func read(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        stopAtFirst: Bool = false,
        into values: inout FieldValues
    ) {
        let held = facts.held
        let lent = held.span
        var index = 0
        while index < sources.count, sources[index].kind == .frame {
            let frame = LayerRange.frame(of: record, dissection, facts)
            sources[index].read(LayerContext(record: record, layer: frame, facts: lent), &values)
            index &+= 1
        }
        if index == sources.count { return }
        for position in 0..<dissection.layers.count {
            let layer = dissection.layers[position]
            for source in index..<sources.count where sources[source].kind == layer.kind {
                sources[source].read(LayerContext(record: record, layer: layer, facts: lent), &values)
                if stopAtFirst, !values.isEmpty { return }
            }
        }
        // What no protocol claims is no layer of the dissection; its fields are declared last.
        guard sources[sources.count &- 1].kind.isRemark else { return }
        for source in index..<sources.count {
            guard let layer = dissection.remark(sources[source].kind) else { continue }
            sources[source].read(LayerContext(record: record, layer: layer, facts: lent), &values)
        }
    }

    /// Adds the values in the layers that `wanted` accepts: it is given each layer's place among those of its protocol,
    /// counted from 1, and how many there are.
    func read(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        into values: inout FieldValues,
        layers wanted: (_ number: Int, _ count: Int) -> Bool
    ) {
        let held = facts.held
        let lent = held.span
        for source in sources {
            if source.kind == .frame {
                if wanted(1, 1) {
                    let frame = LayerRange.frame(of: record, dissection, facts)
                    source.read(LayerContext(record: record, layer: frame, facts: lent), &values)
                }
                continue
            }
            if source.kind.isRemark {
                if wanted(1, 1), let layer = dissection.remark(source.kind) {
                    source.read(LayerContext(record: record, layer: layer, facts: lent), &values)
                }
                continue
            }
            var count = 0
            for layer in dissection.layers where layer.kind == source.kind { count &+= 1 }
            var number = 0
            for layer in dissection.layers where layer.kind == source.kind {
                number &+= 1
                if wanted(number, count) {
                    source.read(LayerContext(record: record, layer: layer, facts: lent), &values)
                }
            }
        }
    }
}

extension LayerRange {
    /// The record itself as a layer: what the `frame` fields are read from.
    public static func frame(
        of packet: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts
    ) -> LayerRange {
        let length = dissection.frameLength(in: packet)
        return LayerRange(
            kind: .frame, start: 0, headerEnd: length, end: length, claimedEnd: max(facts.wireLength, length))
    }
}
