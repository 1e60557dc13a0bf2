/// How a protocol's RFC draws its header: cells of so many bits, in order, 32 to a row.
///
/// Most cells are fields: those are named, and their place says how many bits they have and how their values are
/// written.
public struct HeaderLayout: Sendable {
    /// One cell of the drawing.
    public struct Cell: Sendable {
        /// What stands in it, above the value.
        public let label: String
        /// How wide it is.
        public let bits: Int
        /// How its value is written.
        public let type: FieldType
        /// What the number counts in, when not in itself: words of four bytes in a header length.
        public var unit = 1
        /// The name of a value, where values have names: it may stand beside the number.
        public var valueName: ValueName?
    }

    /// The cells of the fixed part.
    public let cells: [Cell]
    /// What stands behind the fixed part, as far as the header goes.
    public let rest: String

    /// - Parameters:
    ///   - fields: where cells that are fields are looked up.
    ///   - parts: the cells in order.
    init(_ fields: [FieldDefinition], rest: String = "Options", _ parts: [Part]) {
        cells = parts.flatMap { $0.cells(fields) }
        self.rest = rest
    }

    /// One or several cells.
    struct Part {
        let cells: ([FieldDefinition]) -> [Cell]

        /// A field at a fixed place.
        /// - Parameters:
        ///   - label: what stands in the cell, where the field's meaning is too long for it.
        ///   - type: how the value is written, where the cell has its own way.
        static func field(_ name: String, _ label: String? = nil, as type: FieldType? = nil, unit: Int = 1) -> Part {
            Part { fields in
                guard let field = fields.first(where: { $0.name == name && $0.place != nil }), let place = field.place
                else { return [] }
                let bits = place.mask == .max ? place.length * 8 : place.mask.nonzeroBitCount
                return [
                    Cell(
                        label: label ?? field.meaning, bits: bits, type: type ?? field.type.withBits(bits), unit: unit,
                        valueName: field.valueName)
                ]
            }
        }

        /// A number that is no field of its own.
        static func number(
            _ label: String, _ bits: Int, unit: Int = 1, names: ValueName? = nil
        ) -> Part {
            Part { _ in
                [Cell(label: label, bits: bits, type: .unsigned(bits: bits), unit: unit, valueName: names)]
            }
        }

        /// The same in hexadecimal.
        static func hex(_ label: String, _ bits: Int, names: ValueName? = nil) -> Part {
            Part { _ in [Cell(label: label, bits: bits, type: .hex(bits: bits), valueName: names)] }
        }

        /// An address.
        static func address(_ label: String, _ type: FieldType) -> Part {
            Part { _ in [Cell(label: label, bits: type.defaultLength * 8, type: type)] }
        }

        /// Bits with a letter each.
        static func flags(_ letters: String) -> Part {
            Part { _ in letters.map { Cell(label: String($0), bits: 1, type: .unsigned(bits: 1)) } }
        }
    }
}

extension FieldType {
    /// The same kind of number, as wide as a cell.
    fileprivate func withBits(_ bits: Int) -> FieldType {
        switch self {
        case .unsigned: .unsigned(bits: bits)
        case .hex: .hex(bits: bits)
        default: self
        }
    }
}
