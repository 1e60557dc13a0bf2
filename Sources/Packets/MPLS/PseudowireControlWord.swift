/// The control word between the labels and the frame of a pseudowire (RFC 4385 section 3; RFC 4448 for Ethernet).
///
///     +-------+-------+-------+-------+-------------------------------+
///     |0 0 0 0|         flags         |        Sequence number        |
///     +-------+-----------------------+-------------------------------+
enum PseudowireControlWord {
    static let length = 4

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.pseudowire, required: length, &layers) }
        cursor.add(.pseudowire, header: length, to: &layers)
        return .linkType(.ethernet)
    }
}
