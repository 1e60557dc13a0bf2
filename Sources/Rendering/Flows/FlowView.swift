import Addressing
import Conversations
import Packets
import Text

/// A flow as its line tells it: who is who, and what became of it.
struct FlowView {
    let record: FlowRecord
    let flowProtocol: FlowProtocol
    let originator: Endpoint
    let responder: Endpoint
    let state: ConnectionState
    private let key: FlowKey

    init(_ key: FlowKey, _ record: FlowRecord) {
        self.key = key
        self.record = record
        flowProtocol = key.flowProtocol
        let fromLower = record.originatorDirection == .lowerToUpper
        originator = fromLower ? key.lower : key.upper
        responder = fromLower ? key.upper : key.lower
        state = record.state(key.flowProtocol)
    }

    var hasPorts: Bool { flowProtocol == .tcp || flowProtocol == .udp }
    var communityID: String { CommunityID.text(key) }
    /// What the port is registered for; of a port that is not, what was spoken there.
    var service: String? {
        ServiceNames.name(responder.port, flowProtocol).map { "\($0)" }
            ?? record.application?.protocolDescription?.name
    }

    /// What became of it, in two or three words.
    var outcome: StaticString {
        if record.icmpError != nil, record.responder.packets == 0 { return "unreachable" }
        switch flowProtocol {
        case .tcp: return tcpOutcome
        case .udp:
            return record.responder.packets == 0
                ? responder.address.isGroup ? "to a group" : "no answer"
                : record.originator.packets == 0 ? "answers only" : "answered"
        case .icmp, .icmpv6: return record.responder.packets == 0 ? "no answer" : "answered"
        case .icmpOneWay, .icmpv6OneWay: return "one way"
        }
    }

    /// By Zeek's state, but never more than the history shows: a lone RST is no answer to a SYN.
    private var tcpOutcome: StaticString {
        let history = record.history
        return switch state {
        // Who acknowledges something has had an answer that was not captured.
        case .s0: history.hasAny(of: "AD") ? "one way seen" : record.isChallenged ? "challenge ACK alone" : "no answer"
        case .s1: history.hasAny(of: "hH") && !history.hasAny(of: "ADFadf") ? "never confirmed" : "established"
        case .sf:
            record.isClosedAtOnce
                ? "closed by both" : record.originatorClosedFirst == false ? "closed by server" : "closed by client"
        case .rej: history.hasAny(of: "S") ? "refused" : "reset by both"
        case .s2: "half-closed by client"
        case .s3: "half-closed by server"
        case .rsto: "reset by client"
        case .rstr: "reset by server"
        case .rstos0: "given up by client"
        case .rstrh:
            history.hasAny(of: "h") && !history.hasAny(of: "da")
                ? "SYN-ACK, then reset" : history.isOnly("r^") ? "a reset alone" : "reset by server"
        case .sh: history.hasAny(of: "S") && !history.hasAny(of: "DA") ? "SYN, then FIN" : "FIN of the client"
        case .shr: history.hasAny(of: "h") && !history.hasAny(of: "da") ? "SYN-ACK, then FIN" : "FIN of the server"
        case .oth:
            history.isOnly("Rr^")
                ? "a reset alone" : history.hasAny(of: "R") ? "reset by client" : "seen in the middle"
        }
    }

    func writeOriginator<Sink: TextSink & ~Copyable>(to sink: inout Sink) { Self.write(originator, hasPorts, &sink) }
    func writeResponder<Sink: TextSink & ~Copyable>(to sink: inout Sink) { Self.write(responder, hasPorts, &sink) }

    private static func write<Sink: TextSink & ~Copyable>(_ end: Endpoint, _ hasPorts: Bool, _ sink: inout Sink) {
        if hasPorts { return end.write(to: &sink) }
        write(end.address, to: &sink)
    }

    static func write<Sink: TextSink & ~Copyable>(_ address: IPAddress, to sink: inout Sink) {
        switch address {
        case .v4(let address): address.write(to: &sink)
        case .v6(let address): address.write(to: &sink)
        }
    }
}

/// Counts what would be written: for widths of columns.
struct WidthCounter: TextSink {
    var width = 0

    mutating func append(ascii byte: UInt8) { width &+= 1 }
}
