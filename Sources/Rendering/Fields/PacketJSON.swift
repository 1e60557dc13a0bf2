import Addressing
import Packets

/// Packets as JSON: `-T json` in the shape of tshark's, `-T ndjson` as one flat object a line. Every value is the string that
/// `-T fields` prints; a field with several values is an array.
public struct PacketJSON {
    public enum Shape: Sendable {
        /// An array of `{"_source": {"layers": {…}}}`.
        case document
        /// A line a packet: `{"frame.number":"1",…}`.
        case lines
    }

    private let shape: Shape
    /// What was asked for; empty for everything.
    private let fields: [NamedField]
    private var values: [FieldValue] = []
    private var isFirst = true
    /// Names of fields that the object under way has.
    private var written: Set<String> = []

    public init(_ shape: Shape, fields: [NamedField] = []) {
        self.shape = shape
        self.fields = fields
    }

    /// Writes one packet.
    public mutating func write(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, _ notes: borrowing PacketNotes,
        to out: inout OutputBuffer
    ) {
        switch shape {
        case .document:
            out.append(isFirst ? "[\n  {\n" : ",\n  {\n")
            writeIndex(facts, &out)
            out.append("    \"_type\": \"doc\",\n    \"_score\": null,\n    \"_source\": {\n      \"layers\": {")
            if fields.isEmpty {
                writeLayers(record, dissection, facts, notes, &out)
            } else {
                writeChosen(record, dissection, facts, notes, &out)
            }
            out.append("\n      }\n    }\n  }")
        case .lines:
            out.append(ascii: 123)
            if fields.isEmpty {
                writeFlat(record, dissection, facts, notes, &out)
            } else {
                writeChosen(record, dissection, facts, notes, &out)
            }
            out.append("}\n")
        }
        isFirst = false
    }

    /// Ends the document.
    public func finish(to out: inout OutputBuffer) {
        guard shape == .document else { return }
        out.append(isFirst ? "[\n\n]\n" : "\n]\n")
    }

    /// The index that Elasticsearch would keep the packet in: tshark writes the day.
    private func writeIndex(_ facts: borrowing PacketFacts, _ out: inout OutputBuffer) {
        out.append("    \"_index\": \"packets")
        if let time = facts.timestamp {
            out.append(ascii: 45)
            TimeColumn.writeDate(time.seconds, &out)
        }
        out.append("\",\n")
    }

    /// The fields of each layer in an object of its own. Layers of the same protocol are an array.
    private mutating func writeLayers(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, _ notes: borrowing PacketNotes,
        _ out: inout OutputBuffer
    ) {
        var names: Set<String> = []
        var separate = false
        for outer in -1..<dissection.layers.count {
            let layer = outer < 0 ? LayerRange.frame(of: record, facts) : dissection.layers[outer]
            guard let group = FieldCatalog.fields(of: layer.kind), names.insert(group.name).inserted else { continue }
            var same: [LayerRange] = []
            if outer < 0 { same = [layer] } else {
                for other in dissection.layers where FieldCatalog.fields(of: other.kind)?.name == group.name { same.append(other) }
            }
            out.append(separate ? ",\n        " : "\n        ")
            separate = true
            writeName(group.name, &out)
            out.append(": ")
            if same.count > 1 { out.append(ascii: 91) }
            for (index, one) in same.enumerated() {
                if index > 0 { out.append(", ") }
                guard let group = FieldCatalog.fields(of: one.kind) else { continue }
                writeObject(group, one, record, dissection, facts, notes, &out)
            }
            if same.count > 1 { out.append(ascii: 93) }
        }
    }

    private mutating func writeObject(
        _ group: ProtocolFields, _ layer: LayerRange, _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        _ notes: borrowing PacketNotes, _ out: inout OutputBuffer
    ) {
        out.append(ascii: 123)
        var separate = false
        written.removeAll(keepingCapacity: true)
        for field in group.fields where written.insert(field.name).inserted {
            values.removeAll(keepingCapacity: true)
            for same in group.fields where same.name == field.name {
                same.read(LayerContext(record: record, layer: layer, facts: facts), &values)
            }
            if values.isEmpty { continue }
            out.append(separate ? ",\n          " : "\n          ")
            separate = true
            writeName(field.name, &out)
            out.append(": ")
            writeValues(field.type, array: values.count > 1, nil, record, dissection, facts, notes, &out)
        }
        out.append(separate ? "\n        }" : "}")
    }

    /// All fields of all layers in one object.
    private mutating func writeFlat(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, _ notes: borrowing PacketNotes,
        _ out: inout OutputBuffer
    ) {
        written.removeAll(keepingCapacity: true)
        var separate = false
        for outer in -1..<dissection.layers.count {
            let kind = outer < 0 ? LayerKind.frame : dissection.layers[outer].kind
            guard let group = FieldCatalog.fields(of: kind) else { continue }
            for field in group.fields where written.insert(field.name).inserted {
                guard let named = NamedField(field.name) else { continue }
                values.removeAll(keepingCapacity: true)
                named.read(record, dissection, facts, into: &values)
                if values.isEmpty { continue }
                if separate { out.append(ascii: 44) }
                separate = true
                writeName(field.name, &out)
                out.append(ascii: 58)
                writeValues(field.type, array: values.count > 1, nil, record, dissection, facts, notes, &out)
            }
        }
    }

    /// The fields that were asked for, those that the packet has.
    private mutating func writeChosen(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, _ notes: borrowing PacketNotes,
        _ out: inout OutputBuffer
    ) {
        var separate = false
        for field in fields {
            values.removeAll(keepingCapacity: true)
            field.read(record, dissection, facts, into: &values)
            if values.isEmpty { continue }
            if separate { out.append(ascii: 44) }
            separate = true
            if shape == .document { out.append("\n        ") }
            writeName(field.name, &out)
            out.append(shape == .document ? ": " : ":")
            // tshark writes arrays here, even for one value.
            writeValues(field.type, array: shape == .document || values.count > 1, field, record, dissection, facts, notes, &out)
        }
    }

    private func writeName(_ name: String, _ out: inout OutputBuffer) {
        out.append(ascii: 34)
        out.append(text: name)
        out.append(ascii: 34)
    }

    private func writeValues(
        _ type: FieldType, array: Bool, _ field: NamedField?, _ record: RawSpan, _ dissection: borrowing Dissection,
        _ facts: borrowing PacketFacts, _ notes: borrowing PacketNotes, _ out: inout OutputBuffer
    ) {
        if array { out.append(ascii: 91) }
        for position in 0..<values.count {
            if position > 0 { out.append(ascii: 44) }
            out.append(ascii: 34)
            if let field, field.isProtocol {
                LayerTitle.write(field, values[position], record, dissection, facts, to: &out)
            } else {
                FieldText.write(values[position], as: type, of: record, dissection, notes, escaping: .json, to: &out)
            }
            out.append(ascii: 34)
        }
        if array { out.append(ascii: 93) }
    }
}
