/// The header of Cisco's ERSPAN, mirrored Ethernet frames in GRE (draft-foschiano-erspan sections 4.2 and 4.3): version
/// 1 has eight bytes, version 2 twelve and eight more if its last bit says so.
enum ERSPANHeader {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(2) else { return cursor.cut(.erspan, required: 8, &layers) }
        let start = cursor.start
        var length: Int
        switch record.uint8(at: start) >> 4 {
        case 1: length = 8
        case 2:
            guard cursor.has(12) else { return cursor.cut(.erspan, required: 12, &layers) }
            length = record.uint8(at: start &+ 11) & 1 == 1 ? 20 : 12
        default: return cursor.malformed(.erspan, .version, at: 0, shown: 2, &layers)
        }
        guard cursor.has(length) else { return cursor.cut(.erspan, required: length, &layers) }
        // Version 2 says what was mirrored: 0 Ethernet, 2 bare IP.
        let frameType = length == 8 ? 0 : record.uint8(at: start &+ 10) >> 2 & 0x1f
        cursor.add(.erspan, header: length, to: &layers)
        switch frameType {
        case 0: return .linkType(.ethernet)
        case 2: return cursor.has(1) ? .ipVersion : .data
        default: return .data
        }
    }
}
