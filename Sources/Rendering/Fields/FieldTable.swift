import Addressing
import Packets
import Text

/// Chosen fields of each packet on a line: `-T fields -e …`, spelled and separated as tshark does.
public struct FieldTable: Sendable {
    /// Which of several values of a field are written.
    public enum Occurrence: Sendable { case first, last, all }

    /// tshark's `-E`.
    public struct Options: Sendable {
        /// Between two fields.
        public var separator = UInt8(ascii: "\t")
        /// Between several values of one field.
        public var aggregator = UInt8(ascii: ",")
        /// Which values of a field that has several.
        public var occurrence = Occurrence.all
        /// Around a field that has values.
        public var quote: UInt8?
        /// Whether the first line has the names of the fields.
        public var header = false
        /// The byte order mark of UTF-8 at the beginning.
        public var byteOrderMark = false

        /// tshark's defaults: tabs, all values with commas between, no quotes, no header.
        public init() {}
    }

    private let fields: [NamedField]
    private let types: [FieldType]
    private let areProtocols: [Bool]
    private let options: Options
    private var readout: FieldReadout

    /// A table whose columns are these fields, in this order.
    public init(_ fields: [NamedField], _ options: Options = Options()) {
        self.fields = fields
        self.options = options
        types = fields.map(\.type)
        areProtocols = fields.map(\.isProtocol)
        readout = FieldReadout(fields)
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
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        _ notes: borrowing PacketNotes,
        to out: inout OutputBuffer
    ) {
        readout.read(record, dissection, facts)
        for column in 0..<types.count {
            if column > 0 { out.append(ascii: options.separator) }
            guard let first = readout.first(column) else { continue }
            if let quote = options.quote { out.append(ascii: quote) }
            var place = options.occurrence == .last ? readout.last(column) ?? first : first
            while true {
                write(column, place, record, dissection, facts, notes, &out)
                guard options.occurrence == .all, let next = readout.next(place) else { break }
                out.append(ascii: options.aggregator)
                place = next
            }
            if let quote = options.quote { out.append(ascii: quote) }
        }
        out.append(ascii: 10)
    }

    @inline(__always)
    private func write(
        _ column: Int, _ place: Int, _ record: RawSpan, _ dissection: borrowing Dissection,
        _ facts: borrowing PacketFacts,
        _ notes: borrowing PacketNotes, _ out: inout OutputBuffer
    ) {
        if areProtocols[column] {
            LayerTitle.write(fields[column], readout[place], record, dissection, facts, to: &out)
        } else {
            FieldText.write(
                readout[place], as: types[column], of: record, dissection, notes, escaping: .fields, to: &out)
        }
    }
}
