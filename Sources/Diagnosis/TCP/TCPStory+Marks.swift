import Addressing
import Conversations
import Packets

/// What the marks of TCP analysis say of a segment, as events: losses and how they were mended, duplicate ACKs, closed
/// windows, keep-alives.
extension TCPStory {
    mutating func note(
        _ facts: TransportFacts, _ packet: ObservedPacket, _ tcp: TCPHeader, _ side: Finding.Side, isOther: Bool
    ) {
        let found = facts.heeded.marks
        if !isOther,
            !found.isDisjoint(with: [.retransmission, .fastRetransmission, .spuriousRetransmission, .outOfOrder])
        {
            noteRepetition(found, packet, tcp, side)
        }
        if found.contains(.acknowledgesLostSegment), !wasSeen(upTo: tcp.acknowledgment, of: side.other) {
            marks.add(.acknowledgedUnseen, .acknowledgedUnseen, by: side, packet: packet.number, at: packet.time)
        }
        if packet.answers > 0 { noteAnswer(packet, found, side) }
        if found.contains(.duplicateACK), !repeatsSimultaneousOpen(facts), !repeatsReset(facts) {
            Self.extend(
                &duplicates, side, packet, also: facts.heeded.duplicateOf == 0 ? nil : Int(facts.heeded.duplicateOf))
        } else if tcp.flags.contains(.ack) {
            endDuplicates(side)
        }
        noteWindow(found, packet, tcp, side)
        if found.contains(.windowFull) {
            marks.add(.windowFull, .windowFull, by: side, packet: packet.number, at: packet.time)
        }
        if found.contains(.keepAlive), windows[side.other] == nil {
            Self.extend(&keepAlives, side, packet, also: nil)
        } else if found.contains(.keepAliveACK) {
            answerKeepAlive(of: side.other, packet)
        } else if keepAlives[side.other]?.isWaiting == true, packet.payloadLength == 0, tcp.flags.contains(.ack),
            tcp.flags.isDisjoint(with: [.syn, .fin, .rst])
        {
            // An answer with another window than before: Wireshark calls it a window update.
            answerKeepAlive(of: side.other, packet)
        } else if packet.payloadLength > 0 {
            endKeepAlives(side)
            endKeepAlives(side.other)
        }
    }

    /// An ACK in answer to what does not belong. A SYN that came into the connection counts for another stream.
    private mutating func noteAnswer(_ packet: ObservedPacket, _ found: TCPMarks, _ side: Finding.Side) {
        let other = packet.answersStream == stream ? nil : packet.answersStream
        if other != nil { challenge = packet }
        marks.add(
            .answeredForeign,
            .answeredForeign(packet: packet.answers, isChallenge: found.contains(.challengeACK), stream: other),
            by: side, packet: packet.number, also: [packet.answers], at: packet.time)
    }

    /// Whether the capture has all that an acknowledgment covers. Wireshark's mark says otherwise after a segment of
    /// which only a part was new.
    private func wasSeen(upTo acknowledgment: SequenceNumber, of side: Finding.Side) -> Bool {
        let end = side == .client ? conversation.connection?.client : conversation.connection?.server
        // An acknowledgment of a FIN covers one number that is no byte.
        let isOfFIN = end?.finSequence.map { acknowledgment == $0 + 1 } ?? false
        return (side == .client ? clientSent : serverSent).hasAll(before: acknowledgment.rawValue &- (isOfFIN ? 1 : 0))
    }

    /// After a simultaneous open, the ACK of the other end's SYN-ACK says what the SYN-ACK had said.
    private func repeatsSimultaneousOpen(_ facts: TransportFacts) -> Bool {
        guard let handshake = conversation.connection?.handshake, handshake.crossingSYN != nil,
            facts.heeded.duplicateOf > 0
        else { return false }
        return [handshake.ack?.number, handshake.synACK?.number].contains(Int(facts.heeded.duplicateOf))
    }

    /// An ACK that says what a RST had said is no duplicate of an ACK.
    private func repeatsReset(_ facts: TransportFacts) -> Bool {
        facts.heeded.duplicateOf > 0 && reset?.packets.last == Int(facts.heeded.duplicateOf)
    }

    private mutating func noteRepetition(
        _ found: TCPMarks, _ packet: ObservedPacket, _ tcp: TCPHeader, _ side: Finding.Side
    ) {
        let flags = tcp.flags
        // SYNs that come again are the handshake's, and told with it.
        let handshake = conversation.connection?.handshake
        if flags.contains(.syn), !flags.contains(.ack) {
            guard handshake?.ack != nil || handshake?.laterACK != nil else { return }
            return marks.add(.retransmission, .lateSYN, by: side, packet: packet.number, at: packet.time)
        }
        // In a simultaneous open each end sends its SYN a second time, with the acknowledgment (RFC 9293 section 3.5,
        // figure 7).
        if handshake?.crossingSYN != nil, [handshake?.ack?.number, handshake?.synACK?.number].contains(packet.number) {
            return
        }
        let base = (side == .client ? conversation.connection?.client : conversation.connection?.server)?
            .initialSequence
        // A segment that begins in old bytes may end in new ones: those are no repetition.
        let sent = side == .client ? clientSent : serverSent
        let overlap = sent.overlap(
            sequence: tcp.sequence.rawValue, length: UInt32(truncatingIfNeeded: packet.payloadLength))
        let content: StoryEvent.Repetition.Content =
            flags.contains(.syn)
            ? .synACK
            : packet.payloadLength == 0
                ? .fin
                : .bytes(
                    first: base.map { tcp.sequence.relative(to: $0) } ?? tcp.sequence.rawValue, count: overlap.length,
                    fresh: overlap.fresh)
        let original =
            packet.payloadLength == 0
            ? nil
            : sent.original(of: tcp.sequence.rawValue, length: overlap.length, before: packet.number)
        let earlier =
            content == .synACK
            ? conversation.connection?.handshake.synACK.map { ($0.number, $0.time) }
            : original.map { ($0.packet, $0.time) }
        let acknowledged: Int? =
            switch content {
            case .synACK: handshake?.ack?.number ?? handshake?.laterACK?.number
            case .fin: finAcknowledgments[side]
            default: nil
            }
        let repetition = StoryEvent.Repetition(
            content: content, original: earlier?.0, wait: earlier.flatMap { packet.time.elapsed(since: $0.1) },
            acknowledged: acknowledged)
        let bytes = UInt64(packet.payloadLength)
        let also = earlier.map { [$0.0] } ?? []
        if found.contains(.fastRetransmission) {
            let run = duplicates[side.other]
            endDuplicates(side.other)
            marks.add(
                .fastRetransmission, .fastRetransmission(repetition, duplicates: UInt32(run?.count ?? 0)), by: side,
                packet: packet.number, also: also,
                at: packet.time, bytes: bytes)
        } else if found.contains(.spuriousRetransmission) {
            marks.add(
                .spuriousRetransmission, .spuriousRetransmission(repetition), by: side, packet: packet.number,
                also: also, at: packet.time, bytes: bytes)
        } else if found.contains(.outOfOrder) {
            marks.add(
                .outOfOrder, .outOfOrder(repetition), by: side, packet: packet.number, at: packet.time, bytes: bytes)
        } else {
            marks.add(
                .retransmission, .retransmission(repetition), by: side, packet: packet.number, also: also,
                at: packet.time, bytes: bytes)
        }
    }

    /// A window of 0 until a larger one, with the probes in between.
    private mutating func noteWindow(
        _ found: TCPMarks, _ packet: ObservedPacket, _ tcp: TCPHeader, _ side: Finding.Side
    ) {
        if found.contains(.zeroWindow) {
            if windows[side] == nil {
                windows[side] = Closed(packets: PacketNumbers(), start: packet.time, end: packet.time)
            }
            windows[side]?.packets.add(packet.number)
            windows[side]?.end = packet.time
            if found.contains(.zeroWindowProbeACK) { windows[side]?.window.answers += 1 }
        } else if let closed = windows[side], tcp.flags.contains(.ack), tcp.window > 0, !tcp.flags.contains(.rst) {
            windows[side] = nil
            tell(closed, by: side, reopened: packet)
        }
        // Linux probes with the number before the next one, as a keep-alive does.
        if !found.isDisjoint(with: [.zeroWindowProbe, .keepAlive]) {
            windows[side.other]?.packets.add(packet.number)
            windows[side.other]?.window.probes += 1
            windows[side.other]?.end = packet.time
        }
    }

    mutating func tell(_ closed: Closed, by side: Finding.Side, reopened packet: ObservedPacket?) {
        var closed = closed
        if let packet {
            closed.packets.add(packet.number)
            closed.window.reopened = packet.number
            closed.end = packet.time
        }
        add(.closedWindow, .closedWindow(closed.window), by: side, closed.packets, closed.start, closed.end)
    }

    private static func extend(
        _ runs: inout [Finding.Side: Run], _ side: Finding.Side, _ packet: ObservedPacket, also: Int?
    ) {
        if runs[side] == nil {
            runs[side] = Run(packets: PacketNumbers(also, packet.number), start: packet.time, end: packet.time)
        } else {
            runs[side]?.packets.add(packet.number)
            runs[side]?.count += 1
            runs[side]?.isWaiting = true
            runs[side]?.end = packet.time
        }
    }

    mutating func endDuplicates(_ side: Finding.Side) {
        guard let run = duplicates.removeValue(forKey: side) else { return }
        add(.duplicateACKs, .duplicateACKs(count: run.count), by: side, run.packets, run.start, run.end)
    }

    private mutating func answerKeepAlive(of side: Finding.Side, _ packet: ObservedPacket) {
        keepAlives[side]?.packets.add(packet.number)
        keepAlives[side]?.answers += 1
        keepAlives[side]?.isWaiting = false
        keepAlives[side]?.end = packet.time
    }

    mutating func endKeepAlives(_ side: Finding.Side) {
        guard let run = keepAlives.removeValue(forKey: side) else { return }
        add(.keepAlives, .keepAlives(count: run.count, answers: run.answers), by: side, run.packets, run.start, run.end)
    }

    private mutating func add(
        _ mark: Finding.Kind, _ kind: StoryEvent.Kind, by side: Finding.Side, _ packets: PacketNumbers,
        _ start: Timestamp, _ end: Timestamp
    ) {
        marks.add(mark, StoryEvent(kind, by: side, packets, at: start, duration: end.elapsed(since: start)))
    }
}
