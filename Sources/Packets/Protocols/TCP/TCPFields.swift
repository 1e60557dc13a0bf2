/// The fields of a TCP segment.
enum TCPFields {
    /// Below 20 bytes of header length nothing behind the length means anything.
    private static let isWhole: @Sendable (RawSpan) -> Bool = { $0.uint8(at: 12) >> 4 >= 5 }

    private static func flag(_ name: String, _ meaning: String, _ flag: TCPFlags) -> FieldDefinition {
        .at(12, name, .boolean, meaning, length: 2, mask: UInt64(flag.rawValue), needed: 16, where: isWhole)
    }

    static let all = ProtocolFields(
        .tcp, "tcp", "Transmission Control Protocol",
        [
            .at(0, "tcp.srcport", .unsigned(bits: 16), "Source port", needed: 4),
            .at(2, "tcp.dstport", .unsigned(bits: 16), "Destination port"),
            .at(0, "tcp.port", .unsigned(bits: 16), "Source or destination port", needed: 4),
            .at(2, "tcp.port", .unsigned(bits: 16), "Source or destination port"),
            FieldDefinition("tcp.len", .unsigned(bits: 32), "Segment length") { context, values in
                guard context.header.byteCount >= 16, !context.layer.isPartOfDatagram else { return }
                let length =
                    Int(context.layer.claimedEnd &- context.layer.start) &- Int(context.header.uint8(at: 12) >> 4) &* 4
                if length >= 0 { values.append(.unsigned(UInt64(length))) }
            },
            FieldDefinition(
                "tcp.seq_raw", .unsigned(bits: 32), "Sequence number (raw)", place: FieldPlace(offset: 4, length: 4)
            ) { context, values in
                // The quote of an IPv4 packet need not go further than this number: Wireshark shows it under another
                // name there.
                guard context.header.byteCount >= 16, !context.layer.isOfQuotedIPv4 else { return }
                values.append(.unsigned(UInt64(context.header.uint32(at: 4))))
            },
            .at(8, "tcp.ack_raw", .unsigned(bits: 32), "Acknowledgment number (raw)", needed: 16, where: isWhole),
            .at(12, "tcp.hdr_len", .unsigned(bits: 8), "Header length", mask: 0xf0, scale: 4, needed: 16),
            .at(12, "tcp.flags", .hex(bits: 12), "Flags", length: 2, mask: 0x0fff, needed: 16, where: isWhole),
            FieldDefinition("tcp.flags.str", .text, "Flags, a letter each") { context, values in
                guard context.header.byteCount >= 16, isWhole(context.header) else { return }
                values.append(.flagLetters(TCPFlags(rawValue: context.header.uint16(at: 12) & 0x0fff)))
            }.hidden,
            flag("tcp.flags.res", "Reserved", TCPFlags(rawValue: 0x0e00)),
            flag("tcp.flags.ae", "Accurate ECN", TCPFlags(rawValue: 0x0100)),
            flag("tcp.flags.cwr", "Congestion window reduced", .cwr),
            flag("tcp.flags.ece", "ECN-Echo", .ece),
            flag("tcp.flags.urg", "Urgent", .urg),
            flag("tcp.flags.ack", "Acknowledgment", .ack),
            flag("tcp.flags.push", "Push", .psh),
            flag("tcp.flags.reset", "Reset", .rst),
            flag("tcp.flags.syn", "Syn", .syn),
            flag("tcp.flags.fin", "Fin", .fin),
            .at(14, "tcp.window_size_value", .unsigned(bits: 16), "Window (as sent)", where: isWhole),
            .at(16, "tcp.checksum", .hex(bits: 16), "Checksum", where: isWhole),
            .checksumStatus("tcp.checksum.status", needed: 18),
            .at(18, "tcp.urgent_pointer", .unsigned(bits: 16), "Urgent pointer", where: isWhole),
        ] + TCPOptionFields.all + TCPOptionFields.wholes + stream + events + [payload, resetCause] + messages,
        parts: TCPOptionFields.parts)

    /// What a segment does to its connection, as Wireshark remarks it.
    private static let events: [FieldDefinition] = [
        event("tcp.connection.syn", "Asks for a connection (SYN)", [.syn]),
        event("tcp.connection.synack", "Accepts a connection (SYN, ACK)", [.syn, .ack]),
        event("tcp.connection.fin", "Ends its direction (FIN)", [.fin]),
        event("tcp.connection.rst", "Resets the connection (RST)", [.rst]),
    ]

    private static func event(_ name: String, _ meaning: String, _ flags: TCPFlags) -> FieldDefinition {
        FieldDefinition(name, .presence, meaning) { context, values in
            guard context.header.byteCount >= 16, isWhole(context.header) else { return }
            let found = TCPFlags(rawValue: context.header.uint16(at: 12) & 0x0fff)
            if found.intersection(flags.union(flags.contains(.syn) ? .ack : [])) == flags {
                values.append(.bytes(start: 0, end: 0))
            }
        }.hidden
    }

    /// What a message of several segments is made of.
    private static let messages: [FieldDefinition] =
        AssemblyFields.of(
            part: "tcp.segment", parts: "tcp.segments", whole: "tcp.reassembled", noun: "segment", needs: .messages)
        + [
            FieldDefinition("tcp.segment_data", .bytes, "Bytes of a message of several segments", needs: .messages) {
                context, values in
                let part = context.facts.messagePart
                guard !part.isEmpty, part.lowerBound >= context.layer.headerEnd, part.upperBound <= context.layer.end
                else { return }
                values.append(.bytes(start: part.lowerBound, end: part.upperBound))
            }.hidden,
            AssemblyFields.completed("tcp.reassembled_in", "Packet that completes the message") { context in
                !context.facts.messagePart.isEmpty
            },
        ]

    private static let payload = FieldDefinition("tcp.payload", .bytes, "Payload") { context, values in
        if !isReset(context), context.header.byteCount >= TCPSegment.minimumLength, !context.layer.payload.isEmpty {
            values.append(.bytes(context.layer.payload))
        }
    }

    /// What comes with a reset is no data, but says why (RFC 9293 section 3.5.3).
    private static let resetCause = FieldDefinition("tcp.reset_cause", .text, "Reset cause") { context, values in
        if isReset(context), context.header.byteCount >= TCPSegment.minimumLength, !context.layer.payload.isEmpty {
            values.append(.text(context.layer.payload))
        }
    }

    private static func isReset(_ context: borrowing LayerContext) -> Bool {
        context.header.byteCount >= 14 && context.header.uint8(at: 13) & UInt8(TCPFlags.rst.rawValue) != 0
    }
}
