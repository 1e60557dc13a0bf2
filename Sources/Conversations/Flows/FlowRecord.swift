import Addressing
import Packets

/// One conversation as `flows` counts it: a fixed number of bytes, however long it lasts.
public struct FlowRecord: JudgedContent {
    /// One way of a conversation.
    public struct Direction: Hashable, Sendable {
        /// Packets of this way.
        public internal(set) var packets: UInt32 = 0
        /// Packets with payload that had been sent before.
        public internal(set) var repeated: UInt32 = 0
        /// Bytes on the wire, link headers included.
        public internal(set) var bytes: UInt64 = 0
        /// The application's bytes, as often as they were sent.
        public internal(set) var payload: UInt64 = 0

        // What TCP's history needs to know.
        var next: UInt32 = 0
        var lastSYN: UInt32 = 0
        var lastFIN: UInt32 = 0
        var lastReset: UInt32 = 0
        var gaps: UInt32 = 0
        var closedWindows: UInt32 = 0
        var hasNext = false
    }

    /// The time of a packet that has none.
    static let unknownTime = Int64.min

    /// `tcp.stream` or `udp.stream`; for ICMP, a number of its own.
    public internal(set) var stream: UInt32
    /// The record's number of its first packet.
    public internal(set) var firstPacket: UInt32 = 0
    private var begin = unknownTime
    private var end = unknownTime
    /// The setting of the clock at the first packet with a time (`Timestamp.setting`), and whether it changed after.
    public private(set) var setting: UInt32 = 0
    private var crossesSettings = false
    /// What the end that opened sent.
    public internal(set) var originator = Direction()
    /// What the other end sent.
    public internal(set) var responder = Direction()
    /// Zeek's `history`.
    public internal(set) var history = FlowHistory()
    /// From the last SYN to the ACK that ended the handshake, in nanoseconds; nil where it was not seen.
    public internal(set) var handshake: Int64?
    /// Which way the originator's packets go.
    public internal(set) var originatorDirection: FlowDirection
    /// Who sent the first FIN; nil for nobody.
    public internal(set) var originatorClosedFirst: Bool?
    /// The ICMP error that answered: type and code.
    public internal(set) var icmpError: (type: UInt8, code: UInt8)?
    /// How often the SYN was sent again.
    public internal(set) var repeatedSYNs: UInt16 = 0

    /// The application that its first data speaks; nil for none that is known.
    public private(set) var application: LayerKind?
    /// How many packets with data may still tell it.
    private var untilSettled: UInt8 = 2

    /// Whether data are still to be asked which application speaks: the first of each end, mostly.
    @inline(__always) var seeksApplication: Bool { untilSettled > 0 }

    mutating func note(_ application: LayerKind?) {
        self.application = application
        untilSettled = application == nil ? untilSettled &- 1 : 0
    }

    var synTime: Int64?
    private var opening: Opening = []
    var ends = EndpointStates()
    var acceptance = SegmentAcceptance()
    /// Packets with its ports that do not belong to it.
    public internal(set) var foreign: UInt32 = 0

    init(stream: UInt32, originatorDirection: FlowDirection) {
        self.stream = stream
        self.originatorDirection = originatorDirection
    }

    /// Whether both ends sent their FIN before they had the other's.
    public var isClosedAtOnce: Bool { opening.contains(.closedAtOnce) }

    /// Before anything is counted: its first packet says who opened it.
    mutating func beginAnew(from originator: FlowDirection, isAnswer: Bool) {
        originatorDirection = originator
        history = FlowHistory()
        if isAnswer { history.turnRoles() }
    }

    /// Whether its SYN was answered with an ACK of another connection of the ports.
    public var isChallenged: Bool { opening.contains(.challenge) }

    /// The other end answered the SYN with an ACK of another connection.
    mutating func noteChallenge() { opening.insert(.challenge) }

    /// Packets of both ways.
    public var packets: UInt64 { UInt64(originator.packets) + UInt64(responder.packets) }
    /// Bytes of both ways on the wire.
    public var bytes: UInt64 { originator.bytes &+ responder.bytes }
    /// The first and the last packet's time, in nanoseconds since 1970; nil where no packet has one (Simple Packet
    /// Blocks have none).
    public var firstTime: Int64? { begin == Self.unknownTime ? nil : begin }
    /// The same of its last packet.
    public var lastTime: Int64? { end == Self.unknownTime ? nil : end }
    /// Nanoseconds from the first packet to the last; nil where no packet has a time, or the clock was set in between.
    public var duration: Int64? { begin == Self.unknownTime || crossesSettings ? nil : end &- begin }

    /// Zeek's `conn_state`.
    public func state(_ flowProtocol: FlowProtocol) -> ConnectionState {
        switch flowProtocol {
        case .tcp: ConnectionState(ends, hasPayload: originator.payload > 0 || responder.payload > 0, history: history)
        case .udp:
            originator.packets > 0 ? responder.packets > 0 ? .sf : .s0 : responder.packets > 0 ? .shr : .oth
        default: .oth
        }
    }

    mutating func count(wire: Int, payload: UInt32, fromOriginator: Bool, packet: UInt32, time: Int64, setting: UInt32)
    {
        if firstPacket == 0 {
            firstPacket = packet
            (begin, end, self.setting) = (time, time, setting)
        } else if begin == Self.unknownTime {
            (begin, end, self.setting) = (time, time, setting)
        } else if setting != self.setting {
            crossesSettings = true
        } else if time != Self.unknownTime {
            begin = min(begin, time)
            end = max(end, time)
        }
        if fromOriginator { Self.count(wire, payload, &originator) } else { Self.count(wire, payload, &responder) }
    }

    /// Counts packets whose payload came with another.
    mutating func count(_ earlier: EarlierFragments, fromOriginator: Bool) {
        func add(_ direction: inout Direction) {
            direction.packets &+= earlier.packets
            direction.bytes &+= UInt64(earlier.wireBytes)
        }
        if fromOriginator { add(&originator) } else { add(&responder) }
    }

    @inline(__always)
    private static func count(_ wire: Int, _ payload: UInt32, _ direction: inout Direction) {
        direction.packets &+= 1
        direction.bytes &+= UInt64(truncatingIfNeeded: wire)
        direction.payload &+= UInt64(payload)
    }

    /// Moves states and history on with a segment.
    mutating func note(_ segment: AnalyzedSegment, fromOriginator: Bool) {
        let flags = segment.flags
        // A window of 0 means nothing once the other end has sent its last byte, or this one has reset the connection.
        let before = fromOriginator ? (ends.originator, ends.responder) : (ends.responder, ends.originator)
        let isWindowTold = before.1 != .closed && before.0 != .reset
        if fromOriginator {
            Self.note(
                segment, true, &originator, &responder, &history, isWindowTold: isWindowTold,
                isReset: before.0 == .reset)
        } else {
            Self.note(
                segment, false, &responder, &originator, &history, isWindowTold: isWindowTold,
                isReset: before.0 == .reset)
        }
        ends.take(flags, length: segment.length, fromOriginator: fromOriginator)
        if flags.contains(.ack), !flags.contains(.rst) {
            let isGap = fromOriginator ? Self.noteGap(segment, &responder) : Self.noteGap(segment, &originator)
            if isGap, ends.areEstablishedOrCleanlyClosing {
                if fromOriginator {
                    Self.scaled(&responder.gaps, .gap, false, &history)
                } else {
                    Self.scaled(&originator.gaps, .gap, true, &history)
                }
            }
        }
        if flags.contains(.fin) { noteClosing(segment, fromOriginator: fromOriginator) }
        if handshake == nil { noteOpening(segment, fromOriginator: fromOriginator) }
    }

    /// Who closed first, and whether the second to close knew of the first's FIN.
    private mutating func noteClosing(_ segment: AnalyzedSegment, fromOriginator: Bool) {
        guard let originatorClosedFirst else {
            self.originatorClosedFirst = fromOriginator
            return
        }
        guard originatorClosedFirst != fromOriginator, !opening.contains(.closed) else { return }
        opening.insert(.closed)
        let fin = fromOriginator ? responder.lastFIN : originator.lastFIN
        if !segment.flags.contains(.ack) || segment.acknowledgment.isNotAfter(fin) { opening.insert(.closedAtOnce) }
    }

    /// What was seen of the handshake and of the end.
    private struct Opening: OptionSet {
        let rawValue: UInt8
        /// The responder's SYN-ACK.
        static let answer = Opening(rawValue: 1)
        /// The responder's own SYN: both opened at once (RFC 9293 section 3.5, figure 7).
        static let crossing = Opening(rawValue: 2)
        /// The originator's SYN-ACK, in answer to that.
        static let ownAnswer = Opening(rawValue: 4)
        /// An ACK of another connection, in answer to the SYN.
        static let challenge = Opening(rawValue: 8)
        /// FINs of both ends.
        static let closed = Opening(rawValue: 16)
        /// The second of them was sent before the first had come (RFC 9293 section 3.6, figure 13).
        static let closedAtOnce = Opening(rawValue: 32)
    }

    /// The handshake is over with the ACK of the SYN-ACK; where both opened at once, with the second SYN-ACK.
    private mutating func noteOpening(_ segment: AnalyzedSegment, fromOriginator: Bool) {
        let flags = segment.flags
        if flags.contains(.syn) {
            if flags.contains(.ack) {
                opening.insert(fromOriginator ? .ownAnswer : .answer)
                if opening == [.answer, .crossing, .ownAnswer] { endHandshake(at: segment.time) }
            } else if fromOriginator {
                if synTime != nil, repeatedSYNs < .max { repeatedSYNs &+= 1 }
                synTime = segment.time
            } else {
                opening.insert(.crossing)
            }
        } else if fromOriginator, opening.contains(.answer), flags.contains(.ack), !flags.contains(.rst) {
            endHandshake(at: segment.time)
        }
    }

    private mutating func endHandshake(at time: Int64) {
        guard let synTime, synTime != Self.unknownTime, time != Self.unknownTime, !crossesSettings, time >= synTime
        else { return }
        handshake = time &- synTime
    }

    private static func note(
        _ segment: AnalyzedSegment, _ isOriginator: Bool, _ sender: inout Direction, _ receiver: inout Direction,
        _ history: inout FlowHistory,
        isWindowTold: Bool, isReset: Bool
    ) {
        let flags = segment.flags
        if flags.isDisjoint(with: [.syn, .fin, .rst]) {
            if segment.length > 0 {
                history.note(.data, fromOriginator: isOriginator)
            } else if flags.contains(.ack) {
                history.note(.ack, fromOriginator: isOriginator)
            }
        } else {
            noteControl(segment, isOriginator, &sender, &history)
        }
        if segment.window == 0, isWindowTold, !flags.contains(.rst) {
            scaled(&sender.closedWindows, .zeroWindow, isOriginator, &history)
        }
        // What a reset carries is no part of the stream, and after one nothing is.
        if flags.contains(.rst) || isReset { return }
        let end = segment.end
        if !sender.hasNext || end.isAfter(sender.next) {
            sender.next = end
            sender.hasNext = true
        } else if segment.length > 0 {
            sender.repeated &+= 1
            if isPowerOfTen(sender.repeated) { history.append(.retransmission, fromOriginator: isOriginator) }
        }
    }

    /// An acknowledgment of what was not captured.
    private static func noteGap(_ segment: AnalyzedSegment, _ receiver: inout Direction) -> Bool {
        guard receiver.hasNext, segment.acknowledgment.isAfter(receiver.next) else { return false }
        receiver.next = segment.acknowledgment
        return true
    }

    /// SYN, FIN and RST: noted again when they carry another number than the one before.
    private static func noteControl(
        _ segment: AnalyzedSegment, _ isOriginator: Bool, _ sender: inout Direction, _ history: inout FlowHistory
    ) {
        let flags = segment.flags
        if flags.contains([.fin, .rst]) {
            history.note(.inconsistent, fromOriginator: isOriginator)
        } else if flags.contains(.syn), !flags.isDisjoint(with: [.fin, .rst]) {
            history.note(.multiFlag, fromOriginator: isOriginator)
        } else if flags.contains(.syn) {
            let event = flags.contains(.ack) ? FlowHistory.Event.synACK : .syn
            if history.note(event, fromOriginator: isOriginator), segment.sequence != sender.lastSYN {
                history.append(event, fromOriginator: isOriginator)
            }
            sender.lastSYN = segment.sequence
        } else if flags.contains(.fin) {
            let end = segment.sequence &+ segment.length
            if history.note(.fin, fromOriginator: isOriginator), end != sender.lastFIN {
                history.append(.fin, fromOriginator: isOriginator)
            }
            sender.lastFIN = end
        } else {
            if history.note(.reset, fromOriginator: isOriginator), segment.sequence != sender.lastReset {
                history.append(.reset, fromOriginator: isOriginator)
            }
            sender.lastReset = segment.sequence
        }
    }

    private static func scaled(
        _ count: inout UInt32, _ event: FlowHistory.Event, _ isOriginator: Bool, _ history: inout FlowHistory
    ) {
        count &+= 1
        if isPowerOfTen(count) { history.append(event, fromOriginator: isOriginator) }
    }

    private static func isPowerOfTen(_ number: UInt32) -> Bool {
        switch number {
        case 1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000: true
        default: false
        }
    }
}
