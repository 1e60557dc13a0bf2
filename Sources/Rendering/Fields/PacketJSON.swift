import Addressing
import Packets
import Text

/// Packets as JSON: `-T json` in the shape of tshark's, `-T ndjson` as one flat object a line. Every value is the
/// string that `-T fields` prints, but in the layers of a document bytes have colons between, as tshark's have; a field
/// with several values is an array.
public struct PacketJSON {
    /// How packets follow each other.
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
    private var values = FieldValues()
    private var isFirst = true
    private let isPart: Bool

    /// What was done to find parts since this value was made, for tests.
    package var work: Int { values.work &+ readout.work }

    /// - Parameters:
    ///   - fields: what was asked for; empty for everything.
    ///   - isPart: whether others write packets of the same document: the capture's first packet begins it.
    public init(_ shape: Shape, fields: [NamedField] = [], isPart: Bool = false) {
        self.shape = shape
        self.isPart = isPart
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
            if isPart { isFirst = facts.number == 1 }
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
    public func finish(to out: inout OutputBuffer) { finish(isEmpty: isFirst, to: &out) }

    /// Ends a document whose packets others wrote.
    /// - Parameter isEmpty: whether there was none.
    public func finish(isEmpty: Bool, to out: inout OutputBuffer) {
        guard shape == .document else { return }
        out.append(isEmpty ? "[\n\n]\n" : "\n]\n")
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
        values.beginPacket()
        let held = facts.held
        let lent = held.span
        let frame = LayerRange.frame(of: record, dissection, facts)
        writeProtocol(JSONPlan.of(.frame), of: frame, record, dissection, lent, notes, &out)
        for index in dissection.layers.indices {
            guard let plan = JSONPlan.of(dissection.layers[index].kind), !isRepeated(plan, index, dissection) else {
                continue
            }
            out.append(ascii: 44)
            writeTitle(plan, &out)
            writeNamesakes(of: plan, from: index, record, dissection, lent, notes, &out)
        }
        if let layer = dissection.data {
            out.append(ascii: 44)
            writeProtocol(JSONPlan.of(.data), of: layer, record, dissection, lent, notes, &out)
        }
    }

    private func writeTitle(_ plan: JSONPlan, _ out: inout OutputBuffer) {
        let text = plan.text
        out.append(raw: text.rawSpan.extracting(plan.title))
    }

    /// Whether a layer further out has the same name.
    private func isRepeated(_ plan: JSONPlan, _ index: Int, _ dissection: borrowing Dissection) -> Bool {
        for outer in 0..<index where JSONPlan.of(dissection.layers[outer].kind)?.namesake == plan.namesake {
            return true
        }
        return false
    }

    private mutating func writeProtocol(
        _ plan: JSONPlan?, of layer: LayerRange, _ record: RawSpan, _ dissection: borrowing Dissection,
        _ facts: Span<PacketFacts>, _ notes: borrowing PacketNotes, _ out: inout OutputBuffer
    ) {
        guard let plan else { return }
        writeTitle(plan, &out)
        writeObject(plan, LayerContext(record: record, layer: layer, facts: facts), dissection, notes, &out)
    }

    /// A layer and those further in that have the same name: several are an array.
    private mutating func writeNamesakes(
        of plan: JSONPlan, from first: Int, _ record: RawSpan, _ dissection: borrowing Dissection,
        _ facts: Span<PacketFacts>, _ notes: borrowing PacketNotes, _ out: inout OutputBuffer
    ) {
        let count = dissection.layers.count
        var isArray = false
        for other in first + 1..<max(count, first + 1)
        where JSONPlan.of(dissection.layers[other].kind)?.namesake == plan.namesake {
            isArray = true
        }
        if isArray { out.append(ascii: 91) }
        for index in first..<count {
            let layer = dissection.layers[index]
            guard let other = JSONPlan.of(layer.kind), other.namesake == plan.namesake else { continue }
            if index > first { out.append(", ") }
            writeObject(other, LayerContext(record: record, layer: layer, facts: facts), dissection, notes, &out)
        }
        if isArray { out.append(ascii: 93) }
    }

    private mutating func writeObject(
        _ plan: JSONPlan, _ context: borrowing LayerContext, _ dissection: borrowing Dissection,
        _ notes: borrowing PacketNotes, _ out: inout OutputBuffer
    ) {
        out.append(ascii: 123)
        var separate = false
        // Held once for all members.
        let text = plan.text
        let words = text.rawSpan
        var index = 0
        while index < plan.members.count {
            let member = plan.members[index]
            index &+= 1
            if member.isNumber {
                guard let number = plan.fields.number(member.step, context) else { continue }
                writeKey(words, member, &separate, &out)
                out.append(ascii: 34)
                switch plan.fields.steps[member.step].type {
                case .hex(let bits): FieldText.writeHex(number, bits: bits, to: &out)
                case .boolean: out.append(ascii: number != 0 ? 49 : 48)
                default: out.append(decimal: number)
                }
                out.append(ascii: 34)
                continue
            }
            values.removeAll()
            plan.fields.readAll(member.step, context, into: &values)
            if values.isEmpty {
                index &+= member.followers
                continue
            }
            writeKey(words, member, &separate, &out)
            let type = plan.fields.steps[member.step].type
            if values.count > 1 { out.append(ascii: 91) }
            for position in values.indices {
                if position > 0 { out.append(ascii: 44) }
                out.append(ascii: 34)
                writeInLayer(values[position], type, context.record, dissection, notes, &out)
                out.append(ascii: 34)
            }
            if values.count > 1 { out.append(ascii: 93) }
        }
        if values.parts.are(of: context.layer), values.parts.isOverBudget {
            out.append(separate ? ",\n          " : "\n          ")
            separate = true
            out.append("\"netprobe.not_shown\": \"more parts or longer names than are read of a packet\"")
        }
        out.append(separate ? "\n        }" : "}")
    }

    @inline(__always)
    private func writeKey(
        _ words: RawSpan, _ member: JSONPlan.Member, _ separate: inout Bool, _ out: inout OutputBuffer
    ) {
        if separate { out.append(ascii: 44) }
        separate = true
        out.append(raw: words.extracting(member.key))
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
        if case .presence = type { return }
        let first = min(max(0, Int(start)), record.byteCount)
        FieldText.writeBytes(record.extracting(first..<max(first, min(Int(end), record.byteCount))), colons: &out)
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
