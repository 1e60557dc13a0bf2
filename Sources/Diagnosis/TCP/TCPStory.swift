import Addressing
import Conversations
import Packets

/// The story of one TCP connection, told from its segments and their marks. Fed segment by segment; what it keeps is
/// bounded.
struct TCPStory: Sendable {
    private(set) var conversation: Conversation
    let stream: UInt32
    private var account: ConversationAccount
    private var turns = StoryTurns()
    var marks = StoryMarks()
    var clientSent = SentSegments()
    var serverSent = SentSegments()
    private var clientBytes = RecentBytes()
    private var serverBytes = RecentBytes()
    var duplicates: [Finding.Side: Run] = [:]
    var keepAlives: [Finding.Side: Run] = [:]
    var windows: [Finding.Side: Closed] = [:]
    private(set) var reset: StoryEvent?
    private var resetSequence: SequenceNumber?
    private var goesOnAfterReset: StoryEvent?
    private var hasICMPError = false
    /// The last packet with data from each end.
    private var lastData: [Finding.Side: Int] = [:]
    /// The last segment of each end that did not belong.
    private var strays: [Finding.Side: ObservedPacket] = [:]
    /// The last ACK that answered a SYN for another connection.
    var challenge: ObservedPacket?
    private var reusingSYN: (packet: Int, time: Timestamp)?
    private let firstPacket: Int
    private var last: (packet: Int, time: Timestamp)
    /// The first packet that acknowledges the FIN of each end.
    private(set) var finAcknowledgments: [Finding.Side: Int] = [:]

    /// Packets of one kind in a row.
    struct Run: Sendable {
        var packets: PacketNumbers
        var count = 1
        var answers = 0
        /// Whether the last of them was a keep-alive that waits for its answer.
        var isWaiting = true
        let start: Timestamp
        var end: Timestamp
    }

    struct Closed: Sendable {
        var packets: PacketNumbers
        var window = StoryEvent.ClosedWindow()
        let start: Timestamp
        var end: Timestamp
    }

    /// How far a connection has come.
    enum Stage: UInt8, Sendable {
        /// Nobody has answered so far.
        case attempt
        case open
        /// Both ends closed, or one of them reset the connection.
        case over
    }

    private var stage: Stage {
        guard let connection = conversation.connection else { return .open }
        return connection.isOver ? .over : connection.isUnanswered ? .attempt : .open
    }

    /// - Parameter stream: `tcp.stream`.
    init(first packet: ObservedPacket, stream: UInt32) {
        self.stream = stream
        conversation = Conversation(first: packet, keepingPackets: false)
        account = ConversationAccount(client: conversation.client)
        firstPacket = packet.number
        last = (packet.number, packet.time)
    }

    /// Takes a segment.
    /// - Parameter words: what its application layer says; asked for only where it is told.
    /// - Returns: how far the connection has come with it.
    mutating func take(
        _ packet: ObservedPacket, _ facts: TransportFacts, isFirst: Bool, words: borrowing StoryWords
    ) -> Stage {
        tell(packet, facts, isFirst: isFirst, words: words)
        return stage
    }

    private mutating func tell(
        _ packet: ObservedPacket, _ facts: TransportFacts, isFirst: Bool, words: borrowing StoryWords
    ) {
        guard let tcp = packet.tcp else { return }
        let side: Finding.Side = conversation.isFromClient(packet) ? .client : .server
        // A reset that answers the SYN wrongly is told with the handshake.
        if packet.verdict != .belongs, packet.verdict != .unbelievedReset {
            return takeForeign(packet, tcp, side, isFirst: isFirst)
        }
        if packet.accepts > 0 { accept(packet.accepts) }
        if facts.marks.contains(.reusedPorts), tcp.flags.contains(.syn), isFirst {
            reusingSYN = (packet.number, packet.time)
        }
        if !isFirst { conversation.add(packet) }
        noteLife(packet, tcp, side)
        if tcp.flags.contains(.rst) {
            noteReset(packet, tcp, side, PayloadText(words.payload))
        }
        account.add(packet)
        last = (packet.number, packet.time)
        let opening = tcp.flags.contains(.syn)
        if opening { withSent(side) { $0.open(at: tcp.sequence.rawValue &+ 1) } }
        let hasData =
            packet.payloadLength > 0 && !tcp.flags.contains(.rst)
            && facts.heeded.marks.isDisjoint(with: [.keepAlive, .zeroWindowProbe])
        let isConflict = hasData && noteConflict(packet, tcp, side, opening ? 1 : 0, words)
        note(facts, packet, tcp, side, isOther: isConflict)
        if hasData {
            takeData(packet, tcp, side, opening ? 1 : 0, words)
        } else if tcp.flags.contains(.fin) {
            turns.end(by: side, words)
        }
        // What a RST acknowledges nobody has taken.
        if tcp.flags.contains(.ack), !tcp.flags.contains(.rst) {
            turns.acknowledge(tcp.acknowledgment.rawValue, of: side.other, packet: packet.number, time: packet.time)
            noteFINAcknowledgment(tcp.acknowledgment, of: side.other, packet.number)
        }
    }

    private mutating func takeForeign(
        _ packet: ObservedPacket, _ tcp: TCPHeader, _ side: Finding.Side, isFirst: Bool
    ) {
        if !isFirst { conversation.add(packet) }
        strays[side] = packet
        // What answers the SYN instead of a SYN-ACK is told with the handshake.
        let handshake = conversation.connection?.handshake
        if [handshake?.challenge?.number, handshake?.challengeReset?.number].contains(packet.number) { return }
        // Who gets a SYN-ACK of what it has not sent resets that (RFC 9293 section 3.10.7.3).
        let answered = strays[side.other].flatMap { other in
            packet.verdict == .resetsStray && other.tcp?.flags.contains(.syn) == true
                && other.tcp?.acknowledgment == tcp.sequence ? other.number : nil
        }
        let kind = answered.map { StoryEvent.Kind.resetForeign($0) } ?? .foreign(packet.verdict, tcp.flags)
        marks.add(
            .foreign, kind, by: side, packet: packet.number, also: answered.map { [$0] } ?? [], at: packet.time)
    }

    /// A segment of an end that has reset the connection, with numbers behind those of its RST: who resets sends no
    /// more.
    private mutating func noteLife(_ packet: ObservedPacket, _ tcp: TCPHeader, _ side: Finding.Side) {
        guard !tcp.flags.contains(.rst), goesOnAfterReset == nil, let reset, reset.side == side,
            case .reset = reset.kind, let number = resetSequence,
            packet.sequenceLength > 0 ? number.precedes(tcp.sequence + packet.sequenceLength) : number == tcp.sequence
        else { return }
        goesOnAfterReset = StoryEvent(
            .goesOnAfterReset(reset: reset.packets.last), by: side, PacketNumbers(reset.packets.last, packet.number),
            at: packet.time)
    }

    /// A segment that seemed to lie outside of the window was taken: the capture has lost what lies before it.
    private mutating func accept(_ number: Int) {
        for (side, packet) in strays where packet.number == number {
            guard let tcp = packet.tcp else { continue }
            strays[side] = nil
            marks.takeBackForeign(number, by: side)
            var own = packet
            own.verdict = .belongs
            conversation.add(own)
            account.add(own)
            if packet.payloadLength > 0 { takeData(own, tcp, side, 0, StoryWords()) }
        }
    }

    /// Another connection took its ports over.
    mutating func noteSuccessor(_ other: Conversation, _ stream: UInt32) {
        conversation.noteSuccessor(other, stream)
    }

    /// The other end answered its SYN with an ACK of another connection.
    mutating func noteChallenge(_ packet: ObservedPacket, of stream: UInt32) {
        conversation.noteChallenge(packet, of: stream)
    }

    /// An ICMP error that quotes one of its segments.
    mutating func take(_ refusal: ICMPRefusal, at time: Timestamp) {
        marks.add(.icmpError, .icmp(refusal, syn: quotedSYN(refusal)), by: nil, packet: refusal.packet, at: time)
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
        _ packet: ObservedPacket, _ tcp: TCPHeader, _ side: Finding.Side, _ offset: UInt32,
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

    /// Bytes that were sent before, and come again as others.
    /// - Returns: whether there are such.
    private mutating func noteConflict(
        _ packet: ObservedPacket, _ tcp: TCPHeader, _ side: Finding.Side, _ offset: UInt32,
        _ words: borrowing StoryWords
    ) -> Bool {
        let sequence = tcp.sequence.rawValue &+ offset
        let found =
            side == .client
            ? clientBytes.take(sequence: sequence, words.payload, packet: packet.number)
            : serverBytes.take(sequence: sequence, words.payload, packet: packet.number)
        guard let conflict = found else { return false }
        let end = side == .client ? conversation.connection?.client : conversation.connection?.server
        let first = end?.initialSequence.map { SequenceNumber(conflict.sequence).relative(to: $0) } ?? conflict.sequence
        marks.add(
            .conflictingBytes, .conflictingBytes(first: first, conflict), by: side, packet: packet.number,
            also: [conflict.packet], at: packet.time)
        return true
    }

    // MARK: The end

    private mutating func noteFINAcknowledgment(_ number: SequenceNumber, of side: Finding.Side, _ packet: Int) {
        let end = side == .client ? conversation.connection?.client : conversation.connection?.server
        guard let fin = end?.finSequence, finAcknowledgments[side] == nil, !number.precedes(fin + 1) else { return }
        finAcknowledgments[side] = packet
    }

    /// - Parameter text: what the reset may carry to say why (RFC 9293 section 3.5.3).
    private mutating func noteReset(
        _ packet: ObservedPacket, _ tcp: TCPHeader, _ side: Finding.Side, _ text: PayloadText
    ) {
        guard let connection = conversation.connection else { return }
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
            // It ends nothing.
            let event = StoryEvent(.reset(.notBelieved), by: side, PacketNumbers(packet.number), at: packet.time)
            return marks.add(.foreign, event)
        }
        if let challenge, conversation.isFromClient(challenge) == (side == .server),
            challenge.tcp?.acknowledgment == tcp.sequence
        {
            cause = .halfOpen(syn: challenge.answers, answer: challenge.number)
            packets = [challenge.answers, challenge.number]
        } else if !text.isEmpty {
            cause = .said(text)
        } else if connection.beginsWithProbe, sender.initialSequence == nil || sender.nextSequence == nil {
            cause = .answerToProbe
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
        resetSequence = tcp.sequence
        reset = StoryEvent(.reset(cause), by: side, PacketNumbers(packets + [packet.number]), at: packet.time)
    }

    /// Everything that happened, in order.
    var events: [StoryEvent] {
        var copy = self
        return copy.finished()
    }

    private mutating func finished() -> [StoryEvent] {
        for side in [Finding.Side.client, .server] {
            endDuplicates(side)
            endKeepAlives(side)
            if let closed = windows.removeValue(forKey: side) { tell(closed, by: side, reopened: nil) }
        }
        let middle = (turns.all + marks.events).enumerated().sorted {
            $0.element.time != $1.element.time ? $0.element.time < $1.element.time : $0.offset < $1.offset
        }.map(\.element)
        return TCPOpening.events(conversation, first: (firstPacket, account.firstTime ?? last.time), reused: reusingSYN)
            + oneDirection + middle
            + TCPEnding.events(
                conversation, reset: reset, hasICMPError: hasICMPError, acknowledgments: finAcknowledgments, last: last)
            + [goesOnAfterReset].compactMap(\.self)
            + [
                StoryEvent(
                    .total(account), by: nil, PacketNumbers(firstPacket, last.packet),
                    at: account.firstTime ?? last.time, duration: account.duration)
            ]
    }

    /// Where one end's acknowledgments answer what is not in the capture: nothing of the other end is.
    private var oneDirection: [StoryEvent] {
        guard let connection = conversation.connection else { return [] }
        let missing: Finding.Side
        if account.fromServer.packets == 0, connection.client.acknowledged != nil {
            missing = .server
        } else if account.fromClient.packets == 0, connection.server.acknowledged != nil {
            missing = .client
        } else {
            return []
        }
        return [
            StoryEvent(
                .oneDirection(missing: missing), by: nil, PacketNumbers(firstPacket, last.packet),
                at: account.firstTime ?? last.time, duration: account.duration)
        ]
    }

    /// Whether a segment acknowledges all that the other end has sent. The RST of an end that is not there any more
    /// acknowledges nothing (RFC 9293 section 3.5.2); a FIN alone may be that of shutdown(), after which data was still
    /// taken.
    private func hasTaken(_ reset: ObservedPacket, from sender: Finding.Side) -> Bool {
        guard let tcp = reset.tcp, tcp.flags.contains(.ack),
            let next = (sender == .client ? clientSent : serverSent).next
        else { return false }
        return Int32(bitPattern: tcp.acknowledgment.rawValue &- next) >= 0
    }

    @discardableResult
    mutating func withSent<R>(_ side: Finding.Side, _ body: (inout SentSegments) -> R) -> R {
        side == .client ? body(&clientSent) : body(&serverSent)
    }
}
