import Packets

/// What one end of a connection has shown so far: the states that Zeek's `conn_state` is made from. They follow what is
/// seen on the wire, unlike RFC 9293's, which follow what an end knows.
enum EndpointState: UInt8, Sendable {
    case inactive
    case synSent
    case synACKSent
    /// Seen in the middle, without its SYN.
    case partial
    case established
    case closed
    case reset

    var isInactive: Bool { self == .inactive || self == .partial }
}

/// The states of both ends, moved by each segment as Zeek moves them (its `TCPSessionAdapter::UpdateStateMachine`).
struct EndpointStates: Sendable {
    var originator = EndpointState.inactive
    var responder = EndpointState.inactive
    private var originatorBefore = EndpointState.inactive
    private var responderBefore = EndpointState.inactive

    /// Whether the handshake was seen, and nobody left but with a FIN: only then is something missing said to be a gap,
    /// which at the end of a connection it often is not.
    var areEstablishedOrCleanlyClosing: Bool {
        switch (originator, responder) {
        case (.established, .established): true
        case (.established, .closed): responderBefore == .established
        case (.closed, .established): originatorBefore == .established
        default: false
        }
    }

    mutating func take(_ flags: TCPFlags, length: UInt32, fromOriginator: Bool) {
        if fromOriginator {
            Self.move(flags, length, true, &originator, &originatorBefore, &responder, &responderBefore)
        } else {
            Self.move(flags, length, false, &responder, &responderBefore, &originator, &originatorBefore)
        }
    }

    private static func move(
        _ flags: TCPFlags, _ length: UInt32, _ isOriginator: Bool, _ end: inout EndpointState,
        _ before: inout EndpointState,
        _ peer: inout EndpointState, _ peerBefore: inout EndpointState
    ) {
        func set(_ state: EndpointState) {
            before = end
            end = state
        }
        switch end {
        case .inactive:
            if flags.contains(.syn) {
                if isOriginator {
                    set(flags.contains(.ack) ? .synACKSent : .synSent)
                } else {
                    if peer == .synSent {
                        peerBefore = peer
                        peer = .established
                    }
                    set(.established)
                }
            }
            if flags.contains(.fin) { set(.closed) }
            if flags.contains(.rst) { set(.reset) }
            guard end == .inactive else { break }
            if !isOriginator, length == 0, peer == .synSent {
                // An ACK of the SYN alone, before the SYN-ACK, is no connection yet.
            } else if flags.contains(.ack), peer == .established {
                // The responder's SYN-ACK was answered: only the SYN was not captured.
                set(.established)
            } else {
                set(.partial)
            }
        case .synSent, .synACKSent:
            if flags.contains(.fin) { set(.closed) }
            if flags.contains(.rst) { set(.reset) }
        case .established, .partial:
            if flags.contains(.syn), end == .partial, peer == .inactive, !flags.contains(.ack) { set(.synSent) }
            if flags.contains(.fin), !flags.contains(.rst) {
                set(.closed)
                // FIN and then RST: a normal end after all.
                if peer == .reset, peerBefore == .closed { peer = .closed }
            }
            if flags.contains(.rst) { set(.reset) }
        case .closed:
            if flags.contains(.rst), peer != .closed { set(.reset) }
        case .reset:
            break
        }
    }
}

/// How a flow stands or ended: Zeek's `conn_state`.
public enum ConnectionState: UInt8, Hashable, Sendable {
    /// Tried, no answer.
    case s0
    /// Established, not ended.
    case s1
    /// Established and ended normally.
    case sf
    /// Tried and rejected.
    case rej
    /// Established; the originator closed, the responder did not.
    case s2
    /// Established; the responder closed, the originator did not.
    case s3
    /// Established; the originator aborted.
    case rsto
    /// The responder aborted.
    case rstr
    /// The originator sent a SYN and then a RST; no SYN-ACK was seen.
    case rstos0
    /// The responder sent a SYN-ACK and then a RST; no SYN was seen.
    case rstrh
    /// The originator sent a SYN and then a FIN; no SYN-ACK was seen.
    case sh
    /// The responder sent a SYN-ACK and then a FIN; no SYN was seen.
    case shr
    /// None of these: no SYN seen, traffic in the middle.
    case oth

    /// Zeek's name for it.
    public var name: StaticString {
        switch self {
        case .s0: "S0"
        case .s1: "S1"
        case .sf: "SF"
        case .rej: "REJ"
        case .s2: "S2"
        case .s3: "S3"
        case .rsto: "RSTO"
        case .rstr: "RSTR"
        case .rstos0: "RSTOS0"
        case .rstrh: "RSTRH"
        case .sh: "SH"
        case .shr: "SHR"
        case .oth: "OTH"
        }
    }

    init(_ ends: EndpointStates, hasPayload: Bool, history: FlowHistory) {
        let (o, r) = (ends.originator, ends.responder)
        self =
            if r == .reset {
                o == .synSent || o == .synACKSent || o == .reset && !hasPayload ? .rej : o.isInactive ? .rstrh : .rstr
            } else if o == .reset {
                !r.isInactive ? .rsto : Self.isOnlySYNThenReset(history) ? .rstos0 : .oth
            } else if o == .closed, r == .closed {
                .sf
            } else if o == .closed {
                r.isInactive ? .sh : .s2
            } else if r == .closed {
                o.isInactive ? .shr : .s3
            } else if o == .synSent, r == .inactive {
                .s0
            } else if o == .established, r == .established {
                .s1
            } else {
                .oth
            }
    }

    /// S, then R, and in between nothing of the originator's that shows a connection.
    private static func isOnlySYNThenReset(_ history: FlowHistory) -> Bool {
        var letters = history.letters[...]
        if letters.first == 94 { letters = letters.dropFirst() }
        guard letters.first == 83, let reset = letters.firstIndex(of: 82) else { return false }
        return letters[..<reset].dropFirst().allSatisfy { ![72, 65, 70, 71, 73, 81].contains($0) }
    }
}
