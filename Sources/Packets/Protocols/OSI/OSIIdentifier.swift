/// The network layer protocol identifier that begins every OSI packet (ISO/IEC TR 9577): IP among OSI's protocols has
/// one too.
enum OSIIdentifier {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(1) else { return cursor.cut(.osi, required: 1, &layers) }
        let identifier = record.uint8(at: cursor.start)
        cursor.add(.osi, header: 1, to: &layers)
        return .networkLayerID(identifier)
    }
}
