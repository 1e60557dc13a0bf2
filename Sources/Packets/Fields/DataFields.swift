/// The bytes that no protocol claims, as fields: Wireshark's `data`.
enum DataFields {
    static let all = ProtocolFields(
        .data, "data", "Data",
        [
            FieldDefinition("data.data", .bytes, "Bytes that no protocol claims") { context, values in
                values.append(.bytes(start: context.layer.start, end: context.layer.end))
            },
            FieldDefinition("data.len", .unsigned(bits: 32), "Their number") { context, values in
                values.append(.unsigned(UInt64(context.bytes.byteCount)))
            },
        ])
}

extension LayerKind {
    /// Not among a dissection's layers: what `Dissection.remark` knows.
    var isRemark: Bool { role == .remark }
}

extension Dissection {
    /// What a dissection says beside its layers, as a layer; nil where it does not say that.
    func remark(_ kind: LayerKind) -> LayerRange? {
        switch (kind, stop) {
        case (.data, _): return data
        case (.shortened, .truncatedBySnaplen), (.malformed, .truncatedOnWire), (.malformed, .malformed),
            (.malformed, .tooDeep):
            return rest(kind, start: payload.upperBound)
        default: return nil
        }
    }

    /// What is left behind the last header where no application claims it, as a layer; nil where nothing is left.
    public var data: LayerRange? {
        guard let last = layers.last, !hidesData, !payload.isEmpty, !last.kind.claimsRest else { return nil }
        return rest(.data, start: payload.lowerBound)
    }

    /// What lies behind the last header from `start` on, as a layer.
    private func rest(_ kind: LayerKind, start: Int) -> LayerRange {
        LayerRange(
            kind: kind, start: start, headerEnd: payload.upperBound, end: payload.upperBound,
            claimedEnd: payload.upperBound)
    }
}
