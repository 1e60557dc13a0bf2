/// The bytes that no protocol claims, as fields: Wireshark's `data`.
enum DataFields {
    static let all = ProtocolFields(.data, "data", "Data", [
        FieldDefinition("data.data", .bytes, "Bytes that no protocol claims") { context, values in
            values.append(.bytes(start: context.layer.start, end: context.layer.end))
        },
        FieldDefinition("data.len", .unsigned(bits: 32), "Their number") { context, values in
            values.append(.unsigned(UInt64(context.bytes.byteCount)))
        },
    ])
}

extension Dissection {
    /// What is left behind the last header where no application claims it, as a layer; nil where nothing is left.
    public var data: LayerRange? {
        guard let last = layers.last, last.kind.rawValue < LayerKind.dns.rawValue, !payload.isEmpty else { return nil }
        return LayerRange(kind: .data, start: payload.lowerBound, headerEnd: payload.upperBound, end: payload.upperBound, claimedEnd: payload.upperBound)
    }
}
