/// The options of IPv6's hop-by-hop and destination headers as fields.
enum IPv6OptionFields {
    private static func option(
        _ name: String, _ type: FieldType, _ meaning: String, _ value: @escaping @Sendable (_ bytes: RawSpan) -> UInt64?
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning) { context, values in
            var position = 2
            while position < context.header.byteCount {
                // Type, length, value; type 0 is one byte alone (RFC 8200 section 4.2).
                let length =
                    context.header.uint8(at: position) == 0
                    ? 1
                    : position + 1 < context.header.byteCount ? 2 + Int(context.header.uint8(at: position + 1)) : 1
                let end = min(position + length, context.header.byteCount)
                if let number = value(context.header.extracting(position..<end)) { values.append(.unsigned(number)) }
                position += length
            }
        }
    }

    static let all: [FieldDefinition] = [
        option("ipv6.opt.type", .hex(bits: 8), "Option type") { UInt64($0.uint8(at: 0)) },
        option("ipv6.opt.length", .unsigned(bits: 8), "Option length") {
            $0.byteCount > 1 ? UInt64($0.uint8(at: 1)) : nil
        },
        option("ipv6.opt.router_alert", .unsigned(bits: 16), "Router alert") { bytes in
            bytes.byteCount == 4 && bytes.uint8(at: 0) == 5 ? UInt64(bytes.uint16(at: 2)) : nil
        },
        option("ipv6.opt.jumbo", .unsigned(bits: 32), "Jumbo payload length") { bytes in
            bytes.byteCount == 6 && bytes.uint8(at: 0) == 0xc2 ? UInt64(bytes.uint32(at: 2)) : nil
        },
    ]
}
