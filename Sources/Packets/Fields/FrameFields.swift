/// The fields of the record itself.
enum FrameFields {
    static let all = ProtocolFields(.frame, "frame", "Frame", [
        FieldDefinition("frame.interface_id", .unsigned(bits: 32), "Interface's number", needs: .notes) { context, values in
            if let number = context.facts.interface { values.append(.unsigned(UInt64(number))) }
        },
        FieldDefinition("frame.interface_name", .text, "Interface's name", needs: .notes) { context, values in
            if context.facts.hasInterfaceName { values.append(.interfaceName) }
        },
        FieldDefinition("frame.time_epoch", .time, "Time since 1970") { context, values in
            if let time = context.facts.timestamp { values.append(.time(time)) }
        },
        FieldDefinition("frame.time_delta", .duration, "Time since the packet before", needs: .times) { context, values in
            if let time = context.facts.sincePrevious { values.append(.duration(nanoseconds: time)) }
        },
        FieldDefinition("frame.time_delta_displayed", .duration, "Time since the packet shown before", needs: .times) { context, values in
            if let time = context.facts.sinceShown { values.append(.duration(nanoseconds: time)) }
        },
        FieldDefinition("frame.time_relative", .duration, "Time since the first packet", needs: .times) { context, values in
            if let time = context.facts.sinceFirst { values.append(.duration(nanoseconds: time)) }
        },
        FieldDefinition("frame.number", .unsigned(bits: 32), "Frame number") { $1.append(.unsigned(UInt64(clamping: $0.facts.number))) },
        FieldDefinition("frame.len", .unsigned(bits: 32), "Length on the wire") { $1.append(.unsigned(UInt64(clamping: $0.facts.wireLength))) },
        FieldDefinition("frame.cap_len", .unsigned(bits: 32), "Length captured") { $1.append(.unsigned(UInt64(clamping: $0.facts.capturedLength))) },
        FieldDefinition("frame.protocols", .text, "Protocols in the packet") { $1.append(.layerNames) },
        FieldDefinition("frame.comment", .text, "Comment", needs: .notes) { context, values in
            for index in 0..<Int32(clamping: context.facts.commentCount) { values.append(.comment(index)) }
        },
    ])
}
