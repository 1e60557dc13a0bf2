/// The network service header (RFC 8300 section 2.2): its length in words in six bits, what follows in the fourth
/// byte.
enum NSHHeader {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(8) else { return cursor.cut(.nsh, required: 8, &layers) }
        let start = cursor.start
        var length = 4 &* Int(record.uint8(at: start &+ 1) & 0x3f)
        switch record.uint8(at: start &+ 2) {
        case 1: length = 24  // four words of context, no less and no more (section 2.4)
        case 2:
            length = max(8, length)
            guard cursor.has(length) else { return cursor.cut(.nsh, required: length, &layers) }
            // Metadata of any length (section 2.5.1): class, type, its length in bytes, and padding to whole words.
            var position = 8
            while position < length {
                guard cursor.has(position &+ 4) else { return cursor.cut(.nsh, required: position &+ 4, &layers) }
                let size = Int(record.uint8(at: start &+ position &+ 3) & 0x7f)
                guard cursor.has(position &+ 4 &+ size) else {
                    return cursor.cut(.nsh, required: position &+ 4 &+ size, &layers)
                }
                position &+= 4 &+ (size &+ 3) & ~3
            }
        default: length = max(8, length)
        }
        guard cursor.has(length) else { return cursor.cut(.nsh, required: length, &layers) }
        let next = record.uint8(at: start &+ 3)
        cursor.add(.nsh, header: length, to: &layers)
        switch next {
        case 1: return .linkType(.ipv4)
        case 2: return .linkType(.ipv6)
        case 3: return .linkType(.ethernet)
        case 4: return .etherType(.networkServiceHeader)
        case 5: return .etherType(.mpls)
        default: return .stop(.unsupported(after: .nsh, number: UInt32(next)))
        }
    }
}

extension ProtocolDescription {
    static let nsh = ProtocolDescription(
        .nsh, "nsh", "Network Service Header", role: .link,
        attachments: [
            .etherType(.networkServiceHeader),
            .greProtocol(EtherType.networkServiceHeader.rawValue),
        ],
        dissect: NSHHeader.dissect)
}

extension EtherType {
    /// The network service header (RFC 8300).
    public static let networkServiceHeader = EtherType(rawValue: 0x894f)
}
