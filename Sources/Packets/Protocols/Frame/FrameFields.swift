/// The fields of the record itself.
enum FrameFields {
    static let all = ProtocolFields(
        .frame, "frame", "Frame",
        [
            FieldDefinition("frame.interface_id", .unsigned(bits: 32), "Interface's number", needs: .notes) {
                context, values in
                if let number = context.facts.interface { values.append(.unsigned(UInt64(number))) }
            },
            FieldDefinition("frame.interface_name", .text, "Interface's name", needs: .notes) { context, values in
                // Wireshark's word for an interface of a pcapng file without a name.
                if context.facts.hasInterfaceName {
                    values.append(.interfaceName)
                } else if context.facts.interface != nil {
                    values.append(.word(StaticWord("unknown")))
                }
            },
            FieldDefinition("frame.time", .date, "Arrival time") { context, values in
                if let time = context.facts.timestamp { values.append(.time(time)) }
            },
            FieldDefinition("frame.time_epoch", .time, "Time since 1970") { context, values in
                if let time = context.facts.timestamp { values.append(.time(time)) }
            },
            FieldDefinition("frame.time_delta", .duration, "Time since the packet before", needs: .times) {
                context, values in
                if let time = context.facts.sincePrevious { values.append(.duration(nanoseconds: time)) }
            },
            FieldDefinition(
                "frame.time_delta_displayed", .duration, "Time since the packet shown before", needs: .times
            ) { context, values in
                if let time = context.facts.sinceShown { values.append(.duration(nanoseconds: time)) }
            },
            FieldDefinition("frame.time_relative", .duration, "Time since the first packet", needs: .times) {
                context, values in
                if let time = context.facts.sinceFirst { values.append(.duration(nanoseconds: time)) }
            },
            FieldDefinition("frame.number", .unsigned(bits: 32), "Frame number") {
                $1.append(.unsigned(UInt64(clamping: $0.facts.number)))
            },
            FieldDefinition("frame.len", .unsigned(bits: 32), "Length on the wire") { context, values in
                if context.facts.linkType == .erf, context.record.byteCount >= 16 {
                    // The card says how long the packet was.
                    values.append(.unsigned(UInt64(context.record.uint16(at: 14))))
                } else {
                    values.append(.unsigned(UInt64(clamping: context.facts.wireLength - pseudoHeaderLength(context))))
                }
            },
            FieldDefinition("frame.cap_len", .unsigned(bits: 32), "Length captured") { context, values in
                values.append(.unsigned(UInt64(clamping: context.facts.capturedLength - pseudoHeaderLength(context))))
            },
            FieldDefinition("frame.marked", .boolean, "Marked by hand: never here") { $1.append(.boolean(false)) }
                .hidden,
            FieldDefinition("frame.ignored", .boolean, "Ignored by hand: never here") { $1.append(.boolean(false)) }
                .hidden,
            FieldDefinition("frame.offset_shift", .duration, "Time shifted by hand: never here") {
                $1.append(.duration(nanoseconds: 0))
            }.hidden,
            FieldDefinition("frame.protocols", .text, "Protocols in the packet", needs: [.applications, .messages]) {
                $1.append(.layerNames)
            },
            FieldDefinition("frame.comment", .text, "Comment", needs: .notes) { context, values in
                for index in 0..<Int32(clamping: context.facts.commentCount) { values.append(.comment(index)) }
            },
        ])

    /// Bytes at the record's start that the capture put there and that no packet had: what Wireshark does not count.
    private static func pseudoHeaderLength(_ context: borrowing LayerContext) -> Int {
        switch context.facts.linkType.rawValue {
        case 123, 139, 201, 254: 4  // SunATM; the MTP2, Bluetooth HCI and monitor headers
        case 196, 209: 5  // SITA, I2C
        case 197: ERFHeader.length(context.record) ?? 0
        case 204: 1  // PPP with direction
        case 245: 2  // wireless HART
        default: 0
        }
    }
}
