/// What a segment is in its connection: not in its bytes, but in `PacketFacts.stream`.
extension TCPFields {
    static let stream: [FieldDefinition] = [
        FieldDefinition("tcp.stream", .unsigned(bits: 32), "Stream index", needs: .stream) { context, values in
            if let number = context.facts.stream.number { values.append(.unsigned(UInt64(number))) }
        },
        FieldDefinition("tcp.seq", .unsigned(bits: 32), "Sequence number", needs: .stream) { context, values in
            if let number = context.facts.stream.relativeSequence { values.append(.unsigned(UInt64(number))) }
        },
        FieldDefinition("tcp.nxtseq", .unsigned(bits: 32), "Next sequence number", needs: .stream) { context, values in
            guard let number = context.facts.stream.relativeSequence, context.header.byteCount >= 14 else { return }
            let flags = context.header.uint8(at: 13)
            let taken = UInt32(truncatingIfNeeded: context.layer.claimedPayloadLength) &+ UInt32(flags & 1) &+ UInt32(flags >> 1 & 1)
            values.append(.unsigned(UInt64(number &+ taken)))
        },
        FieldDefinition("tcp.ack", .unsigned(bits: 32), "Acknowledgment number", needs: .stream) { context, values in
            if let number = context.facts.stream.relativeAcknowledgment { values.append(.unsigned(UInt64(number))) }
        },
    ]
}
