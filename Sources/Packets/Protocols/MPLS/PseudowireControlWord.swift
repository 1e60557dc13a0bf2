/// The control word between the labels and the frame of a pseudowire (RFC 4385 section 3; RFC 4448 for Ethernet).
///
///     +-------+-------+-------+-------+-------------------------------+
///     |0 0 0 0|         flags         |        Sequence number        |
///     +-------+-----------------------+-------------------------------+
enum PseudowireControlWord {
    static let length = 4

    /// Whether the frame begins without a control word, its first address with four zero bits: both places where the
    /// addresses would then lie begin with a number that the IEEE has assigned. A guess, and Wireshark's.
    static func isMissing(_ record: RawSpan, _ cursor: LayerCursor) -> Bool {
        cursor.has(14) && isAssigned(record.uint16(at: cursor.start))
            && isAssigned(record.uint16(at: cursor.start &+ 6))
    }

    /// The IEEE assigned 00:00:00 to 00:26:ff one after the other, and whole blocks above.
    private static func isAssigned(_ start: UInt16) -> Bool {
        switch start {
        case 0x0000...0x0026, 0x0030, 0x0040, 0x0800, 0x0050, 0x0060, 0x0080, 0x0090, 0x00a0, 0x00c0, 0x00d0, 0x00e0:
            true
        default: false
        }
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.pseudowire, required: length, &layers) }
        cursor.add(.pseudowire, header: length, to: &layers)
        return .linkType(.ethernet)
    }
}
