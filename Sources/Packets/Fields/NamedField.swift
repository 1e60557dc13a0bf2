/// A field that somebody asked for by name: `-e tcp.port`, `-Y 'tcp.port == 80'`. Looked up once, read from every packet.
///
/// The name of a protocol is a field too: it is present wherever the layer is, and its value is the layer's bytes.
public struct NamedField: Sendable {
    public let name: String
    public let type: FieldType
    public let meaning: String
    /// Whether the name is a protocol's.
    public let isProtocol: Bool
    /// What the pipeline has to find out for it.
    public let needs: FieldNeeds
    /// The name of a value, where values have names.
    public let valueName: (@Sendable (UInt64) -> String?)?
    private let sources: [FieldCatalog.Entry]
    /// The layer, where the field is declared for one only: nearly all are.
    private let onlyKind: LayerKind?

    /// Looks a name up.
    /// - Returns: nil for a name that no protocol declares; `FieldCatalog.nearest(to:)` knows what may have been meant.
    public init?(_ name: String) {
        let sources = FieldCatalog.entries(named: name)
        guard let first = sources.first else { return nil }
        self.name = name
        self.sources = sources
        type = first.field.type
        meaning = first.field.meaning
        isProtocol = first.isProtocol
        valueName = first.field.valueName
        needs = sources.reduce(into: []) { $0.formUnion($1.field.needs) }
        onlyKind = sources.count == 1 ? first.kind : nil
    }

    /// Adds the field's values in a packet, from the outermost layer in.
    /// - Parameter stopAtFirst: whether layers after the first that has a value are left alone.
    public func read(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, stopAtFirst: Bool = false,
        into values: inout [FieldValue]
    ) {
        if let onlyKind {
            if onlyKind == .frame {
                sources[0].field.read(LayerContext(record: record, layer: .frame(of: record, facts), facts: facts), &values)
                return
            }
            for layer in dissection.layers where layer.kind == onlyKind {
                sources[0].field.read(LayerContext(record: record, layer: layer, facts: facts), &values)
                if stopAtFirst, !values.isEmpty { return }
            }
            return
        }
        for source in sources where source.kind == .frame {
            source.field.read(LayerContext(record: record, layer: .frame(of: record, facts), facts: facts), &values)
        }
        for layer in dissection.layers {
            for source in sources where source.kind == layer.kind {
                source.field.read(LayerContext(record: record, layer: layer, facts: facts), &values)
                if stopAtFirst, !values.isEmpty { return }
            }
        }
    }

    /// Adds the values in the layers that `wanted` accepts: it is given each layer's place among those of its protocol,
    /// counted from 1, and how many there are.
    func read(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, into values: inout [FieldValue],
        layers wanted: (_ number: Int, _ count: Int) -> Bool
    ) {
        for source in sources {
            if source.kind == .frame {
                if wanted(1, 1) { source.field.read(LayerContext(record: record, layer: .frame(of: record, facts), facts: facts), &values) }
                continue
            }
            var count = 0
            for layer in dissection.layers where layer.kind == source.kind { count &+= 1 }
            var number = 0
            for layer in dissection.layers where layer.kind == source.kind {
                number &+= 1
                if wanted(number, count) { source.field.read(LayerContext(record: record, layer: layer, facts: facts), &values) }
            }
        }
    }
}

extension LayerRange {
    /// The record itself as a layer: what the `frame` fields are read from.
    public static func frame(of record: RawSpan, _ facts: borrowing PacketFacts) -> LayerRange {
        LayerRange(kind: .frame, start: 0, headerEnd: record.byteCount, end: record.byteCount, claimedEnd: max(facts.wireLength, record.byteCount))
    }
}
