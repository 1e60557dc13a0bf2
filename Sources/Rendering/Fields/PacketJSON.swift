import Addressing
import Packets
import Text

/// Packets as JSON: `-T json` in the shape of tshark's, `-T ndjson` as one flat object a line. Every value is the
/// string that `-T fields` prints, but in the layers of a document bytes have colons between, as tshark's have; a field
/// with several values is an array.
public struct PacketJSON {
    public enum Shape: Sendable {
        /// An array of `{"_source": {"layers": {…}}}`.
        case document
        /// A line a packet: `{"frame.number":"1",…}`.
        case lines
    }

    private let shape: Shape
    /// The fields of a flat object: those that were asked for, or all there are.
    private let names: [String]
    private let fields: [NamedField]
    private let isEverything: Bool
    private var readout: FieldReadout
    private var values: [FieldValue] = []
    private var isFirst = true

    /// - Parameter fields: what was asked for; empty for everything.
    public init(_ shape: Shape, fields: [NamedField] = []) {
        self.shape = shape
        isEverything = fields.isEmpty
        // A document of everything is written layer by layer instead.
        self.fields = !fields.isEmpty ? fields : shape == .lines ? FieldCatalog.all : []
        names = self.fields.map { "\"\($0.name)\":" }
        readout = FieldReadout(self.fields)
    }

    /// Writes one packet.
    public mutating func write(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        _ notes: borrowing PacketNotes,
        to out: inout OutputBuffer
    ) {
        switch shape {
        case .document:
            out.append(isFirst ? "[\n  {\n" : ",\n  {\n")
            writeIndex(facts, &out)
            out.append("    \"_type\": \"doc\",\n    \"_score\": null,\n    \"_source\": {\n      \"layers\": {")
            if isEverything {
                writeLayers(record, dissection, facts, notes, &out)
            } else {
                writeFlat(record, dissection, facts, notes, &out)
            }
            out.append("\n      }\n    }\n  }")
        case .lines:
            out.append(ascii: 123)
            writeFlat(record, dissection, facts, notes, &out)
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
            CivilDate(seconds: time.seconds).write(to: &out)
        }
        out.append("\",\n")
    }

    /// The fields of each layer in an object of its own. Layers of the same protocol are an array.
    private mutating func writeLayers(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        _ notes: borrowing PacketNotes,
        _ out: inout OutputBuffer
    ) {
        var names: Set<String> = []
        var separate = false
        for outer in -1...dissection.layers.count {
            let isLast = outer == dissection.layers.count
            let found =
                outer < 0 ? LayerRange.frame(of: record, facts) : isLast ? dissection.data : dissection.layers[outer]
            guard let layer = found, let group = FieldCatalog.fields(of: layer.kind), names.insert(group.name).inserted
            else { continue }
            var same: [LayerRange] = []
            if outer < 0 || isLast {
                same = [layer]
            } else {
                for other in dissection.layers where FieldCatalog.fields(of: other.kind)?.name == group.name {
                    same.append(other)
                }
            }
            out.append(separate ? ",\n        " : "\n        ")
            separate = true
            out.append(ascii: 34)
            out.append(text: group.name)
            out.append("\": ")
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
        _ group: ProtocolFields, _ layer: LayerRange, _ record: RawSpan, _ dissection: borrowing Dissection,
        _ facts: borrowing PacketFacts,
        _ notes: borrowing PacketNotes, _ out: inout OutputBuffer
    ) {
        out.append(ascii: 123)
        var separate = false
        for index in group.fields.indices {
            let field = group.fields[index]
            // A name that is declared twice has all its values in the first place.
            if group.fields[..<index].contains(where: { $0.name == field.name }) { continue }
            values.removeAll(keepingCapacity: true)
            for same in group.fields[index...] where same.name == field.name {
                same.read(LayerContext(record: record, layer: layer, facts: facts), &values)
            }
            if values.isEmpty { continue }
            out.append(separate ? ",\n          \"" : "\n          \"")
            separate = true
            out.append(text: field.name)
            out.append("\": ")
            if values.count > 1 { out.append(ascii: 91) }
            for position in values.indices {
                if position > 0 { out.append(ascii: 44) }
                out.append(ascii: 34)
                writeInLayer(values[position], field.type, record, dissection, notes, &out)
                out.append(ascii: 34)
            }
            if values.count > 1 { out.append(ascii: 93) }
        }
        out.append(separate ? "\n        }" : "}")
    }

    /// A value as tshark spells it among all the others of its layer: bytes with colons between, nothing for what is
    /// merely there.
    private func writeInLayer(
        _ value: FieldValue, _ type: FieldType, _ record: RawSpan, _ dissection: borrowing Dissection,
        _ notes: borrowing PacketNotes,
        _ out: inout OutputBuffer
    ) {
        guard case .bytes(let start, let end) = value else {
            return FieldText.write(value, as: type, of: record, dissection, notes, escaping: .json, to: &out)
        }
        if type == .presence { return }
        let first = max(0, Int(start))
        for offset in first..<max(first, min(Int(end), record.byteCount)) {
            if offset > first { out.append(ascii: 58) }
            out.append(hexByte: record.uint8(at: offset))
        }
    }

    /// Fields in one object, those that the packet has.
    private mutating func writeFlat(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        _ notes: borrowing PacketNotes,
        _ out: inout OutputBuffer
    ) {
        readout.read(record, dissection, facts)
        var separate = false
        for column in 0..<names.count {
            guard let first = readout.first(column) else { continue }
            if separate { out.append(ascii: 44) }
            separate = true
            if shape == .document { out.append("\n        ") }
            out.append(text: names[column])
            if shape == .document { out.append(ascii: 32) }
            let second = readout.next(first)
            // tshark writes arrays in documents, even for one value.
            let array = shape == .document || second != nil
            if array { out.append(ascii: 91) }
            write(column, first, record, dissection, facts, notes, &out)
            var place = second
            while let current = place {
                out.append(ascii: 44)
                write(column, current, record, dissection, facts, notes, &out)
                place = readout.next(current)
            }
            if array { out.append(ascii: 93) }
        }
    }

    private func write(
        _ column: Int, _ place: Int, _ record: RawSpan, _ dissection: borrowing Dissection,
        _ facts: borrowing PacketFacts,
        _ notes: borrowing PacketNotes, _ out: inout OutputBuffer
    ) {
        out.append(ascii: 34)
        if fields[column].isProtocol {
            LayerTitle.write(fields[column], readout[place], record, dissection, facts, to: &out)
        } else {
            FieldText.write(
                readout[place], as: fields[column].type, of: record, dissection, notes, escaping: .json, to: &out)
        }
        out.append(ascii: 34)
    }
}
