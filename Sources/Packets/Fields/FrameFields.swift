/// The fields of the record itself.
enum FrameFields {
    static let all = ProtocolFields(.frame, "frame", "Frame", [
        FieldDefinition("frame.number", .unsigned(bits: 32), "Frame number") { $1.append(.unsigned(UInt64(clamping: $0.facts.number))) },
        FieldDefinition("frame.time_epoch", .time, "Time since 1970") { context, values in
            if let time = context.facts.timestamp { values.append(.time(time)) }
        },
        FieldDefinition("frame.len", .unsigned(bits: 32), "Length on the wire") { $1.append(.unsigned(UInt64(clamping: $0.facts.wireLength))) },
        FieldDefinition("frame.cap_len", .unsigned(bits: 32), "Length captured") { $1.append(.unsigned(UInt64(clamping: $0.facts.capturedLength))) },
    ])
}
