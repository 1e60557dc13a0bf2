import Addressing

/// Reads a list of fields from packet after packet: the layers are walked once for all of them, and nothing is
/// allocated.
public struct FieldReadout: Sendable {
    /// A field's reader in one layer.
    private struct Source: Sendable {
        let column: Int32
        let read: FieldDefinition.Reader
    }

    /// Sources by layer kind, outermost first; `bounds[kind]` is where those of a kind begin, `bounds[kind + 1]` where
    /// they end.
    private let sources: [Source]
    private let bounds: [Int32]
    private let frameSources: Bool
    /// The remarks that fields are asked of.
    private let remarks: [LayerKind]

    private var values = FieldValues()
    /// For each value: the next one of its field, -1 for none.
    private var nexts: [Int32] = []
    /// For each field: the first and the last of its values, -1 for none.
    private var ends: [(first: Int32, last: Int32)]

    /// What was done to find parts since this value was made, for tests.
    package var work: Int { values.work }

    /// A readout of these fields, which are its columns, counted from 0.
    public init(_ fields: [NamedField]) {
        var byKind = [[Source]](repeating: [], count: 256)
        for (column, field) in fields.enumerated() {
            for entry in FieldCatalog.entries(named: field.name) {
                byKind[Int(entry.kind.rawValue)].append(Source(column: Int32(column), read: entry.field.read))
            }
        }
        var flat: [Source] = []
        var bounds: [Int32] = [0]
        for sources in byKind {
            flat += sources
            bounds.append(Int32(flat.count))
        }
        self.sources = flat
        self.bounds = bounds
        frameSources = !byKind[Int(LayerKind.frame.rawValue)].isEmpty
        remarks = LayerKind.allCases.filter { $0.isRemark && !byKind[Int($0.rawValue)].isEmpty }
        ends = Array(repeating: (-1, -1), count: fields.count)
        nexts.reserveCapacity(64)
    }

    /// Reads all fields of a packet; what was read before is gone.
    public mutating func read(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        if !values.isEmpty { clear() }
        values.beginPacket()
        let held = facts.held
        let lent = held.span
        if frameSources { read(.frame(of: record, dissection, facts), record, lent) }
        for index in 0..<dissection.layers.count {
            let layer = dissection.layers[index]
            let kind = Int(layer.kind.rawValue)
            if bounds[kind] < bounds[kind &+ 1] { read(layer, record, lent) }
        }
        for kind in remarks {
            if let layer = dissection.remark(kind) { read(layer, record, lent) }
        }
    }

    private mutating func clear() {
        for column in 0..<ends.count { ends[column] = (-1, -1) }
        nexts.removeAll(keepingCapacity: true)
    }

    private mutating func read(_ layer: LayerRange, _ record: RawSpan, _ facts: Span<PacketFacts>) {
        let kind = Int(layer.kind.rawValue)
        let context = LayerContext(record: record, layer: layer, facts: facts)
        var index = Int(bounds[kind])
        let end = Int(bounds[kind &+ 1])
        while index < end {
            let before = values.count
            sources[index].read(context, &values)
            if values.count > before { link(sources[index].column, from: before) }
            index &+= 1
        }
    }

    /// Hangs the new values on their field's list.
    private mutating func link(_ column: Int32, from before: Int) {
        var (first, last) = ends[Int(column)]
        for index in before..<values.count {
            let number = Int32(truncatingIfNeeded: index)
            nexts.append(-1)
            if last < 0 { first = number } else { nexts[Int(last)] = number }
            last = number
        }
        ends[Int(column)] = (first, last)
    }

    /// The place of a field's first value; nil where the packet has none.
    public func first(_ column: Int) -> Int? {
        let index = ends[column].first
        return index < 0 ? nil : Int(index)
    }

    /// The place of a field's last value.
    public func last(_ column: Int) -> Int? {
        let index = ends[column].last
        return index < 0 ? nil : Int(index)
    }

    /// The place of the next value of the same field.
    public func next(_ place: Int) -> Int? {
        let index = nexts[place]
        return index < 0 ? nil : Int(index)
    }

    /// The value at a place that `first`, `last` or `next` gave for this packet.
    public subscript(place: Int) -> FieldValue { values[place] }
}
