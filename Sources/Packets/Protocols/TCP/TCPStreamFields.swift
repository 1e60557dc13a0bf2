/// What a segment is in its connection: not in its bytes, but in `PacketFacts.transport`, where TCP analysis puts it.
extension TCPFields {
    static let stream: [FieldDefinition] =
        [
            fact("tcp.stream", .unsigned(bits: 32), "Stream index", .stream) { .unsigned(UInt64($0.tcpStream)) },
            fact("tcp.seq", .unsigned(bits: 32), "Sequence number (relative)", .sequence) {
                .unsigned(UInt64($0.sequence))
            },
            fact("tcp.nxtseq", .unsigned(bits: 32), "Next sequence number (relative)", .nextSequence) {
                .unsigned(UInt64($0.nextSequence))
            },
            fact("tcp.ack", .unsigned(bits: 32), "Acknowledgment number (relative)", .acknowledgment) {
                .unsigned(UInt64($0.acknowledgment))
            },
            fact("tcp.window_size", .unsigned(bits: 32), "Window in bytes, scaled", .window) {
                .unsigned(UInt64($0.window))
            },
            fact(
                "tcp.window_size_scalefactor", .signed(bits: 32), "Window scaling factor (-1: not known, -2: not used)",
                .window
            ) { facts in
                facts.windowScale.map { .signed($0 < 0 ? Int64($0) : 1 << Int64($0)) }
            },
            fact("tcp.time_relative", .duration, "Time since the stream's first packet", .times) {
                .duration(nanoseconds: $0.sinceFirst)
            },
            fact("tcp.time_delta", .duration, "Time since the stream's packet before", .times) {
                .duration(nanoseconds: $0.sincePrevious)
            },
            fact("tcp.analysis", .presence, "TCP analysis has something to say", .analysis) { _ in
                .bytes(start: 0, end: 0)
            }.hidden,
            fact("tcp.analysis.acks_frame", .unsigned(bits: 32), "Acknowledges the segment in packet", .analysis) {
                number($0.acknowledgesPacket)
            },
            fact("tcp.analysis.ack_rtt", .duration, "Time from that segment to this", .analysis) {
                $0.acknowledgesPacket == 0 ? nil : duration($0.roundTrip)
            },
            fact("tcp.analysis.initial_rtt", .duration, "Round trip of the handshake", .analysis) {
                duration($0.initialRoundTrip)
            },
            fact("tcp.analysis.bytes_in_flight", .unsigned(bits: 32), "Bytes in flight", .analysis) {
                number($0.bytesInFlight)
            },
            fact("tcp.analysis.push_bytes_sent", .unsigned(bits: 32), "Bytes since the last PSH", .analysis) {
                number($0.pushedBytes)
            },
            fact("tcp.analysis.flags", .presence, "Something is remarkable", .analysis) {
                $0.marks.isEmpty ? nil : .bytes(start: 0, end: 0)
            },
        ] + marks.map { $0.only(with: "tcp.analysis.flags") }

    /// What analysis remarks of a segment, and what goes with a remark.
    private static let marks: [FieldDefinition] = [
        mark("tcp.analysis.reused_ports", "A new connection on ports that had one", .reusedPorts),
        mark("tcp.analysis.retransmission", "Sent again", .anyRetransmission),
        mark("tcp.analysis.fast_retransmission", "Sent again because duplicate ACKs asked for it", .fastRetransmission),
        mark(
            "tcp.analysis.spurious_retransmission", "Sent again although it was acknowledged", .spuriousRetransmission),
        fact("tcp.analysis.rto", .duration, "Waited so long before sending again", .analysis) {
            $0.marks.contains(.retransmission) ? duration($0.timeout) : nil
        },
        fact("tcp.analysis.rto_frame", .unsigned(bits: 32), "Counted from packet", .analysis) {
            $0.marks.contains(.retransmission) && $0.timeout != 0 ? number($0.timeoutPacket) : nil
        },
        mark("tcp.analysis.out_of_order", "Overtaken by later segments", .outOfOrder),
        mark("tcp.analysis.lost_segment", "Segments before this one were not captured", .lostSegment),
        mark("tcp.analysis.ack_lost_segment", "Acknowledges segments that were not captured", .acknowledgesLostSegment),
        mark("tcp.analysis.window_update", "Only the window changes", .windowUpdate),
        mark("tcp.analysis.window_full", "Fills the peer's window", .windowFull),
        mark("tcp.analysis.keep_alive", "Keep-alive", .keepAlive),
        mark("tcp.analysis.keep_alive_ack", "Answer to a keep-alive", .keepAliveACK),
        mark("tcp.analysis.duplicate_ack", "Acknowledges the same again", .duplicateACK),
        fact("tcp.analysis.duplicate_ack_num", .unsigned(bits: 32), "So many times", .analysis) {
            number($0.duplicateNumber)
        },
        fact("tcp.analysis.duplicate_ack_frame", .unsigned(bits: 32), "First in packet", .analysis) {
            $0.duplicateNumber == 0 ? nil : number($0.duplicateOf)
        },
        mark("tcp.analysis.zero_window_probe", "One byte into a closed window", .zeroWindowProbe),
        mark("tcp.analysis.zero_window", "The window is closed", .zeroWindow),
        mark("tcp.analysis.zero_window_probe_ack", "Answer to a probe: still closed", .zeroWindowProbeACK),
    ]

    /// A value of the packet's outermost segment.
    private static func fact(
        _ name: String, _ type: FieldType, _ meaning: String, _ part: TransportFacts.Parts = [],
        _ read: @escaping @Sendable (borrowing TransportFacts) -> FieldValue?
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning, needs: .analysis) { context, values in
            guard context.facts.transport.tcpLayer == context.layer.start,
                context.facts.transport.has.isSuperset(of: part)
            else { return }
            if part.contains(.analysis) {
                // As in Wireshark, analysis comes after the options: where they make no sense there is none.
                values.findParts(of: context, with: TCPOptionFields.find)
                if values.parts.damage == .brokenOption { return }
            }
            if let value = read(context.facts.transport) { values.append(value) }
        }
    }

    private static func mark(_ name: String, _ meaning: String, _ mark: TCPMarks) -> FieldDefinition {
        fact(name, .presence, meaning, .analysis) { $0.marks.isDisjoint(with: mark) ? nil : .bytes(start: 0, end: 0) }
    }

    // Zero stands for nothing known.
    private static func number(_ value: UInt32) -> FieldValue? { value == 0 ? nil : .unsigned(UInt64(value)) }
    private static func duration(_ nanoseconds: Int64) -> FieldValue? {
        nanoseconds == 0 ? nil : .duration(nanoseconds: nanoseconds)
    }
}
