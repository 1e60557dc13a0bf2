/// The fields of a TCP segment.
enum TCPFields {
    /// A field of an option: as many values as the segment has such options.
    private static func option(
        _ name: String, _ type: FieldType, _ meaning: String, _ read: @escaping @Sendable (TCPOptions.Option) -> FieldValue?
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning) { context, values in
            guard let segment = try? TCPSegment(context.bytes) else { return }
            var options = segment.options
            while let option = options.next() {
                if let value = read(option) { values.append(value) }
            }
        }
    }

    private static func flag(_ name: String, _ meaning: String, _ flag: TCPFlags) -> FieldDefinition {
        .of(TCPSegment.self, name, .boolean, meaning) { segment in .boolean(segment.flags.contains(flag)) }
    }

    static let all = ProtocolFields(.tcp, "tcp", "Transmission Control Protocol", [
        .of(TCPSegment.self, "tcp.srcport", .unsigned(bits: 16), "Source port") { segment in .unsigned(UInt64(segment.sourcePort.rawValue)) },
        .of(TCPSegment.self, "tcp.dstport", .unsigned(bits: 16), "Destination port") { segment in .unsigned(UInt64(segment.destinationPort.rawValue)) },
        FieldDefinition("tcp.port", .unsigned(bits: 16), "Source or destination port") { context, values in
            guard let segment = try? TCPSegment(context.bytes) else { return }
            values.append(.unsigned(UInt64(segment.sourcePort.rawValue)))
            values.append(.unsigned(UInt64(segment.destinationPort.rawValue)))
        },
        .of(TCPSegment.self, "tcp.len", .unsigned(bits: 32), "Segment length") { _, context in .unsigned(UInt64(context.layer.claimedPayloadLength)) },
        .of(TCPSegment.self, "tcp.seq_raw", .unsigned(bits: 32), "Sequence number (raw)") { segment in .unsigned(UInt64(segment.sequence.rawValue)) },
        .of(TCPSegment.self, "tcp.ack_raw", .unsigned(bits: 32), "Acknowledgment number (raw)") { segment in .unsigned(UInt64(segment.acknowledgment.rawValue)) },
        .of(TCPSegment.self, "tcp.hdr_len", .unsigned(bits: 8), "Header length") { segment in .unsigned(UInt64(segment.headerLength)) },
        .of(TCPSegment.self, "tcp.flags", .hex(bits: 12), "Flags") { segment in .unsigned(UInt64(segment.flags.rawValue)) },
        flag("tcp.flags.cwr", "Congestion window reduced", .cwr),
        flag("tcp.flags.ece", "ECN-Echo", .ece),
        flag("tcp.flags.urg", "Urgent", .urg),
        flag("tcp.flags.ack", "Acknowledgment", .ack),
        flag("tcp.flags.push", "Push", .psh),
        flag("tcp.flags.reset", "Reset", .rst),
        flag("tcp.flags.syn", "Syn", .syn),
        flag("tcp.flags.fin", "Fin", .fin),
        .of(TCPSegment.self, "tcp.window_size_value", .unsigned(bits: 16), "Window (as sent)") { segment in .unsigned(UInt64(segment.window)) },
        .of(TCPSegment.self, "tcp.checksum", .hex(bits: 16), "Checksum") { segment in .unsigned(UInt64(segment.checksum)) },
        .of(TCPSegment.self, "tcp.urgent_pointer", .unsigned(bits: 16), "Urgent pointer") { segment in .unsigned(UInt64(segment.urgentPointer)) },
        option("tcp.options.mss_val", .unsigned(bits: 16), "Maximum segment size") {
            if case .maximumSegmentSize(let size) = $0 { .unsigned(UInt64(size)) } else { nil }
        },
        option("tcp.options.wscale.shift", .unsigned(bits: 8), "Window scale shift") {
            if case .windowScale(let shift) = $0 { .unsigned(UInt64(shift)) } else { nil }
        },
        option("tcp.options.timestamp.tsval", .unsigned(bits: 32), "Timestamp value") {
            if case .timestamps(let value, _) = $0 { .unsigned(UInt64(value)) } else { nil }
        },
        option("tcp.options.timestamp.tsecr", .unsigned(bits: 32), "Timestamp echo reply") {
            if case .timestamps(_, let echo) = $0 { .unsigned(UInt64(echo)) } else { nil }
        },
    ])
}
