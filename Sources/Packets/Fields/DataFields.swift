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

/// What kept a dissection from its end, as protocols without fields: Wireshark's words for it.
enum RemarkFields {
    static let malformed = ProtocolFields(.malformed, "_ws.malformed", "Malformed Packet", [])
    static let shortened = ProtocolFields(.shortened, "_ws.short", "Packet size limited during capture", [])
}

extension LayerKind {
    /// Not among a dissection's layers: what `Dissection.remark` knows.
    var isRemark: Bool { self == .data || self == .malformed || self == .shortened }
}

extension Dissection {
    /// What a dissection says beside its layers, as a layer; nil where it does not say that.
    func remark(_ kind: LayerKind) -> LayerRange? {
        switch (kind, stop) {
        case (.data, _): return data
        case (.shortened, .truncatedBySnaplen), (.malformed, .truncatedOnWire), (.malformed, .malformed),
            (.malformed, .tooDeep):
            return LayerRange(
                kind: kind, start: payload.upperBound, headerEnd: payload.upperBound, end: payload.upperBound,
                claimedEnd: payload.upperBound)
        default: return nil
        }
    }

    /// What is left behind the last header where no application claims it, as a layer; nil where nothing is left.
    public var data: LayerRange? {
        guard let last = layers.last, !hidesData, !payload.isEmpty else { return nil }
        // What continues an HTTP message is data too.
        guard last.kind.rawValue < LayerKind.dns.rawValue || last.kind == .http else { return nil }
        return LayerRange(
            kind: .data, start: payload.lowerBound, headerEnd: payload.upperBound, end: payload.upperBound,
            claimedEnd: payload.upperBound)
    }
}
