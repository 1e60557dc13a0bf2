import Addressing
import Conversations
import Packets

/// The story of one TCP connection, told from its segments and their marks. Fed segment by segment; what it keeps is
/// bounded.
public struct TCPStory: Sendable {
    public private(set) var conversation: Conversation
    private var account: ConversationAccount
    private var turns = StoryTurns()
    private var marks = StoryMarks()
    private var clientSent = SentSegments()
    private var serverSent = SentSegments()
    private var duplicates: [StoryEvent.Side: Run] = [:]
    private var keepAlives: [StoryEvent.Side: Run] = [:]
    private var windows: [StoryEvent.Side: Closed] = [:]
    private var reset: StoryEvent?
    private var hasICMPError = false
    /// The last packet with data from each end.
    private var lastData: [StoryEvent.Side: Int] = [:]
    private var reusingSYN: (packet: Int, time: Timestamp)?
    private let firstPacket: Int
    private var last: (packet: Int, time: Timestamp)
    /// The first packet that acknowledges the FIN of each end.
    private var finAcknowledgments: [StoryEvent.Side: Int] = [:]

    /// Packets of one kind in a row.
    private struct Run: Sendable {
        var packets: PacketNumbers
        var count = 1
        var answers = 0
        /// Whether the last of them was a keep-alive that waits for its answer.
        var isWaiting = true
        let start: Timestamp
        var end: Timestamp
    }

    private struct Closed: Sendable {
        var packets: PacketNumbers
        var window = StoryEvent.ClosedWindow()
        let start: Timestamp
        var end: Timestamp
    }

    /// Whether both ends closed or one of them reset the connection.
    var isOver: Bool { conversation.connection?.isOver == true }

    init(first packet: ObservedPacket) {
        conversation = Conversation(first: packet, keepingPackets: false)
        account = ConversationAccount(client: conversation.client)
        firstPacket = packet.number
        last = (packet.number, packet.time)
    }

    /// Takes a segment.
    /// - Parameter words: what its application layer says; asked for only where it is told.
    mutating func take(_ packet: ObservedPacket, _ facts: TransportFacts, isFirst: Bool, words: borrowing StoryWords) {
        guard let tcp = packet.tcp else { return }
        let side: StoryEvent.Side = conversation.isFromClient(packet) ? .client : .server
        if facts.marks.contains(.reusedPorts), tcp.flags.contains(.syn), isFirst {
            reusingSYN = (packet.number, packet.time)
        }
        if !isFirst { conversation.add(packet) }
        if tcp.flags.contains(.rst) { noteReset(packet, side) }
        account.add(packet)
        last = (packet.number, packet.time)
        let opening = tcp.flags.contains(.syn)
        if opening { withSent(side) { $0.open(at: tcp.sequence.rawValue &+ 1) } }
        note(facts, packet, tcp, side)
        if packet.payloadLength > 0, !tcp.flags.contains(.rst),
            facts.marks.isDisjoint(with: [.keepAlive, .zeroWindowProbe])
        {
            takeData(packet, tcp, side, opening ? 1 : 0, words)
        }
        if tcp.flags.contains(.ack) {
            turns.acknowledge(tcp.acknowledgment.rawValue, of: side.other, packet: packet.number, time: packet.time)
            noteFINAcknowledgment(tcp.acknowledgment, of: side.other, packet.number)
        }
    }

    /// An ICMP error that quotes one of its segments.
    mutating func take(_ refusal: ICMPRefusal, at time: Timestamp) {
        marks.add(.icmp, .icmp(refusal, syn: quotedSYN(refusal)), by: nil, packet: refusal.packet, at: time)
        hasICMPError = true
        last = (refusal.packet, time)
    }

    /// The SYN that an error quotes: of several that are alike the last one, which went out just before.
    private func quotedSYN(_ refusal: ICMPRefusal) -> Int? {
        guard let handshake = conversation.connection?.handshake, let syn = handshake.syn, let quoted = refusal.quoted,
            quoted.source == conversation.client, quoted.sequence == syn.tcp?.sequence
        else { return nil }
        return handshake.repeatedSYNs.last?.number ?? syn.number
    }

    private mutating func takeData(
        _ packet: ObservedPacket, _ tcp: TCPHeader, _ side: StoryEvent.Side, _ offset: UInt32,
        _ words: borrowing StoryWords
    ) {
        let sequence = tcp.sequence.rawValue &+ offset
        let length = UInt32(truncatingIfNeeded: packet.payloadLength)
        let news = withSent(side) {
            $0.take(sequence: sequence, length: length, packet: packet.number, time: packet.time)
        }
        lastData[side] = packet.number
        if news.missing > 0 {
            marks.add(
                .gap, .gap(bytes: news.missing), by: side, packet: packet.number, at: packet.time, bytes: news.missing)
        }
        if news.fresh > 0 {
            turns.add(
                fresh: news.fresh, by: side, end: sequence &+ length, packet: packet.number, time: packet.time,
                words: words)
        }
    }

    // MARK: Marks

    private mutating func note(
        _ facts: TransportFacts, _ packet: ObservedPacket, _ tcp: TCPHeader, _ side: StoryEvent.Side
    ) {
        let found = facts.marks
        if !found.isDisjoint(with: [.retransmission, .fastRetransmission, .spuriousRetransmission, .outOfOrder]) {
            noteRepetition(found, packet, tcp, side)
        }
        if found.contains(.acknowledgesLostSegment), !wasSeen(upTo: tcp.acknowledgment, of: side.other) {
            marks.add(.acknowledgedUnseen, .acknowledgedUnseen, by: side, packet: packet.number, at: packet.time)
        }
        if found.contains(.duplicateACK), !repeatsSimultaneousOpen(facts) {
            Self.extend(&duplicates, side, packet, also: facts.duplicateOf == 0 ? nil : Int(facts.duplicateOf))
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

    /// Whether the capture has all that an acknowledgment covers. Wireshark's mark says otherwise after a segment of
    /// which only a part was new.
    private func wasSeen(upTo acknowledgment: SequenceNumber, of side: StoryEvent.Side) -> Bool {
        let end = side == .client ? conversation.connection?.client : conversation.connection?.server
        // An acknowledgment of a FIN covers one number that is no byte.
        let isOfFIN = end?.finSequence.map { acknowledgment == $0 + 1 } ?? false
        return (side == .client ? clientSent : serverSent).hasAll(before: acknowledgment.rawValue &- (isOfFIN ? 1 : 0))
    }

    /// After a simultaneous open, the ACK of the other end's SYN-ACK says what the SYN-ACK had said.
    private func repeatsSimultaneousOpen(_ facts: TransportFacts) -> Bool {
        guard let handshake = conversation.connection?.handshake, handshake.crossingSYN != nil, facts.duplicateOf > 0
        else { return false }
        return [handshake.ack?.number, handshake.synACK?.number].contains(Int(facts.duplicateOf))
    }

    private mutating func noteRepetition(
        _ found: TCPMarks, _ packet: ObservedPacket, _ tcp: TCPHeader, _ side: StoryEvent.Side
    ) {
        let flags = tcp.flags
        // SYNs that come again are the handshake's, and told with it.
        if flags.contains(.syn), !flags.contains(.ack) { return }
        let handshake = conversation.connection?.handshake
        // In a simultaneous open each end sends its SYN a second time, with the acknowledgment (RFC 9293 section 3.5,
        // figure 8).
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
        let repetition = StoryEvent.Repetition(
            content: content, original: earlier?.0, wait: earlier.map { packet.time.nanoseconds(since: $0.1) })
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
        _ found: TCPMarks, _ packet: ObservedPacket, _ tcp: TCPHeader, _ side: StoryEvent.Side
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

    private mutating func tell(_ closed: Closed, by side: StoryEvent.Side, reopened packet: ObservedPacket?) {
        var closed = closed
        if let packet {
            closed.packets.add(packet.number)
            closed.window.reopened = packet.number
            closed.end = packet.time
        }
        add(.closedWindow, .closedWindow(closed.window), by: side, closed.packets, closed.start, closed.end)
    }

    private static func extend(
        _ runs: inout [StoryEvent.Side: Run], _ side: StoryEvent.Side, _ packet: ObservedPacket, also: Int?
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

    private mutating func endDuplicates(_ side: StoryEvent.Side) {
        guard let run = duplicates.removeValue(forKey: side) else { return }
        add(.duplicateACKs, .duplicateACKs(count: run.count), by: side, run.packets, run.start, run.end)
    }

    private mutating func answerKeepAlive(of side: StoryEvent.Side, _ packet: ObservedPacket) {
        keepAlives[side]?.packets.add(packet.number)
        keepAlives[side]?.answers += 1
        keepAlives[side]?.isWaiting = false
        keepAlives[side]?.end = packet.time
    }

    private mutating func endKeepAlives(_ side: StoryEvent.Side) {
        guard let run = keepAlives.removeValue(forKey: side) else { return }
        add(.keepAlives, .keepAlives(count: run.count, answers: run.answers), by: side, run.packets, run.start, run.end)
    }

    private mutating func add(
        _ mark: StoryEvent.MarkKind, _ kind: StoryEvent.Kind, by side: StoryEvent.Side, _ packets: PacketNumbers,
        _ start: Timestamp, _ end: Timestamp
    ) {
        marks.add(mark, StoryEvent(kind, by: side, packets, at: start, duration: end.nanoseconds(since: start)))
    }

    // MARK: The end

    private mutating func noteFINAcknowledgment(_ number: SequenceNumber, of side: StoryEvent.Side, _ packet: Int) {
        let end = side == .client ? conversation.connection?.client : conversation.connection?.server
        guard let fin = end?.finSequence, finAcknowledgments[side] == nil, !number.precedes(fin + 1) else { return }
        finAcknowledgments[side] = packet
    }

    private mutating func noteReset(_ packet: ObservedPacket, _ side: StoryEvent.Side) {
        guard let connection = conversation.connection else { return }
        if case .reset(.notBelieved) = reset?.kind { reset = nil }
        guard reset == nil else { return }
        let (sender, peer) =
            side == .client ? (connection.client, connection.server) : (connection.server, connection.client)
        let handshake = connection.handshake
        let cause: StoryEvent.ResetCause
        var packets: [Int] = []
        if handshake.refusal?.number == packet.number {
            reset = StoryEvent(
                .refused, by: side, PacketNumbers([handshake.syn?.number, packet.number].compactMap(\.self)),
                at: packet.time)
            return
        }
        if handshake.strayReset?.number == packet.number {
            cause = .notBelieved
        } else if let fin = sender.finPacket {
            if let data = lastData[side.other], data > fin, !hasTaken(packet, from: side.other) {
                cause = .dataAfterClose(fin: fin, data: data)
                packets = [fin, data]
            } else {
                cause = .afterClose(fin: fin)
                packets = [fin]
            }
        } else if side == .client, let answer = handshake.synACK, handshake.ack == nil, handshake.laterACK == nil {
            cause = .answerToSYNACK
            packets = [answer.number]
        } else if let run = keepAlives[side], run.isWaiting {
            cause = .keepAliveUnanswered(probe: run.packets.last)
            packets = [run.packets.last]
        } else if account.packets == 0 {
            cause = .outOfNowhere
        } else {
            cause = .abort(peerHadClosed: peer.finPacket != nil)
        }
        reset = StoryEvent(.reset(cause), by: side, PacketNumbers(packets + [packet.number]), at: packet.time)
    }

    /// Everything that happened, in order.
    public var events: [StoryEvent] {
        var copy = self
        return copy.finished()
    }

    private mutating func finished() -> [StoryEvent] {
        for side in [StoryEvent.Side.client, .server] {
            endDuplicates(side)
            endKeepAlives(side)
            if let closed = windows.removeValue(forKey: side) { tell(closed, by: side, reopened: nil) }
        }
        let middle = (turns.all + marks.events).enumerated().sorted {
            $0.element.time != $1.element.time ? $0.element.time < $1.element.time : $0.offset < $1.offset
        }.map(\.element)
        return TCPOpening.events(conversation, first: (firstPacket, account.firstTime ?? last.time), reused: reusingSYN)
            + middle
            + TCPEnding.events(
                conversation, reset: reset, hasICMPError: hasICMPError, acknowledgments: finAcknowledgments, last: last)
            + [
                StoryEvent(
                    .total(account), by: nil, PacketNumbers(firstPacket, last.packet),
                    at: account.firstTime ?? last.time, duration: account.duration)
            ]
    }

    @discardableResult
    /// Whether a segment acknowledges all that the other end has sent. The RST of an end that is not there any more
    /// acknowledges nothing (RFC 9293 section 3.5.2); a FIN alone may be that of shutdown(), after which data was still
    /// taken.
    private func hasTaken(_ reset: ObservedPacket, from sender: StoryEvent.Side) -> Bool {
        guard let tcp = reset.tcp, tcp.flags.contains(.ack),
            let next = (sender == .client ? clientSent : serverSent).next
        else { return false }
        return Int32(bitPattern: tcp.acknowledgment.rawValue &- next) >= 0
    }

    private mutating func withSent<R>(_ side: StoryEvent.Side, _ body: (inout SentSegments) -> R) -> R {
        side == .client ? body(&clientSent) : body(&serverSent)
    }
}
