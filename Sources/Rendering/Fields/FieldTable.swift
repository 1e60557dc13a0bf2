import Addressing
import Packets

/// Chosen fields of each packet on a line: `-T fields -e …`, spelled and separated as tshark does.
public struct FieldTable {
    /// Which of several values of a field are written.
    public enum Occurrence: Sendable { case first, last, all }

    /// tshark's `-E`.
    public struct Options: Sendable {
        public var separator = UInt8(ascii: "\t")
        /// Between several values of one field.
        public var aggregator = UInt8(ascii: ",")
        public var occurrence = Occurrence.all
        /// Around a field that has values.
        public var quote: UInt8?
        public var header = false
        /// The byte order mark of UTF-8 at the beginning.
        public var byteOrderMark = false

        public init() {}
    }

    private let fields: [NamedField]
    private let options: Options
    private let stopAtFirst: Bool
    private var values: [FieldValue] = []

    public init(_ fields: [NamedField], _ options: Options = Options()) {
        self.fields = fields
        self.options = options
        stopAtFirst = options.occurrence == .first
        values.reserveCapacity(16)
    }

    /// Writes what comes before the first packet.
    public func writeHeader(to out: inout OutputBuffer) {
        if options.byteOrderMark { out.append("\u{feff}") }
        guard options.header else { return }
        for index in fields.indices {
            if index > 0 { out.append(ascii: options.separator) }
            out.append(text: fields[index].name)
        }
        out.append(ascii: 10)
    }

    /// Writes one packet's line.
    public mutating func write(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, _ notes: borrowing PacketNotes,
        to out: inout OutputBuffer
    ) {
        for index in 0..<fields.count {
            if index > 0 { out.append(ascii: options.separator) }
            values.removeAll(keepingCapacity: true)
            fields[index].read(record, dissection, facts, stopAtFirst: stopAtFirst, into: &values)
            if values.isEmpty { continue }
            if let quote = options.quote { out.append(ascii: quote) }
            switch options.occurrence {
            case .first: write(0, fields[index], record, dissection, facts, notes, &out)
            case .last: write(values.count &- 1, fields[index], record, dissection, facts, notes, &out)
            case .all:
                for position in 0..<values.count {
                    if position > 0 { out.append(ascii: options.aggregator) }
                    write(position, fields[index], record, dissection, facts, notes, &out)
                }
            }
            if let quote = options.quote { out.append(ascii: quote) }
        }
        out.append(ascii: 10)
    }

    @inline(__always)
    private func write(
        _ position: Int, _ field: borrowing NamedField, _ record: RawSpan, _ dissection: borrowing Dissection,
        _ facts: borrowing PacketFacts, _ notes: borrowing PacketNotes, _ out: inout OutputBuffer
    ) {
        if field.isProtocol {
            LayerTitle.write(field, values[position], record, dissection, facts, to: &out)
        } else {
            FieldText.write(values[position], as: field.type, of: record, dissection, notes, escaping: .fields, to: &out)
        }
    }
}
