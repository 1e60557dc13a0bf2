import Addressing

/// Fields that stand at a fixed place of their layer: shown as far as the layer reaches, so that a header cut short
/// still shows what is there.
extension FieldDefinition {
    /// A number in network byte order, `length` bytes long (1, 2, 4 or 8), `offset` bytes into the layer.
    static func fixed(
        _ name: String, _ type: FieldType, _ meaning: String, at offset: Int, length: Int,
        valueName: ValueName? = nil,
        read: @escaping @Sendable (UInt64) -> FieldValue? = { .unsigned($0) }
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning, valueName: valueName) { context, values in
            guard offset &+ length <= context.bytes.byteCount else { return }
            let number: UInt64 =
                switch length {
                case 1: UInt64(context.bytes.uint8(at: offset))
                case 2: UInt64(context.bytes.uint16(at: offset))
                case 4: UInt64(context.bytes.uint32(at: offset))
                default: context.bytes.uint64(at: offset)
                }
            if let value = read(number) { values.append(value) }
        }
    }

    /// An IPv4 address at a fixed place.
    static func fixedIPv4(_ name: String, _ meaning: String, at offset: Int) -> FieldDefinition {
        fixed(
            name, .ipv4, meaning, at: offset, length: 4,
            read: { .ipv4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: $0))) })
    }

    /// Bytes at a fixed place.
    static func fixedBytes(_ name: String, _ meaning: String, at offset: Int, length: Int) -> FieldDefinition {
        FieldDefinition(name, .bytes, meaning) { context, values in
            guard offset &+ length <= context.bytes.byteCount else { return }
            let start = Int(context.layer.start) &+ offset
            values.append(.bytes(start..<start &+ length))
        }
    }
}

extension FieldValue {
    /// Bytes of the record.
    static func bytes(_ range: Range<Int>) -> FieldValue {
        .bytes(start: Int32(truncatingIfNeeded: range.lowerBound), end: Int32(truncatingIfNeeded: range.upperBound))
    }

    static func webAddress(host: Range<Int>, target: Range<Int>) -> FieldValue {
        .webAddress(
            hostStart: Int32(truncatingIfNeeded: host.lowerBound), hostEnd: Int32(truncatingIfNeeded: host.upperBound),
            targetStart: Int32(truncatingIfNeeded: target.lowerBound),
            targetEnd: Int32(truncatingIfNeeded: target.upperBound))
    }

    /// Text in the record.
    static func text(_ range: Range<Int>) -> FieldValue {
        .text(start: Int32(truncatingIfNeeded: range.lowerBound), end: Int32(truncatingIfNeeded: range.upperBound))
    }
}
