/// LISP's data plane (RFC 9300 section 5.1): eight bytes of flags, nonce and locators, then an IP packet.
enum LISPHeader {
    static let length = 8

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.lisp, required: length, &layers) }
        cursor.add(.lisp, header: length, to: &layers)
        return .packet(record, cursor)
    }

    /// The control plane (RFC 9301 section 5.8): only an encapsulated message, type 8, carries a packet, behind four
    /// bytes.
    static func dissectControl(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff
    {
        guard cursor.has(4) else { return cursor.cut(.lispControl, required: 4, &layers) }
        let type = record.uint8(at: cursor.start) >> 4
        cursor.add(.lispControl, header: 4, to: &layers)
        return type == 8 ? .packet(record, cursor) : .data
    }
}
