/// The fields of an LLC header and the SNAP header behind it.
enum LLCFields {
    private static func isSNAP(_ header: RawSpan) -> Bool {
        header.byteCount >= 8 && header.uint16(at: 0) == 0xaaaa
    }

    static let all = ProtocolFields(
        .llc, "llc", "Logical-Link Control",
        [
            .at(0, "llc.dsap", .hex(bits: 8), "Destination service access point"),
            .at(1, "llc.ssap", .hex(bits: 8), "Source service access point"),
            // One byte in unnumbered frames, two in the others, the low one first (IEEE 802.2 section 5.3).
            FieldDefinition("llc.control", .hex(bits: 16), "Control field") { context, values in
                guard context.bytes.byteCount >= 3 else { return }
                if context.bytes.uint8(at: 2) & 3 == 3 {
                    values.append(.unsigned(UInt64(context.bytes.uint8(at: 2))))
                } else if context.bytes.byteCount >= 4 {
                    values.append(.unsigned(UInt64(context.bytes.littleEndianUInt16(at: 2))))
                }
            },
            .at(3, "llc.oui", .unsigned(bits: 24), "Organization code") { isSNAP($0) },
            .at(6, "llc.type", .hex(bits: 16), "Type") { isSNAP($0) && $0.uint32(at: 2) & 0xff_ffff == 0 },
        ])
}
